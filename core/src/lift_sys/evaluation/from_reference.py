"""Which stage is at fault, by trial: whether `implement` does better on the reference specification
than the task did on its own."""

import math
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from .rates import Rate
from .results import Evaluation, FromReference, Row

BLAMES: Final = {
    "specify": "the specification (right code from the reference's)",
    "implement": "the code (wrong even from the reference's)",
    "unknown": "not known (lost)",
}


class Trial(NamedTuple):
    run: str
    right: Rate
    """Of the tasks that have a reference specification: right code from it."""
    blames: tuple[tuple[str, Rate], ...]
    """Of those of them that failed: all BLAMES, told or not."""
    without: int
    """Failed tasks that have no reference specification."""
    usd: float
    """Of all calls, also those that an earlier run had paid for; no part of the run's own cost."""
    paid_before: float
    unpriced_calls: int
    calls: int
    cached_calls: int
    tokens: int


def from_reference(row: Row) -> FromReference:
    """What is kept of a row of the run beside."""
    return FromReference(right=row.right, lost=row.lost, spend=row.spend)


def trial_of(found: Evaluation) -> Trial | None:
    """None: it was not tried."""
    if not found.reference_run:
        return None
    tried = [row.from_reference for row in found.rows if row.from_reference is not None]
    wrong = [row for row in found.rows if not row.right]
    blamed = Counter(_blame(row, row.from_reference) for row in wrong if row.from_reference)
    return Trial(
        run=found.reference_run,
        right=Rate(sum(each.right for each in tried), len(tried)),
        blames=tuple((blame, Rate(blamed[blame], blamed.total())) for blame in BLAMES),
        without=len(wrong) - blamed.total(),
        usd=math.fsum(each.spend.usd + each.spend.cached_usd for each in tried),
        paid_before=math.fsum(each.spend.cached_usd for each in tried),
        unpriced_calls=sum(each.spend.unpriced_calls for each in tried),
        calls=sum(each.spend.calls for each in tried),
        cached_calls=sum(each.spend.cached_calls for each in tried),
        tokens=sum(each.spend.tokens for each in tried),
    )


def lines_of_trial(trial: Trial) -> Iterator[str]:
    yield f"from the reference's specification: {trial.right} right"
    for blame, rate in trial.blames:
        if rate.right or blame != "unknown":
            yield f"  failed by {BLAMES[blame]}: {rate}"
    if trial.without:
        yield f"  failed without a reference specification: {trial.without}"
    unpriced = f", {trial.unpriced_calls} calls of unknown price" if trial.unpriced_calls else ""
    yield f"  cost, counted apart: {cost_of(trial)}{unpriced} (run {trial.run})"


def cost_of(trial: Trial) -> str:
    before = f", ${trial.paid_before:.4f} of it paid before" if trial.paid_before else ""
    return f"${trial.usd:.4f}{before}, {trial.calls} calls, {trial.tokens} tokens"


def _blame(row: Row, tried: FromReference) -> str:
    if row.lost or tried.lost:
        return "unknown"
    return "specify" if tried.right else "implement"
