"""A problem whose draws are varied by somebody further out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from ...interfaces import (
    Candidate,
    Context,
    Digest,
    Feedback,
    Problem,
    Task,
    Variation,
    Verdict,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Varied(Generic[T]):
    """What a strategy over attempts asks for reaches the stages inside them."""

    problem: Problem[T]
    vary: Variation

    @property
    def stage(self) -> str:
        return self.problem.stage

    @property
    def task(self) -> Task:
        return self.problem.task

    @property
    def variants(self) -> Sequence[str]:
        return self.problem.variants

    async def draw(
        self, ctx: Context, n: int, vary: Variation | None = None
    ) -> Sequence[Candidate[T]]:
        return await self.problem.draw(ctx, n, _merged(self.vary, vary))

    def canonical(self, value: T) -> Digest:
        return self.problem.canonical(value)

    async def behaviour(self, value: T) -> Digest:
        return await self.problem.behaviour(value)

    async def check(self, value: T) -> Verdict:
        return await self.problem.check(value)

    def with_feedback(self, feedback: Feedback) -> "Varied[T]":
        return replace(self, problem=self.problem.with_feedback(feedback))


def varied(problem: Problem[T], vary: Variation | None) -> Problem[T]:
    return problem if vary is None else Varied(problem, vary)


def _merged(outer: Variation, inner: Variation | None) -> Variation:
    """What the inner strategy says itself goes before what it inherits."""
    if inner is None:
        return outer
    return outer.model_copy(update=inner.model_dump(exclude_defaults=True))
