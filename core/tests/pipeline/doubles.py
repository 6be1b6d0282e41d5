"""Small strategies, scorers and routers that prove the interfaces."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from lift_sys.interfaces import (
    Attempt,
    Candidate,
    Context,
    Feedback,
    Limits,
    Outcome,
    Problem,
    Route,
    Score,
    Strategy,
    Task,
    Variation,
)

T = TypeVar("T")


class ChainOfThought:
    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        drawn = tuple(await problem.draw(ctx, want, Variation(variant="reasoning")))
        return Outcome(tuple(c for c in drawn if c.value is not None), "reasoned", drawn)


@dataclass
class BestOf:
    n: int
    inner: Strategy

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        outcome = await self.inner.run(problem, ctx, want=self.n)
        scores = await ctx.score(problem, outcome.winners)
        ranked = sorted(
            zip(scores, outcome.winners, strict=True), key=lambda pair: -(pair[0].value or 0.0)
        )
        return Outcome(
            tuple(c for _, c in ranked[:want]), f"chose among {self.n}", outcome.candidates
        )


@dataclass
class Refine:
    rounds: int
    inner: Strategy

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        seen: list[Candidate[T]] = []
        for _ in range(self.rounds):
            outcome = await self.inner.run(problem, ctx)
            best = outcome.best
            if best is None or best.value is None:
                continue
            seen.append(best)
            ctx.offer(best)
            verdict = await problem.check(best.value)
            if verdict.passed:
                return Outcome((best,), "it passes", tuple(seen))
            problem = problem.with_feedback(Feedback(best, verdict.failures))
        return Outcome(tuple(seen[-1:]), "out of rounds", tuple(seen))


class Passes:
    """A scorer: does it pass its visible checks?"""

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        verdicts = [await problem.check(c.value) for c in candidates]
        return [Score(float(verdict.passed), verdict.status) for verdict in verdicts]


class Cascade:
    def __init__(self, *tiers: str) -> None:
        self.tiers = tiers

    def next(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        if len(history) == len(self.tiers):
            return None
        return Route(name=self.tiers[len(history)], reason=f"tier {len(history) + 1}")


class Again:
    """A router that tries the one route so many times."""

    def __init__(self, times: int) -> None:
        self.times = times

    def next(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        return Route(name="default", reason="again") if len(history) < self.times else None


async def until(condition: Callable[[], bool]) -> None:
    """Lets everything else go on until it holds."""
    async with asyncio.timeout(60):
        for _ in iter(condition, True):
            await asyncio.sleep(0)
