"""A recorded run once more: replayed from the record alone, or resumed where it was broken off."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from pydantic import BaseModel

from ..errors import LiftError, RecordError
from ..interfaces import AttemptEnded, Event, Task, TaskEnded
from .dispatch import result_of
from .events import EventStream, NoRecord
from .gateway import RecordedGateway
from .loop import Plan
from .past import Past
from .recorded import RunRecord, TaskRecord
from .session import RunSettings, Session
from .task_result import TaskResult

_SHOWN = 100
"""Characters of a value that differs."""


class Difference(NamedTuple):
    """What came out otherwise in a replay."""

    task: str
    what: str
    recorded: str
    now: str

    def __str__(self) -> str:
        return f"{self.task}: {self.what} was {self.recorded}, and is {self.now} now"


class Replay:
    """One replay of one run. Nothing is paid for, and nothing is recorded."""

    def __init__(
        self,
        record: RunRecord,
        plan: Plan,
        settings: RunSettings,
        redact: Callable[[Any], Any] = lambda data: data,
    ) -> None:
        """`redact` hides what the record hides. Raises RecordError where the record does not reach
        to the end of the run."""
        broken_off = [each.label for each in record.tasks.values() if each.ended is None]
        if record.ended is None or broken_off:
            raise RecordError(
                f"run {record.run} was broken off, so its record does not say how it ended",
                remedy=f"let it go on first: `lift runs resume {record.run}`",
            )
        self._record = record
        self._comparison = _Comparison(record, redact)
        stream = EventStream(NoRecord(), [("comparison", self._comparison)])
        gateways = {
            name: RecordedGateway(name, capabilities)
            for name, capabilities in record.started.providers.items()
        }
        self._session = Session(record.run, plan, gateways, stream, settings)
        self.ended_by: LiftError | None = None
        """What ended the run, where it was an error."""
        self.changes: list[str] = []
        """Versions and prompts that are not those of then."""

    def tell_changes(self, distributions: Mapping[str, str], prompts: Mapping[str, str]) -> None:
        """What is installed now beside what was then; of what a replay does not use, nothing."""
        self.changes = [
            *changes(self._record.distributions, distributions),
            *changes(self._record.started.prompts, prompts, "the prompt "),
        ]

    @property
    def differences(self) -> list[Difference]:
        """So far; none is what a replay is to show."""
        return self._comparison.found

    async def results(self) -> AsyncGenerator[TaskResult]:
        """As the run gave them. Raises what ended the run, where it was an error, and RecordError
        where something is asked for that the record does not have."""
        for label in self._record.order:
            recorded = self._record.tasks[label]
            try:
                result = await self._again(recorded)
            except LiftError as error:
                if recorded.ended is None or not recorded.ended.ends_run:
                    raise
                self.ended_by = self.ended_by or error
            else:
                # Of a run that an error ended, nobody was shown what it cut short.
                if self.ended_by is None:
                    yield result
        if self.ended_by is not None:
            raise self.ended_by

    async def _again(self, recorded: TaskRecord) -> TaskResult:
        past = Past(recorded, complete=True)
        try:
            return await self._session.solve_as(recorded.label, recorded.task, past)
        except asyncio.CancelledError:
            if not past.stopped_by_person or _cancelled():
                raise
            return self._session.interrupted[recorded.label]


def changes(before: Mapping[str, str], now: Mapping[str, str], what: str = "") -> list[str]:
    """What is otherwise now, of all that there is now."""
    return [
        f"{what}{name} was {before.get(name, 'not used')}, and is {state} now"
        for name, state in now.items()
        if before.get(name) != state
    ]


def _cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


@dataclass(slots=True)
class _Comparison:
    """An observer that holds what happens against what is recorded."""

    record: RunRecord
    redact: Callable[[Any], Any]
    found: list[Difference] = field(default_factory=list[Difference])

    def on_event(self, event: Event) -> None:
        match event:
            case AttemptEnded():
                attempts = self.record.tasks[event.task].attempts
                what = f"the verdict of attempt {event.attempt}"
                if event.attempt > len(attempts):
                    self._tell(event.task, f"attempt {event.attempt}", "not made", "made")
                    return
                before = attempts[event.attempt - 1]
                self._compare(event.task, what, before.verdict, event.verdict)
                what = f"the spend of attempt {event.attempt}"
                self._compare(event.task, what, before.spend, event.spend)
            case TaskEnded():
                ended = self.record.tasks[event.task].ended
                for what in ("status", "why", "solution", "spend"):
                    before, now = getattr(ended, what), getattr(event, what)
                    self._compare(event.task, f"its {what}", before, now)
            case _:
                pass

    def close(self) -> None:
        pass

    def _compare(self, task: str, what: str, recorded: object, now: object) -> None:
        before, after = _plain(recorded), self.redact(_plain(now))
        if before != after:
            self._tell(task, what, *_unlike(before, after))

    def _tell(self, task: str, what: str, recorded: str, now: str) -> None:
        self.found.append(Difference(task, what, recorded, now))


def _plain(value: object) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _unlike(one: object, other: object) -> tuple[str, str]:
    """Both, as far as they differ."""
    before, after = _entries(one), _entries(other)
    if before is None or after is None:
        return _short(one), _short(other)
    names = [name for name in before if before[name] != after.get(name)]
    pairs = [(name, *_unlike(before[name], after.get(name))) for name in names]
    told = ", ".join(f"{name} {a}" for name, a, _ in pairs)
    return told, ", ".join(f"{name} {b}" for name, _, b in pairs)


def _entries(value: object) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


class Resumed:
    """A session over a run that goes on: what is finished is taken from its record."""

    def __init__(self, session: Session, record: RunRecord) -> None:
        self._session = session
        self._record = record

    @property
    def interrupted(self) -> Sequence[TaskResult]:
        """What was reached of tasks that a cancel cut short."""
        return tuple(self._session.interrupted.values())

    async def results(
        self, further: Iterable[Task], concurrency: int
    ) -> AsyncGenerator[TaskResult]:
        """Those that are recorded, in the order in which they came, then those that were lost;
        `further` are tasks that had not begun."""
        tasks = self._record.tasks
        for label in self._record.order:
            if tasks[label].finished:
                yield result_of(tasks[label])
        lost = [task for task in tasks.values() if not task.finished]
        async with aclosing(self._session.go_on(lost, further, concurrency)) as results:
            async for result in results:
                yield result
