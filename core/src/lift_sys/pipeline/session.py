"""A run: one pipeline, opened once, over one or many tasks, recorded as it happens."""

import asyncio
import time
import traceback
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from ..engines import LocalEngine
from ..errors import BrokenPlugin, LiftError, SandboxFailed
from ..interfaces import (
    Engine,
    Event,
    Limits,
    RunEnded,
    RunResumed,
    RunStarted,
    Task,
    TaskEnded,
    TaskStarted,
    spend_of_calls,
)
from .asking import as_task
from .budget import Budget
from .config import ConcurrencyConfig
from .context import RunContext, TaskScope
from .dispatch import Dispatch, Elsewhere
from .events import EventStream
from .gateway import SampleSource
from .loop import Plan, Solving
from .past import Past
from .recorded import RunRecord, TaskRecord
from .task_result import TaskResult

_COSTS_ONE = (BrokenPlugin, SandboxFailed)


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What holds for every task of the run."""

    seed: int = 0
    epoch: int = 0
    """Which repetition this is: each draws samples of its own."""
    task_budget: Limits = field(default_factory=Limits)
    run_budget: Limits = field(default_factory=Limits)
    concurrency: int = ConcurrencyConfig().tasks
    """How many tasks are under way at once, where nothing else is said."""
    allow_unsandboxed: bool = False


class Session:
    """Made by `Pipeline.open()`. Tasks share the run's providers, sandbox, budget and record."""

    def __init__(
        self,
        run: str,
        plan: Plan,
        gateways: Mapping[str, SampleSource],
        stream: EventStream,
        settings: RunSettings,
        past: RunRecord | None = None,
        engine: Engine | None = None,
    ) -> None:
        """`past`: of a run that goes on. `engine`: where batches are done; None: here."""
        self.run = run
        self._plan = plan
        self._gateways = gateways
        self._stream = stream
        self._settings = settings
        used = 0.0 if past is None else past.seconds
        self._budget = Budget("run_budget", settings.run_budget, seconds=used)
        self._engine = engine or LocalEngine()
        self._opening: RunStarted | None = None
        self._started = time.monotonic()
        self._seen: Counter[str] = Counter()
        if past is not None:
            self._opening = past.started
            self._started -= used
            self._seen.update(task.task.id for task in past.tasks.values())
            self._budget.know_past(spend_of_calls([call]) for call in past.calls)
        self.interrupted: dict[str, TaskResult] = {}
        """What was reached of tasks that a cancel cut short, by their name in the record."""

    def under(self, run_budget: Limits) -> "Session":
        """The same, but for what its tasks may use together."""
        settings = replace(self._settings, run_budget=run_budget)
        return Session(self.run, self._plan, self._gateways, self._stream, settings)

    def begin(self, opening: RunStarted | RunResumed) -> None:
        if isinstance(opening, RunStarted):
            self._opening = opening
        self._stream.emit(opening)

    async def solve(self, task: Task | str) -> TaskResult:
        """Raises only what makes every other task fail too; anything else is in the result.

        A component that breaks on this task costs this task.
        """
        task = as_task(task)
        return await self.solve_as(self._label(task), task, Past())

    async def solve_as(self, label: str, task: Task, past: Past) -> TaskResult:
        """Under the name it has in the record, with what the record knows of it."""
        emit: Callable[[Event], None] = self._stream.emit
        emit(
            TaskStarted(
                task=label,
                request=task.request,
                document=task.model_dump(mode="json"),
                resumed=past.began,
            )
        )
        settings = self._settings
        scope = TaskScope(label, settings.seed, self._gateways, emit, settings.epoch, past)
        budget = Budget("budget", settings.task_budget, self._budget, seconds=past.elapsed)
        solving = Solving(task, self._plan, RunContext(scope, budget))
        try:
            result = await solving.run()
        except asyncio.CancelledError:
            self.interrupted[label] = solving.interrupted()
            emit(_ended(label, self.interrupted[label]))
            raise
        except Exception as error:
            costs_all = isinstance(error, LiftError) and not isinstance(error, _COSTS_ONE)
            result = solving.failed(_told(error))
            if costs_all:
                emit(_ended(label, result, ends_run=True))
                raise
        emit(_ended(label, result))
        return result

    def solve_all(
        self, tasks: Iterable[Task], concurrency: int | None = None
    ) -> AsyncGenerator[TaskResult]:
        """Each task's result as it becomes ready, at most `concurrency` under way at once; None:
        as many as the pipeline says."""
        return self.go_on((), tasks, concurrency)

    async def go_on(
        self,
        lost: Iterable[TaskRecord],
        tasks: Iterable[Task],
        concurrency: int | None = None,
    ) -> AsyncGenerator[TaskResult]:
        """As `solve_all`, after those that the record knows to have been begun."""
        most = self._settings.concurrency if concurrency is None else concurrency
        work = Dispatch(self.solve_as, lambda: self._elsewhere(most))
        results = self._engine.run(work, self._given(work, lost, tasks), most)
        async with aclosing(results):
            async for result in results:
                yield result

    def _given(
        self, work: Dispatch, lost: Iterable[TaskRecord], tasks: Iterable[Task]
    ) -> Iterator[str]:
        for record in lost:
            yield work.give(record.label, record.task, record)
        for task in map(as_task, tasks):
            yield work.give(self._label(task), task)

    def _elsewhere(self, concurrency: int) -> Elsewhere:
        if self._opening is None:
            raise LookupError("a session that was not begun cannot be had elsewhere")
        return Elsewhere(
            self._opening,
            self._stream.emit,
            self._budget,
            self._settings.task_budget,
            concurrency,
            allow_unsandboxed=self._settings.allow_unsandboxed,
        )

    def _label(self, task: Task) -> str:
        """What it is called in the record: a task that is given twice has two names there."""
        self._seen[task.id] += 1
        times = self._seen[task.id]
        return task.id if times == 1 else f"{task.id}#{times}"

    def end(self, why: str) -> None:
        self._stream.emit(
            RunEnded(why=why, spend=self._budget.spent, seconds=time.monotonic() - self._started)
        )


def _told(error: Exception) -> str:
    """A bug with the place it was met at; what is raised on purpose speaks for itself."""
    if isinstance(error, LiftError):
        return str(error)
    *_, place = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__}: {error} ({place.filename}, line {place.lineno})"


def _ended(label: str, result: TaskResult, *, ends_run: bool = False) -> TaskEnded:
    return TaskEnded(
        task=label,
        status=result.status,
        why=result.why,
        solution=result.solution,
        spend=result.spend,
        seconds=result.seconds,
        ends_run=ends_run,
    )
