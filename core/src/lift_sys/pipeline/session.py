"""A run: one pipeline, opened once, over one or many tasks, recorded as it happens."""

import asyncio
import time
import traceback
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from ..errors import BrokenPlugin, LiftError, SandboxFailed
from ..interfaces import (
    Event,
    JobSpec,
    Limits,
    RunEnded,
    RunStarted,
    Task,
    TaskEnded,
    TaskStarted,
)
from .budget import Budget
from .context import RunContext, TaskScope
from .engine import LocalEngine
from .events import EventStream
from .gateway import Gateway
from .loop import Plan, Solving, TaskResult

_COSTS_ONE = (BrokenPlugin, SandboxFailed)


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
        """Raises only what makes every other task fail too; anything else is in the result.

        A component that breaks on this task costs this task.
        """
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
        except Exception as error:
            costs_all = isinstance(error, LiftError) and not isinstance(error, _COSTS_ONE)
            result = solving.failed(_told(error))
            if costs_all:
                emit(_ended(result))
                raise
        emit(_ended(result))
        return result

    async def solve_all(
        self, tasks: Iterable[Task], concurrency: int
    ) -> AsyncGenerator[TaskResult]:
        """Each task's result as it becomes ready, at most `concurrency` under way at once."""
        results = LocalEngine().run(_Solve(self), tasks, concurrency)
        async with aclosing(results):
            async for result in results:
                yield result

    def end(self, why: str) -> None:
        self._stream.emit(
            RunEnded(why=why, spend=self._budget.spent, seconds=time.monotonic() - self._started)
        )


@dataclass(frozen=True, slots=True)
class _Solve:
    """A session's work, for an engine that stays in this process."""

    session: Session

    @property
    def spec(self) -> JobSpec:
        raise LookupError("a session's own work cannot be sent to another process")

    async def __call__(self, task: Task) -> TaskResult:
        return await self.session.solve(task)


def _told(error: Exception) -> str:
    """A bug with the place it was met at; what is raised on purpose speaks for itself."""
    if isinstance(error, LiftError):
        return str(error)
    *_, place = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__}: {error} ({place.filename}, line {place.lineno})"


def _ended(result: TaskResult) -> TaskEnded:
    return TaskEnded(
        task=result.task.id,
        status=result.status,
        why=result.why,
        solution=result.solution,
        spend=result.spend,
        seconds=result.seconds,
    )
