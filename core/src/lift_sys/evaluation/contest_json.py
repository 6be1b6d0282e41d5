"""A comparison as a document."""

from typing import Any, Final

from .contest_text import doubts, verdict
from .contests import Contest, Duel, Side
from .summaries import plain

FORM: Final = 1


def contest_document(found: Contest) -> dict[str, Any]:
    return {
        "version": FORM,
        "suite": found.suite.model_dump(mode="json"),
        "tasks": found.tasks,
        "tests": found.tests,
        "n": found.n,
        "seed": found.seed,
        "verdicts": [verdict(duel) for duel in found.duels],
        "sides": [_side(side) for side in found.sides],
        "comparisons": [_duel(duel) for duel in found.duels],
        "notes": list(found.notes),
    }


def _side(side: Side) -> dict[str, Any]:
    left = {"costs", "times", "categories"}
    told = {name: each for name, each in plain(side).items() if name not in left}
    return {**told, "categories": {name: plain(each) for name, each in side.categories}}


def _duel(duel: Duel) -> dict[str, Any]:
    names = [name for name in Duel.__dataclass_fields__ if name != "made_of"]
    return {
        **{name: plain(getattr(duel, name)) for name in names},
        "decided": duel.decided,
        "verdict": verdict(duel),
        "doubts": [said.strip() for said in doubts(duel)],
        "config": plain(duel.made_of),
    }
