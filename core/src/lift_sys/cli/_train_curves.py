"""Curves of trainings as a person reads them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import InputError
from ..nearest import nearest
from ..store import Curves, TrainingSummary
from ..training_journal import Point
from ._train_watched import training_named


def chosen(curves: Curves, named: str) -> str:
    """By its folder, or by a part of it that no other has. Raises InputError."""
    names = [one.training for one in curves.trainings()]
    whole = training_named(Path(named))
    found = [whole] if whole in names else [name for name in names if named in name]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            f"{len(found)} trainings have {named!r:.60} in their names",
            remedy="give more of it, or the folder",
        )
    raise InputError(f"no training is called {named!r:.60}", remedy=nearest(named, names))


def rows_of_trainings(found: Sequence[TrainingSummary]) -> list[list[str]]:
    head = ["recorded", "step", "trials", "training"]
    return [head, *([one.at[:19], f"{one.step:,}", str(one.trials), one.training] for one in found)]


def rows_of_points(points: Sequence[Point]) -> Iterator[list[str]]:
    """A curve a row."""
    each: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for one in points:
        each[one.trial, one.name].append(one)
    yield ["trial", "curve", "points", "first", "last", "lowest", "highest"]
    for (trial, name), found in each.items():
        values = [one.value for one in found]
        ends = (values[0], values[-1], min(values), max(values))
        yield [trial or "-", name, str(len(found)), *(f"{value:.4g}" for value in ends)]
