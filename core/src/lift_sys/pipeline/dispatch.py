"""The tasks of a batch as the jobs of an engine: solved here, or by workers elsewhere."""

import json
import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import NamedTuple

from pydantic import TypeAdapter

from ..engines import Account
from ..errors import RecordError
from ..interfaces import (
    EVENT,
    Attempt,
    AttemptEnded,
    CallMade,
    Event,
    Fault,
    Limits,
    Order,
    RunStarted,
    Task,
    Told,
    WorkSpec,
    spend_of_calls,
)
from .budget import Budget
from .leases import Leases
from .past import Past
from .recorded import TaskRecord
from .task_result import TaskResult

RECORD = TypeAdapter(TaskRecord)
_NEAR = frozenset({"engine", "observers", "tasks"})

Solve = Callable[[str, Task, Past], Awaitable[TaskResult]]


class _Given(NamedTuple):
    task: Task
    record: TaskRecord | None


class Dispatch:
    """Implements `Work`; its keys are the names that tasks have in the record."""

    def __init__(self, solve: Solve, elsewhere: "Callable[[], Elsewhere]") -> None:
        self._solve = solve
        self._make = elsewhere
        self._given: dict[str, _Given] = {}

    def give(self, label: str, task: Task, record: TaskRecord | None = None) -> str:
        """Its key. `record`: what is known of it, where it was begun before."""
        self._given[label] = _Given(task, record)
        return label

    async def __call__(self, key: str) -> TaskResult:
        task, record = self._given.pop(key)
        return await self._solve(key, task, Past(record))

    async def order(self, key: str) -> Order:
        given = self._given.pop(key, None)
        if given is not None:
            self._elsewhere.take(key, *given)
        return await self._elsewhere.order(key)

    def hear(self, told: Told) -> TaskResult | None:
        return self._elsewhere.hear(told)

    @cached_property
    def _elsewhere(self) -> "Elsewhere":
        return self._make()


class Elsewhere:
    """What is known here of the tasks that are solved elsewhere. Their events become the run's as
    they are told, so a task whose worker was lost goes on like one of a run that is resumed."""

    def __init__(
        self,
        started: RunStarted,
        emit: Callable[[Event], None],
        budget: Budget,
        task_budget: Limits,
        workers: int,
        *,
        allow_unsandboxed: bool,
    ) -> None:
        self._emit = emit
        self._budget = budget
        self._leases = Leases(budget, task_budget)
        self._account = Account(
            WorkSpec(
                factory="lift_sys.pipeline.far_end:TaskWorker",
                document={
                    "started": _for_workers(started).model_dump(mode="json"),
                    "workers": workers,
                    "allow_unsandboxed": allow_unsandboxed,
                },
            )
        )
        self._tasks: dict[str, Task] = {}
        self._records: dict[str, TaskRecord] = {}

    def take(self, key: str, task: Task, record: TaskRecord | None) -> None:
        self._tasks[key] = task
        self._records[key] = record or TaskRecord(key)

    async def order(self, key: str) -> Order:
        record = self._records[key]
        limits = await self._leases.take(key, spend_of_calls(record.calls))
        return self._account.order(
            key,
            {
                "task": self._tasks[key].model_dump(mode="json"),
                "past": RECORD.dump_python(record, mode="json"),
                "limits": limits.model_dump(mode="json"),
            },
        )

    def hear(self, told: Told) -> TaskResult | None:
        if not self._account.is_news(told):
            return None
        if told.document is not None:
            self._hear(told.key, EVENT.validate_json(json.dumps(told.document)))
        if not told.last:
            return None
        self._leases.give_back(told.key)
        del self._tasks[told.key]
        return result_of(self._records.pop(told.key))

    def _hear(self, key: str, event: Event) -> None:
        if isinstance(event, CallMade):
            spend = spend_of_calls([event.call])
            self._budget.note_free(spend)
            self._leases.note(key, spend)
        if event.task:
            self._records[key].tell(time.monotonic(), event)
        self._emit(event)


def _for_workers(started: RunStarted) -> RunStarted:
    """Without what only the run's own process needs to have installed."""
    config = {name: of for name, of in started.config.items() if name not in _NEAR}
    return started.model_copy(update={"config": config})


def result_of(recorded: TaskRecord) -> TaskResult:
    """Of a task that is finished."""
    ended = recorded.ended
    if ended is None:
        raise RecordError(f"task {recorded.label!r} has no end in the record")
    return TaskResult(
        task=recorded.task,
        status=ended.status,
        why=ended.why,
        solution=ended.solution,
        attempts=tuple(
            Attempt(each.route, each.verdict, _fault(each), each.spend)
            for each in recorded.attempts
            if not each.audit
        ),
        spend=ended.spend,
        seconds=ended.seconds,
    )


def _fault(attempt: AttemptEnded) -> Fault | None:
    return (
        None if attempt.fault is None else "specify" if attempt.fault == "specify" else "implement"
    )
