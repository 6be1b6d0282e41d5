"""One draw for each result that is wanted; what comes out invalid may be drawn again."""

from collections.abc import Sequence
from typing import TypeVar

from lift_sys.errors import BudgetExhausted
from lift_sys.interfaces import Candidate, Context, Feedback, Outcome, Parts, Problem
from lift_sys.pipeline.stages.base import UNPAID

from .plugin import SingleOptions

T = TypeVar("T")


class Single:
    def __init__(self, options: SingleOptions, parts: Parts) -> None:
        self._retries = options.retries

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        drawn: list[Candidate[T]] = []
        valid: list[Candidate[T]] = []
        asked, ended = problem, ""
        for _ in range(1 + self._retries):
            try:
                fresh = await asked.draw(ctx, want - len(valid))
            except BudgetExhausted as exhausted:
                if not drawn:
                    raise
                ended = str(exhausted)
                break
            drawn += fresh
            valid += [candidate for candidate in fresh if candidate.value is not None]
            if valid:
                ctx.offer(valid[0])
            ended = next((each.notes[UNPAID] for each in fresh if UNPAID in each.notes), "")
            if len(valid) >= want or ended:
                break
            asked = problem.with_feedback(_why(fresh))
        counted = f"{len(valid)} valid of {len(drawn)} drawn"
        if len(valid) < want:
            counted += f", {ended or f'{self._retries} retries used'}"
        return Outcome(tuple(valid), counted, tuple(drawn), cut_short=bool(ended))


def _why(drawn: Sequence[Candidate[T]]) -> Feedback:
    """The first draw that a model did write, and what was wrong with it."""
    wrong = next((c for c in drawn if c.value is None and c.text), None)
    if wrong is None or wrong.failure is None:
        return Feedback()
    return Feedback(wrong, (wrong.failure,))
