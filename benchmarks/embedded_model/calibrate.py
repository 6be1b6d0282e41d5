"""Measures where a model's knowledge ends, and writes it into the card of its export.

    python benchmarks/embedded_model/calibrate.py FOLDER [--tasks 120]

Requests of the families that were taught (other parameters, and other wordings than the lessons',
with and without a signature) stand against those of `outside.txt`. What decides is fitted to
both; the shares of wrong decisions in the card are of requests that it was not fitted to (five
parts in turn). Held-out families and the phases, also in a stranger's words, are told beside them:
they are neither taught nor foreign, and nothing is fitted to them.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from lift_sys_embedded.domain import Signs, asked_beforehand, signs
from lift_sys_embedded.drawing import draw
from lift_sys_embedded.files import CARD, Domain, Model, load
from lift_sys_scratch.exams import exams
from lift_sys_scratch.suites import Suites
from lift_sys_scratch.trainer import EXAM_SEED

from lift_sys.data.dialect import ask_specification
from lift_sys.ir import Parameter, Signature

HERE = Path(__file__).parent
OUTSIDE = HERE / "outside.txt"
REWORDED = HERE / "phases_reworded.jsonl"
TAUGHT = ("unseen parameters", "unseen wordings")
ANY = Signature(name="solve", parameters=(Parameter(name="value", type="str"),), returns="str")
"""Given with half of the foreign requests: their signature is no help to tell them by."""
PARTS = 5

Asked = tuple[str, Signature | None]


@dataclass(frozen=True)
class Seen:
    signs: Signs
    is_taught: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="of an export")
    parser.add_argument("--tasks", type=int, default=120, help="of each cell")
    given = parser.parse_args()
    model = load(given.folder)
    groups = {name: seen(model, asked) for name, asked in requests(given.tasks).items()}
    taught = [Seen(one, True) for name in TAUGHT for one in groups[name]]
    every = [*taught, *(Seen(one, False) for one in groups["outside"])]
    limits = fitted(every)
    refused = {
        name: share([one.doubt(limits) > 0 for one in some])
        for name, some in groups.items()
        if name not in (*TAUGHT, "outside")
    }
    measured = {
        "taught, refused": crossed(every, True),
        "outside, answered": crossed(every, False),
        "refused": refused,
        "requests": {name: len(some) for name, some in groups.items()},
    }
    path = given.folder / CARD
    card = json.loads(path.read_text(encoding="utf-8"))
    card["domain"] = {"limits": limits.model_dump(mode="json"), "measured": measured}
    path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(card["domain"], indent=1))


def requests(tasks: int) -> Mapping[str, Sequence[Asked]]:
    """With and without their signature, where there is one to give."""
    found: dict[str, list[Asked]] = {}
    phases = [*Suites.named(["phases"]).exams()]
    for exam in [*exams(EXAM_SEED, tasks), *phases]:
        request = exam.task.request
        found.setdefault(exam.cell, []).extend([(request, exam.task.signature), (request, None)])
    signatures = {exam.task.id: exam.task.signature for exam in phases}
    for line in REWORDED.read_text(encoding="utf-8").splitlines():
        told: dict[str, Any] = json.loads(line)
        pinned = signatures[told["task"]]
        asked = found.setdefault("phases in other words", [])
        asked.extend([(told["request"], pinned), (told["request"], None)])
    for request in OUTSIDE.read_text(encoding="utf-8").splitlines():
        found.setdefault("outside", []).extend([(request, ANY), (request, None)])
    return found


def seen(model: Model, asked: Sequence[Asked]) -> list[Signs]:
    prompts = [ask_specification(request, signature) for request, signature in asked]
    drawn = draw(model.network, [asked_beforehand(prompt, model) for prompt in prompts])
    return [
        signs(prompt, model.vocabulary, one) for prompt, one in zip(prompts, drawn, strict=True)
    ]


def fitted(every: Sequence[Seen]) -> Domain:
    """Logistic regression, both kinds weighing the same."""
    table = np.array([[1.0, one.signs.unknown, -one.signs.logprob] for one in every])
    outside = np.array([not one.is_taught for one in every], dtype=float)
    share_outside = outside.mean()
    weight = np.where(outside == 1, 0.5 / share_outside, 0.5 / (1 - share_outside))
    found = np.zeros(3)
    for _ in range(50):
        guess = 1 / (1 + np.exp(-table @ found))
        slope = table.T @ (weight * (guess - outside)) + 0.01 * found
        bend = (table * (weight * guess * (1 - guess))[:, None]).T @ table + 0.01 * np.eye(3)
        found -= np.linalg.solve(bend, slope)
    bias, unknown, logprob = (round(float(value), 3) for value in found)
    return Domain(bias=bias, unknown=unknown, logprob=logprob)


def crossed(every: Sequence[Seen], is_taught: bool) -> str:
    """The wrong decisions about requests that were left out of the fit; a request stays whole."""
    wrong: list[bool] = []
    for part in range(PARTS):
        left_out = [place // 2 % PARTS == part for place in range(len(every))]
        rest = [one for one, out in zip(every, left_out, strict=True) if not out]
        limits = fitted(rest)
        wrong += [
            (one.signs.doubt(limits) > 0) == is_taught
            for one, out in zip(every, left_out, strict=True)
            if out and one.is_taught == is_taught
        ]
    return share(wrong)


def share(marks: Sequence[bool]) -> str:
    return f"{sum(marks)} of {len(marks)}"


if __name__ == "__main__":
    main()
