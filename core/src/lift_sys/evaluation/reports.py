"""All that is counted of a graded run, as frozen values: renderers only say it.

Nothing leaves a denominator: what is lost counts as wrong, and is told apart.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from .choosing import PassAtK, pass_at_k
from .from_reference import Trial, trial_of
from .rates import Rate
from .ratios import Estimate, percentiles, ratio
from .results import FURTHER, Evaluation, Row
from .scorers import ScorerReport, scorer_reports

STAGES: Final = ("specify", "implement")
SHARES: Final = (0.5, 0.9, 0.95, 0.99)
_DIFFICULTIES: Final = ("easy", "medium", "medium_hard", "hard")


class Cell(NamedTuple):
    category: str | None
    difficulty: str | None
    rate: Rate


class Group(NamedTuple):
    """Tasks that have something in common."""

    name: str
    rate: Rate
    usd: float
    false_accepts: Rate
    """Of those that passed in the run."""
    false_rejects: Rate
    """Of those that are right."""
    denied: Rate
    """Of those audited: the answers that another route's answer denies."""


class Money(NamedTuple):
    """US dollars, of the work: also what an earlier run paid for."""

    total: float
    paid_before: float
    unpriced_calls: int
    batch_calls: int
    """At a vendor's price for batches, which is less than that of calls one by one."""
    per_task: Estimate | None
    per_ir: Estimate | None
    """Of the specifications' own calls, by tasks that got one."""
    per_right: Estimate | None


@dataclass(frozen=True, slots=True)
class Report:
    of: Evaluation
    right: Rate
    stages: tuple[tuple[str, Rate], ...]
    """How many came at least so far: a specification, code, code that loads, runs, is right."""
    cells: tuple[Cell, ...]
    """Category by difficulty, those without a task too."""
    categories: tuple[Group, ...]
    difficulties: tuple[Group, ...]
    parts: tuple[Group, ...]
    routes: tuple[Group, ...]
    money: Money
    seconds: tuple[float, ...]
    """The percentiles of SHARES."""
    tokens: int
    tokens_at: tuple[float, ...]
    calls: int
    cached_calls: int
    validity: dict[str, Rate]
    """By stage: of its draws, how many are values of it at all."""
    distinct: dict[str, Rate]
    """By stage: of its valid draws, how many are no copy of another."""
    quirks: Rate
    """Of the tasks that turn on a quirk of the language: those that are right."""
    by_quirk: tuple[tuple[str, Rate], ...]
    literals: Rate
    """Texts that requests want to come out: those that specifications spell out as they are."""
    claims: Rate
    """Wrong mutants of references: those that specifications' claims refute. n is 0 where that was
    not tried."""
    pass_at_k: tuple[PassAtK, ...]
    """Of the codes of first attempts."""
    oracle: Rate
    """Tasks for which any code that was drawn is right."""
    missed: Rate
    """Of those: the tasks of which another code was taken in the end."""
    scorers: tuple[ScorerReport, ...]
    unjudged_sets: int
    trust: tuple[tuple[str, int, int], ...]
    """What the run said, and how many of these are right, and wrong."""
    false_accepts: Rate
    false_rejects: Rate
    audits: int
    """Accepted answers for which another route was asked, to learn whether they can be trusted."""
    denied: Rate
    """Of the audits that had something to compare: those that found another behaviour."""
    audits_usd: float
    failures: tuple[tuple[str, tuple[Row, ...]], ...]
    """Wrong tasks by what is wrong with them, the most frequent first."""
    faults: tuple[tuple[str, Rate], ...]
    """The stage at fault, of the wrong ones."""
    trial: Trial | None
    """The same by trial, where `implement` was run on the reference specifications too."""
    lost: tuple[Row, ...]
    not_run: int
    stops: tuple[tuple[str, str, str, int], ...]
    """Stage, strategy, why it stopped, and how often."""


def report_of(found: Evaluation) -> Report:
    rows = found.rows
    wrong = [row for row in rows if not row.right]
    drawn_right = [row for row in rows if _any_right(row)]
    return Report(
        of=found,
        right=rate_of(rows),
        stages=tuple(
            (name, Rate(sum(FURTHER.index(row.reached) >= place for row in rows), len(rows)))
            for place, name in enumerate(FURTHER)
            if place
        ),
        cells=tuple(
            Cell(category, difficulty, rate_of(cell_of(rows, category, difficulty)))
            for category in known(rows, "category")
            for difficulty in known(rows, "difficulty")
        ),
        categories=_groups(rows, lambda row: row.category, known(rows, "category")),
        difficulties=_groups(rows, lambda row: row.difficulty, known(rows, "difficulty")),
        parts=_groups(rows, lambda row: row.part, known(rows, "part")),
        routes=_groups(rows, lambda row: row.route or None, known(rows, "route")),
        money=money_of(rows),
        seconds=tuple(percentiles([row.seconds for row in rows], SHARES)),
        tokens=sum(row.spend.tokens for row in rows),
        tokens_at=tuple(percentiles([row.spend.tokens for row in rows], SHARES)),
        calls=sum(row.spend.calls for row in rows),
        cached_calls=sum(row.spend.cached_calls for row in rows),
        validity={stage: _drawn(rows, stage, "valid", "drawn") for stage in STAGES},
        distinct={stage: _drawn(rows, stage, "distinct", "valid") for stage in STAGES},
        quirks=rate_of(row for row in rows if row.quirks),
        by_quirk=tuple(
            (quirk, rate_of(row for row in rows if quirk in row.quirks))
            for quirk in sorted({quirk for row in rows for quirk in row.quirks})
        ),
        literals=Rate(*map(sum, zip(*(row.literals for row in rows), strict=True))),
        claims=Rate(
            sum(row.mutants[0] for row in rows if row.mutants),
            sum(row.mutants[1] for row in rows if row.mutants),
        ),
        pass_at_k=tuple(pass_at_k([_codes(row) for row in rows])),
        oracle=Rate(len(drawn_right), len(rows)),
        missed=Rate(sum(not row.right for row in drawn_right), len(drawn_right)),
        scorers=tuple(scorer_reports(each for row in rows for each in row.sets)),
        unjudged_sets=sum(row.unjudged for row in rows),
        trust=_trust(rows),
        false_accepts=false_accepts(rows),
        false_rejects=false_rejects(rows),
        audits=sum(row.audit is not None for row in rows),
        denied=denied(rows),
        audits_usd=math.fsum(row.audit.usd for row in rows if row.audit),
        failures=_failures(wrong),
        faults=tuple(
            (fault, Rate(count, len(wrong)))
            for fault, count in Counter(row.fault or "implement" for row in wrong).most_common()
        ),
        trial=trial_of(found),
        lost=tuple(row for row in rows if row.lost),
        not_run=sum(row.visible == "not run" for row in rows),
        stops=_stops(rows),
    )


def rate_of(rows: Iterable[Row]) -> Rate:
    found = list(rows)
    return Rate(sum(row.right for row in found), len(found))


def false_accepts(rows: Iterable[Row]) -> Rate:
    passed = [row for row in rows if row.visible == "pass"]
    return Rate(sum(not row.right for row in passed), len(passed))


def false_rejects(rows: Iterable[Row]) -> Rate:
    right = [row for row in rows if row.right]
    return Rate(sum(row.visible == "fail" for row in right), len(right))


def denied(rows: Iterable[Row]) -> Rate:
    said = [row.audit.agrees for row in rows if row.audit and row.audit.agrees is not None]
    return Rate(said.count(False), len(said))


def money_of(rows: Sequence[Row]) -> Money:
    each = [row.usd for row in rows]
    of_ir = [drawn.usd if (drawn := row.of("specify")) else 0.0 for row in rows]
    return Money(
        total=math.fsum(each),
        paid_before=math.fsum(row.spend.cached_usd for row in rows),
        unpriced_calls=sum(row.spend.unpriced_calls for row in rows),
        batch_calls=sum(row.spend.batch_calls for row in rows),
        per_task=ratio(each, [1.0 for _ in rows]),
        per_ir=ratio(of_ir, [float(FURTHER.index(row.reached) > 0) for row in rows]),
        per_right=ratio(each, [float(row.right) for row in rows]),
    )


def cell_of(rows: Sequence[Row], category: str | None, difficulty: str | None) -> list[Row]:
    return [r for r in rows if r.category == category and r.difficulty == difficulty]


def known(rows: Sequence[Row], field: str) -> list[str | None]:
    """Its values in their order; none last."""
    found: set[str | None] = {getattr(row, field) or None for row in rows}

    def place(value: str | None) -> tuple[bool, int, str]:
        known = _DIFFICULTIES.index(value) if value in _DIFFICULTIES else len(_DIFFICULTIES)
        return value is None, known, value or ""

    return sorted(found, key=place)


def _groups(
    rows: Sequence[Row], of: Callable[[Row], str | None], values: Sequence[str | None]
) -> tuple[Group, ...]:
    members: dict[str | None, list[Row]] = {value: [] for value in values}
    for row in rows:
        members[of(row)].append(row)
    return tuple(
        Group(
            name=value or "-",
            rate=rate_of(found),
            usd=math.fsum(row.usd for row in found),
            false_accepts=false_accepts(found),
            false_rejects=false_rejects(found),
            denied=denied(found),
        )
        for value, found in members.items()
    )


def _drawn(rows: Iterable[Row], stage: str, some: str, every: str) -> Rate:
    found = [drawn for row in rows if (drawn := row.of(stage)) is not None]
    return Rate(sum(getattr(d, some) for d in found), sum(getattr(d, every) for d in found))


def _codes(row: Row) -> tuple[int, int]:
    drawn = row.of("implement")
    return (drawn.drawn, drawn.right) if drawn else (0, 0)


def _any_right(row: Row) -> bool:
    drawn = row.of("implement")
    return row.right or (drawn is not None and drawn.any_right)


def _trust(rows: Sequence[Row]) -> tuple[tuple[str, int, int], ...]:
    counts = Counter((row.visible, row.right) for row in rows)
    said = dict.fromkeys(("pass", "fail", *sorted(status for status, _ in counts)))
    return tuple((each, counts[each, True], counts[each, False]) for each in said)


def _failures(wrong: Sequence[Row]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    found: dict[str, list[Row]] = {}
    for row in wrong:
        found.setdefault(row.failure or "invalid", []).append(row)
    ordered = sorted(found.items(), key=lambda item: -len(item[1]))
    return tuple((name, tuple(members)) for name, members in ordered)


def _stops(rows: Iterable[Row]) -> tuple[tuple[str, str, str, int], ...]:
    counts = Counter(
        (each.stage, each.strategy, each.why) for row in rows for each in row.strategies
    )
    ordered = sorted(counts.items(), key=lambda item: (item[0][0], -item[1]))
    return tuple((*names, count) for names, count in ordered)
