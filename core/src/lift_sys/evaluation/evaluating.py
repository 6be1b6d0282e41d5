"""A graded run as rows: what is known of each task, in plain values."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

from .drawn import Scored
from .judging import Judged
from .results import Chosen, Draws, Head, Reached, Row, Shown
from .scorers import ScoredSet
from .selection import part_of, quirks_of
from .specifications import literals_kept
from .winners import FinishedRun

_EXAMPLES: Final = 5
"""Wrong tasks of each sort that are shown with their code."""
_LONGEST: Final = 4_000
"""Characters of what is shown."""
_UNLOADED: Final = "the code cannot be loaded"
_ENDED_BADLY: Final = frozenset({"exception", "timeout", "memory", "crash", "forbidden"})
STAGES: Final = ("specify", "implement")


def head_of(run: FinishedRun, graders: Iterable[str]) -> Head:
    return Head(
        run=run.id,
        label=run.started.label,
        started=run.started.started,
        suite=run.assignment.suite,
        tasks=_digest_of(run.assignment.tasks.values()),
        tests=_digest_of(graders),
        seed=run.started.seed,
        epoch=run.started.epoch,
        config=run.started.config,
        distributions=run.started.distributions,
    )


def row_of(judged: Judged, examples: "Examples") -> Row:
    task, winner, grade, draws = judged.task, judged.winner, judged.of_winner, judged.draws
    verdict = grade.verdict
    sets = [found for each in draws.sets if (found := _set_of(judged, each)) is not None]
    return Row(
        task=task.id,
        digest=task.digest,
        part=part_of(task),
        category=task.category,
        difficulty=task.difficulty,
        quirks=quirks_of(task),
        visible=winner.status,
        right=verdict.passed,
        passed=grade.passed,
        total=grade.total,
        failure=verdict.category,
        message="" if verdict.passed else verdict.failures[0].message,
        spend=winner.spend,
        seconds=winner.seconds,
        reached=_reached(judged),
        fault=_fault(judged),
        attempts=len(draws.routes),
        route=draws.routes[-1] if draws.routes else "",
        draws=tuple(_draws_of(judged, stage) for stage in STAGES),
        strategies=tuple(
            Chosen(
                stage=each.stage,
                strategy=each.strategy,
                why=each.why,
                drawn=each.drawn,
                distinct=each.distinct,
                behaviours=each.behaviours,
            )
            for each in draws.stopped
        ),
        audit=judged.draws.audit,
        sets=tuple(sets),
        unjudged=len(draws.sets) - len(sets),
        literals=literals_kept(task, winner.ir),
        mutants=_mutants(judged),
        shown=None if verdict.passed else examples.shown(judged),
    )


def _set_of(judged: Judged, scored: Scored) -> ScoredSet | None:
    """None: the hidden tests say nothing of it."""
    drawn = judged.draws.candidates
    members = [drawn[name] for name in scored.members if name in drawn]
    right = [judged.right(each) for each in members]
    if not members or None in right:
        return None
    names = [each.id for each in members]
    chosen = judged.draws.chosen(names)
    return ScoredSet(
        task=judged.task.id,
        stage=members[0].stage,
        right=tuple(truth is True for truth in right),
        scores={
            scorer: tuple(scored.members[name].get(scorer) for name in names)
            for scorer in scored.scorers
        },
        chosen=None if chosen is None else names.index(chosen),
    )


def _draws_of(judged: Judged, stage: str) -> Draws:
    every = judged.draws.final(stage)
    first = [each for each in every if each.attempt <= 1]
    return Draws(
        stage=stage,
        drawn=len(first),
        right=sum(judged.right(each) is True for each in first),
        valid=sum(bool(each.digest) for each in first),
        distinct=len({each.digest for each in first} - {""}),
        any_right=any(judged.right(each) for each in every),
        usd=judged.draws.cost_of(stage),
    )


def _reached(judged: Judged) -> Reached:
    winner, verdict = judged.winner, judged.of_winner.verdict
    if verdict.passed:
        return "right"
    if winner.code is None:
        return "nothing" if winner.ir is None else "specification"
    if any(failure.message == _UNLOADED for failure in verdict.failures):
        return "code"
    ended_badly = any(failure.category in _ENDED_BADLY for failure in verdict.failures)
    return "loads" if ended_badly else "runs"


def _fault(judged: Judged) -> Literal["specify", "implement", "infrastructure"] | None:
    if judged.of_winner.verdict.passed:
        return None
    if judged.of_winner.verdict.category == "infrastructure":
        return "infrastructure"
    denied = judged.specification
    if judged.winner.ir is None or (denied is not None and not denied.verdict.passed):
        return "specify"
    return "implement"


def _mutants(judged: Judged) -> tuple[int, int] | None:
    tried = judged.claims
    if tried is None or tried.verdict.category == "infrastructure":
        return None
    return tried.passed, tried.total


class Examples:
    """Shows the first few wrong tasks of each sort: rows are made in order."""

    def __init__(self) -> None:
        self._shown = Counter[str | None]()

    def shown(self, judged: Judged) -> Shown | None:
        failure = judged.of_winner.verdict.category
        self._shown[failure] += 1
        if self._shown[failure] > _EXAMPLES:
            return None
        code = judged.winner.code
        return Shown(
            request=judged.task.request[:_LONGEST],
            code="" if code is None else code.source[:_LONGEST],
        )


def _digest_of(digests: Iterable[str]) -> str:
    """Whatever it is called that they are digests of, and in whichever order."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()[:32]
