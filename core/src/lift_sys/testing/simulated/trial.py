"""Runs a strategy on many simulated tasks, as a pipeline would, and tells what was right."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import BudgetExhausted
from ...interfaces import (
    Candidate,
    Context,
    Limits,
    Outcome,
    Problem,
    Provider,
    Score,
    Scorer,
    Spend,
    Strategy,
    Task,
)
from ...pipeline.strategies import Anytime
from ..runs import make_context
from .problem import SimulatedAnswer, SimulatedProblem


class ByVisibleChecks:
    """A scorer: 1 for what the visible checks pass, 0 for what they refute."""

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        return [await self._score(problem, candidate) for candidate in candidates]

    async def _score(self, problem: Problem[Any], candidate: Candidate[Any]) -> Score:
        if candidate.value is None:
            return Score(0.0, "no result")
        verdict = await problem.check(candidate.value)
        return Score(float(verdict.passed), verdict.status)


@dataclass(frozen=True, slots=True)
class Solved:
    """What a strategy made of one task."""

    task: Task
    outcome: Outcome[SimulatedAnswer] | None
    """None: the budget covered not one draw."""
    spend: Spend

    @property
    def right(self) -> bool:
        """By the truth, not by the check."""
        best = None if self.outcome is None else self.outcome.best
        return best is not None and best.value is not None and best.value.right

    @property
    def draws(self) -> int:
        return 0 if self.outcome is None else len(self.outcome.candidates)


def simulated_tasks(count: int, category: str | None = None, *, name: str = "task") -> list[Task]:
    return [
        Task(id=f"{name}-{i}", request=f"Simulated request {name}-{i}.", category=category)
        for i in range(count)
    ]


async def simulate(
    strategy: Strategy,
    tasks: Sequence[Task],
    provider: Provider,
    *,
    scorer: Scorer | None = None,
    false_accept: float = 0.0,
    limits: Limits | None = None,
    seed: int = 0,
    at_once: int = 64,
) -> list[Solved]:
    """Every task in a context of its own, with a budget of its own."""
    slots = asyncio.Semaphore(at_once)
    scorer = ByVisibleChecks() if scorer is None else scorer
    named: Strategy = Anytime(type(strategy).__name__, strategy)

    async def solve(task: Task) -> Solved:
        problem = SimulatedProblem(task, false_accept, seed)
        ctx = make_context(provider, scorer=scorer, limits=limits, seed=seed)
        async with slots:
            try:
                outcome = await named.run(problem, ctx)
            except BudgetExhausted:
                outcome = None
        return Solved(task, outcome, ctx.budget.spent)

    return list(await asyncio.gather(*(solve(task) for task in tasks)))
