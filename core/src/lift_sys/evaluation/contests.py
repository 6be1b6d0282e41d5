"""Two sides or more on the same tasks, task by task: all that is counted, as frozen values.

Every side is held against the first. What is lost or was not run counts as wrong.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final, NamedTuple

from ..interfaces import Suite
from .arms import Arm, arms_of, config_changes, notes_of
from .config_changes import Change
from .flips import Flips, flips_of
from .paired import ALPHA, Pairing, detectable, holm, mcnemar, needed
from .ratios import Estimate, mean_share, percentiles, ratio
from .reports import known
from .results import Evaluation, Row

SHARES: Final = (0.5, 0.9, 0.95)


class Side(NamedTuple):
    name: str
    runs: tuple[str, ...]
    right: Estimate
    usd: Estimate
    """A task."""
    per_right: Estimate | None
    seconds: tuple[float, ...]
    """The percentiles of SHARES."""
    costs: tuple[float, ...]
    """By task, as all that follows."""
    times: tuple[float, ...]
    categories: tuple[tuple[str, Estimate], ...]
    lost: int
    not_run: int
    unpriced: int
    front: bool
    """Whether no other side is at least as good for as little, and better in one of them."""


class CellDuel(NamedTuple):
    category: str
    difficulty: str
    n: int
    before: float
    after: float
    broken: int
    mended: int
    p: float
    p_holm: float
    """Adjusted for all cells of all comparisons."""


@dataclass(frozen=True, slots=True)
class Duel:
    """One side against the first."""

    one: str
    other: str
    difference: Estimate
    """Share right of the other, less that of the first."""
    p: float
    p_holm: float
    """Adjusted for the number of comparisons."""
    test: str
    flips: Flips
    cost: Estimate | None
    """A task's, by that of the first. None: one of them cost nothing."""
    per_right: Estimate | None
    seconds: Estimate | None
    cells: tuple[CellDuel, ...]
    detectable: float | None
    """The difference that would have been seen in 8 of 10 such comparisons."""
    needed: int | None
    """Tasks that would show the difference that was measured in 8 of 10."""
    unlost: Estimate | None
    """The difference over tasks that neither side lost. None: nothing was lost."""
    unfinished: int
    """Tasks that one of them was not run to the end of."""
    made_of: tuple[Change, ...]

    @property
    def decided(self) -> bool:
        low, high = self.difference.low or 0.0, self.difference.high or 0.0
        return not self.unfinished and self.p_holm < ALPHA and (low > 0 or high < 0)


@dataclass(frozen=True, slots=True)
class Contest:
    suite: Suite
    tasks: str
    tests: str
    n: int
    sides: tuple[Side, ...]
    duels: tuple[Duel, ...]
    notes: tuple[str, ...]
    seed: int
    """Of the resamples."""


@dataclass(frozen=True, slots=True)
class _Tasks:
    """Means over epochs, by task, in the order of the first run."""

    rows: list[list[Row]]
    right: list[float]
    usd: list[float]
    seconds: list[float]


def contest(sides: Sequence[tuple[str, Sequence[Evaluation]]], seed: int = 0) -> Contest:
    """`sides` are names, which may be empty, and their runs. Raises InputError where they are not
    of the same tasks and tests, or a library is missing."""
    arms = arms_of(sides)
    order = [row.digest for row in arms[0].runs[0].rows]
    tasks = [_tasks(arm.rows(), order) for arm in arms]
    pairing = Pairing(seed)
    found = [_side(arm, of) for arm, of in zip(arms, tasks, strict=True)]
    duels = [
        _duel(arms[0], other, tasks[0], of, pairing, len(arms) - 1)
        for other, of in zip(arms[1:], tasks[1:], strict=True)
    ]
    first = arms[0].runs[0]
    return Contest(
        suite=first.suite,
        tasks=first.tasks,
        tests=first.tests,
        n=len(order),
        sides=tuple(side._replace(front=_front(side, found)) for side in found),
        duels=tuple(_adjusted(duels)),
        notes=tuple(notes_of(arms)),
        seed=seed,
    )


def _tasks(rows: Mapping[str, list[Row]], order: Sequence[str]) -> _Tasks:
    every = [rows[digest] for digest in order]
    return _Tasks(
        rows=every,
        right=[fmean(row.right for row in of) for of in every],
        usd=[fmean(row.usd for row in of) for of in every],
        seconds=[fmean(row.seconds for row in of) for of in every],
    )


def _side(arm: Arm, of: _Tasks) -> Side:
    every = [row for rows in of.rows for row in rows]
    firsts = [rows[0] for rows in of.rows]
    right, usd = mean_share(of.right), ratio(of.usd, [1.0] * len(of.usd))
    assert right is not None, "an evaluation has a row"
    assert usd is not None, "an evaluation has a row"
    categories = [
        (name or "-", share)
        for name in known(firsts, "category")
        if (share := mean_share(_where(of.right, firsts, name))) is not None
    ]
    return Side(
        name=arm.name,
        runs=tuple(run.run for run in arm.runs),
        right=right,
        usd=usd,
        per_right=ratio(of.usd, of.right),
        seconds=tuple(percentiles(of.seconds, SHARES)),
        costs=tuple(of.usd),
        times=tuple(of.seconds),
        categories=tuple(categories),
        lost=sum(row.lost for row in every),
        not_run=sum(row.visible == "not run" for row in every),
        unpriced=sum(row.spend.unpriced_calls for row in every),
        front=False,
    )


def _where(values: Sequence[float], rows: Sequence[Row], category: str | None) -> list[float]:
    pairs = zip(values, rows, strict=True)
    return [value for value, row in pairs if (row.category or None) == category]


def _front(side: Side, sides: Sequence[Side]) -> bool:
    def beats(other: Side) -> bool:
        better, cheaper = other.right.value - side.right.value, side.usd.value - other.usd.value
        return better >= 0 and cheaper >= 0 and (better > 0 or cheaper > 0)

    return not any(beats(other) for other in sides)


def _duel(
    one: Arm, other: Arm, before: _Tasks, after: _Tasks, pairing: Pairing, comparisons: int
) -> Duel:
    differences = [b - a for a, b in zip(before.right, after.right, strict=True)]
    single = len(one.runs) == len(other.runs) == 1
    firsts = [rows[0] for rows in before.rows]
    difference = pairing.mean_difference(differences)
    ones = [1.0] * len(differences)
    pairs = list(zip(before.rows, after.rows, strict=True))
    lost = [any(row.lost for row in (*a, *b)) for a, b in pairs]
    kept = [value for value, gone in zip(differences, lost, strict=True) if not gone]
    return Duel(
        one=one.name,
        other=other.name,
        difference=difference,
        p=_p(before.right, after.right, pairing, single=single),
        p_holm=1.0,
        test="exact McNemar" if single else "permutation over tasks",
        flips=flips_of((one.name, other.name), firsts, before.right, after.right),
        cost=pairing.ratio((after.usd, ones), (before.usd, ones)),
        per_right=pairing.ratio((after.usd, after.right), (before.usd, before.right)),
        seconds=pairing.ratio((after.seconds, ones), (before.seconds, ones)),
        cells=tuple(_cells(before, after, pairing, single=single)),
        detectable=detectable(differences, comparisons),
        needed=needed(differences, difference.value, comparisons),
        unlost=pairing.mean_difference(kept) if any(lost) and kept else None,
        unfinished=sum(any(row.visible == "not run" for row in (*a, *b)) for a, b in pairs),
        made_of=tuple(config_changes(one, other)),
    )


def _p(before: Sequence[float], after: Sequence[float], pairing: Pairing, *, single: bool) -> float:
    if not single:
        return pairing.p_of_means(before, after)
    return mcnemar(*_flipped(before, after))


def _flipped(before: Sequence[float], after: Sequence[float]) -> tuple[int, int]:
    pairs = list(zip(before, after, strict=True))
    return sum(b < a for a, b in pairs), sum(b > a for a, b in pairs)


def _cells(before: _Tasks, after: _Tasks, pairing: Pairing, *, single: bool) -> list[CellDuel]:
    places: dict[tuple[str, str], list[int]] = {}
    for place, (row, *_) in enumerate(before.rows):
        places.setdefault((row.category or "-", row.difficulty or "-"), []).append(place)
    found: list[CellDuel] = []
    for (category, difficulty), members in sorted(places.items()):
        a = [before.right[place] for place in members]
        b = [after.right[place] for place in members]
        broken, mended = _flipped(a, b)
        p = _p(a, b, pairing, single=single)
        found.append(
            CellDuel(
                category, difficulty, len(members), fmean(a), fmean(b), broken, mended, p, math.nan
            )
        )
    return found


def _adjusted(duels: Sequence[Duel]) -> list[Duel]:
    of_duels = iter(holm([duel.p for duel in duels]))
    of_cells = iter(holm([cell.p for duel in duels for cell in duel.cells]))
    return [
        replace(
            duel,
            p_holm=next(of_duels),
            cells=tuple(cell._replace(p_holm=next(of_cells)) for cell in duel.cells),
        )
        for duel in duels
    ]
