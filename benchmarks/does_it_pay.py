"""Does test-time compute pay? Draws pools of a model's attempts, and makes docs/does-it-pay.md.

    python benchmarks/does_it_pay.py draw FOLDER [--tasks 400] [--processes 2] [--minutes 25]
    python benchmarks/does_it_pay.py page FOLDER

`draw` makes 32 whole attempts at each task and temperature, then runs what no pool can show, then
grades by the hidden tests; stopped, or when its time is up, the same command goes on. `page` asks
no model: it counts what is in FOLDER, on the tasks that have all pools, into
benchmarks/results/does_it_pay.json, and makes the page and its pictures of that.

Another model: `--provider '{"use": "openai", "model": "..."}'`, and `--small` for the cascade.
"""

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paying.drawing import draw_pools, read_pool, workers
from paying.figures import figures
from paying.grading import grade_pools
from paying.page import write_page
from paying.runs import run_all

from lift_sys.evaluation.apart import read_apart
from lift_sys.evaluation.selection import part_of
from lift_sys.interfaces import Task
from lift_sys.pipeline.alone import NoParts
from lift_sys.plugins import PluginManager

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "benchmarks" / "results" / "does_it_pay.json"
TEMPERATURES = (0.2, 0.5, 0.8, 1.0)
PRICES = {"base": 1.0, "small": 0.3}
"""US dollars per million tokens, made up, so that costs can be compared."""


def embedded(model: str) -> dict[str, Any]:
    price = PRICES[model]
    return {
        "use": "embedded",
        "model": model,
        "refuse": False,
        "price": {"input": price, "output": price},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("draw", "page"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tasks", type=int, default=400)
    parser.add_argument("--draws", type=int, default=32)
    parser.add_argument("--temperatures", type=float, nargs="+", default=TEMPERATURES)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--minutes", type=float, default=24 * 60, help="for the pools")
    parser.add_argument("--no-runs", action="store_true", help="leave out refine, cascades, ...")
    parser.add_argument("--provider", type=json.loads, default=embedded("base"))
    parser.add_argument("--small", type=json.loads, default=embedded("small"))
    given = parser.parse_args()
    folder: Path = given.folder.resolve()
    if given.what == "page":
        found = figures(folder)
        DATA.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        write_page(ROOT, found)
        return
    options, tasks = suite(given.tasks)
    models = {"base": model_of(given.provider), "small": model_of(given.small)}
    told = {
        "models": models,
        "prices": PRICES,
        "draws": given.draws,
        "temperatures": list(given.temperatures),
        "tasks": [task.id for task in tasks],
    }
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "drawn.json"
    before = json.loads(note.read_bytes()) if note.exists() else told
    if (before["models"], before["draws"]) != (models, given.draws):
        raise SystemExit(
            f"{folder} holds {before['draws']} draws of {before['models']['base']}, and these "
            f"would be {given.draws} of {models['base']}: name another folder"
        )
    note.write_text(json.dumps(told), encoding="utf-8")
    draw(folder, given, options, tasks)


def model_of(provider: dict[str, Any]) -> str:
    manager = PluginManager.installed()
    component = manager.component("providers", provider["use"])
    stated = {name: value for name, value in provider.items() if name != "use"}
    options = component.options.model_validate(stated)
    return manager.build(component, options, NoParts("provider", "", "")).capabilities().model


def suite(count: int) -> tuple[dict[str, Any], list[Task]]:
    """The options of the suite that has just so many tasks of taught families, and these."""
    found = read_apart("generated", {"count": count * 8 // 5 + 30}).tasks
    places = [place for place, task in enumerate(found) if part_of(task) == "in_family"][:count]
    if len(places) < count:
        raise SystemExit(f"there are no {count} tasks; at most {len(places)}")
    return {"count": places[-1] + 1}, [found[place] for place in places]


def draw(
    folder: Path, given: argparse.Namespace, options: dict[str, Any], tasks: Sequence[Task]
) -> None:
    draw_pools(
        folder,
        given.provider,
        tasks,
        given.temperatures,
        given.draws,
        given.processes,
        given.minutes,
    )
    pools = [
        pool
        for temperature in given.temperatures
        for task in tasks
        if (pool := read_pool(folder, temperature, task.id)) is not None
    ]
    with workers(given.processes) as executor:
        grade_pools(folder, options, tasks, pools, executor)
    if not given.no_runs:
        names = [task.id for task in tasks]
        run_all(folder, given.provider, given.small, options["count"], names, given.processes)


if __name__ == "__main__":
    main()
