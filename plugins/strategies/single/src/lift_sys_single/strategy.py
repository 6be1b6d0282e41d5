"""One draw for each result that is wanted; what comes out invalid may be drawn again."""

from collections.abc import Sequence
from typing import TypeVar

from lift_sys.interfaces import Candidate, Context, Feedback, Outcome, Parts, Problem

from .plugin import SingleOptions

T = TypeVar("T")


class Single:
    def __init__(self, options: SingleOptions, parts: Parts) -> None:
        self._retries = options.retries

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        drawn: list[Candidate[T]] = []
        valid: list[Candidate[T]] = []
        asked = problem
        for _ in range(1 + self._retries):
            fresh = await asked.draw(ctx, want - len(valid))
            drawn += fresh
            valid += [candidate for candidate in fresh if candidate.value is not None]
            if valid:
                ctx.offer(valid[0])
            if len(valid) >= want:
                return Outcome(tuple(valid), f"{want} valid of {len(drawn)} drawn", tuple(drawn))
            asked = problem.with_feedback(_why(fresh))
        why = f"{len(valid)} valid of {len(drawn)} drawn, {self._retries} retries used"
        return Outcome(tuple(valid), why, tuple(drawn))


def _why(drawn: Sequence[Candidate[T]]) -> Feedback:
    """The first draw that a model did write, and what was wrong with it."""
    wrong = next((c for c in drawn if c.value is None and c.text), None)
    if wrong is None or wrong.failure is None:
        return Feedback()
    return Feedback(wrong, (wrong.failure,))
