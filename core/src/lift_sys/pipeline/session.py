"""A run: one pipeline, opened once, over one or many tasks, recorded as it happens."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import LiftError
from ..interfaces import (
    Event,
    Limits,
    RunEnded,
    RunStarted,
    Task,
    TaskEnded,
    TaskStarted,
)
from .budget import Budget
from .context import RunContext, TaskScope
from .events import EventStream
from .gateway import Gateway
from .loop import Plan, Solving, TaskResult


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What holds for every task of the run."""

    seed: int = 0
    task_budget: Limits = field(default_factory=Limits)
    run_budget: Limits = field(default_factory=Limits)


class Session:
    """Made by `Pipeline.open()`. Tasks share the run's providers, sandbox, budget and record."""

    def __init__(
        self,
        run: str,
        plan: Plan,
        gateways: Mapping[str, Gateway],
        stream: EventStream,
        settings: RunSettings,
    ) -> None:
        self.run = run
        self._plan = plan
        self._gateways = gateways
        self._stream = stream
        self._settings = settings
        self._budget = Budget("run_budget", settings.run_budget)
        self._started = time.monotonic()
        self.interrupted: dict[str, TaskResult] = {}
        """What was reached of tasks that a cancel cut short."""

    def begin(self, started: str, config: dict[str, Any], distributions: dict[str, str]) -> None:
        self._stream.emit(
            RunStarted(
                run=self.run,
                started=started,
                config=config,
                distributions=distributions,
                seed=self._settings.seed,
            )
        )

    async def solve(self, task: Task) -> TaskResult:
        """Raises only what makes every other task fail too; anything else is in the result."""
        emit: Callable[[Event], None] = self._stream.emit
        emit(TaskStarted(task=task.id, request=task.request, document=task.model_dump(mode="json")))
        scope = TaskScope(task.id, self._settings.seed, self._gateways, emit)
        budget = Budget("budget", self._settings.task_budget, self._budget)
        solving = Solving(task, self._plan, RunContext(scope, budget))
        try:
            result = await solving.run()
        except asyncio.CancelledError:
            self.interrupted[task.id] = solving.interrupted()
            emit(_ended(self.interrupted[task.id]))
            raise
        except LiftError as error:
            emit(_ended(solving.failed(str(error))))
            raise
        emit(_ended(result))
        return result

    async def solve_all(self, tasks: Iterable[Task], concurrency: int) -> AsyncIterator[TaskResult]:
        """Each task's result as it becomes ready, at most `concurrency` under way at once."""
        waiting = iter(tasks)
        under_way: set[asyncio.Task[TaskResult]] = set()
        try:
            while True:
                while len(under_way) < concurrency and (task := next(waiting, None)) is not None:
                    under_way.add(asyncio.create_task(self.solve(task)))
                if not under_way:
                    return
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for each in done:
                    yield each.result()
        finally:
            for each in under_way:
                each.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    def end(self, why: str) -> None:
        self._stream.emit(
            RunEnded(why=why, spend=self._budget.spent, seconds=time.monotonic() - self._started)
        )


def _ended(result: TaskResult) -> TaskEnded:
    return TaskEnded(
        task=result.task.id,
        status=result.status,
        why=result.why,
        spend=result.spend,
        seconds=result.seconds,
    )
