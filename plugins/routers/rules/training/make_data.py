"""Writes the requests that the classifier is trained on, and those that it is held against.

    python plugins/routers/rules/training/make_data.py

Training: requests of the generated suite's training families, in the wordings for training. Held
out: its families and wordings that are kept for evaluation, the 18 functions of the phases, and the
functions of this repository's own test corpus.
"""

import importlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lift_sys.data.families.concept import Family
from lift_sys.data.families.registry import families
from lift_sys.data.made import dice_for, make
from lift_sys.data.wording.library import kept, training
from lift_sys.data.wording.render import Wording, render
from lift_sys.interfaces import Task
from lift_sys.plugins import PluginManager

HERE = Path(__file__).parent
EACH = 24
KEPT = 4
SEED = 4711


def generated(*, held_out: bool, each: int) -> Iterator[dict[str, str]]:
    wordings = kept() if held_out else training()
    for family in families():
        if family.held_out != held_out:
            continue
        found = {_worded(family, wordings[family.name], n) for n in range(each)}
        for request in sorted(found):
            yield {"request": request, "category": family.category, "from": family.name}


def _worded(family: Family, wording: Wording, number: int) -> str:
    made = make(family, SEED, number)
    return render(made.concept, wording, dice_for("rules", made.family.name, SEED, number))


def known(name: str, tasks: Iterable[Task]) -> Iterator[dict[str, str]]:
    for task in tasks:
        yield {"request": task.request, "category": task.category or "", "from": name}


def write(name: str, lines: list[dict[str, str]]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (HERE / name).write_text(text, encoding="utf-8")


def main() -> None:
    sys.path.insert(0, str(HERE.parents[3] / "tests" / "corpus"))
    corpus: Any = importlib.import_module("lift_corpus")
    manager = PluginManager.installed()
    phases = manager.component("data_sources", "phases")
    parts: Any = None
    source: Any = manager.build(phases, phases.options(), parts)
    write("training.jsonl", list(generated(held_out=False, each=EACH)))
    held_out = [{**line, "from": "generated"} for line in generated(held_out=True, each=KEPT)]
    held_out += known("phases", source.tasks())
    held_out += known("corpus", (function.task for function in corpus.corpus()))
    write("held_out.jsonl", held_out)


if __name__ == "__main__":
    main()
