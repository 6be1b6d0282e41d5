"""What a run's events say of it: by task, and ready to be asked."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ..errors import RecordError
from ..interfaces import (
    Assignment,
    AttemptEnded,
    Call,
    CallMade,
    CutOff,
    Delivered,
    Event,
    LeftRead,
    Limits,
    RouteTaken,
    RunEnded,
    RunResumed,
    RunStarted,
    SamplesRefused,
    Spend,
    Task,
    TaskEnded,
    TaskStarted,
    spend_of_calls,
)
from .identity import place_of

CANCELLED = "cancelled"
"""The error of a call that nobody waited for any longer."""


class Told(Protocol):
    """An event as a record keeps it."""

    @property
    def at(self) -> float:
        """Seconds since the run began, without the pauses before it was resumed."""
        ...

    @property
    def event(self) -> Event: ...


class Kept(NamedTuple):
    """A sample, with the call that delivered it; None: the call failed."""

    delivered: Delivered
    call: Call | None
    paid: Call


@dataclass(slots=True)
class TaskRecord:
    """What is known of one task: its calls of all times, the rest since it last began."""

    label: str
    started: TaskStarted | None = None
    samples: dict[str, Kept] = field(default_factory=dict[str, Kept])
    """By place, in the order in which they came."""
    failed: dict[str, list[CallMade]] = field(default_factory=dict[str, list[CallMade]])
    """Tries that others followed, by the place of the first sample they were to deliver."""
    cancelled: dict[str, list[CallMade]] = field(default_factory=dict[str, list[CallMade]])
    raised: dict[str, CallMade] = field(default_factory=dict[str, CallMade])
    numbers: dict[str, int] = field(default_factory=dict[str, int])
    """How many calls were made for a place."""
    refused: dict[str, str] = field(default_factory=dict[str, str])
    routes: list[RouteTaken] = field(default_factory=list[RouteTaken])
    readings: dict[str, list[Limits]] = field(default_factory=dict[str, list[Limits]])
    attempts: list[AttemptEnded] = field(default_factory=list[AttemptEnded])
    cut: CutOff | None = None
    steps: int = 0
    """Events of its own before it was cut off, calls not among them."""
    ended: TaskEnded | None = None
    seconds: float = 0.0
    _since: float = 0.0
    _before: float = 0.0

    @property
    def finished(self) -> bool:
        """Whether a resumed run has nothing to do for it."""
        return (
            self.ended is not None and self.ended.status != "cancelled" and not self.ended.ends_run
        )

    @property
    def task(self) -> Task:
        if self.started is None:
            raise RecordError(f"the record says nothing of how task {self.label!r} began")
        return Task.model_validate_json(json.dumps(self.started.document))

    @property
    def calls(self) -> Iterator[Call]:
        for kept in self.samples.values():
            yield kept.paid
        for tries in (*self.failed.values(), *self.cancelled.values()):
            yield from (made.call for made in tries)
        yield from (made.call for made in self.raised.values())

    def tell(self, at: float, event: Event) -> None:
        match event:
            case TaskStarted():
                self._begin(at, event)
            case CallMade():
                self._called(event)
            case SamplesRefused():
                places = (place_of(event.provider, event.request, i) for i in event.indices)
                self.refused |= dict.fromkeys(places, event.error)
            case CutOff():
                self.cut = event
            case TaskEnded():
                self.ended = event
            case _:
                self._step(event)
        self.seconds = self._before + max(0.0, at - self._since)

    def _begin(self, at: float, event: TaskStarted) -> None:
        self._before, self._since = self.seconds, at
        self.started, self.ended, self.cut = event, None, None
        self.steps = 0
        for void in (self.refused, self.routes, self.readings, self.attempts):
            void.clear()

    def _called(self, made: CallMade) -> None:
        place = place_of(made.call.provider, made.request, made.first)
        self.numbers[place] = self.numbers.get(place, 0) + 1
        if made.samples:
            call = None if made.error else made.call
            for each in made.samples:
                own = place_of(made.call.provider, made.request, each.index)
                self.samples[own] = Kept(each, call, made.call)
        elif made.raised:
            self.raised[place] = made
        else:
            kind = self.cancelled if made.error == CANCELLED else self.failed
            kind.setdefault(place, []).append(made)

    def _step(self, event: Event) -> None:
        match event:
            case RouteTaken():
                self.routes.append(event)
            case LeftRead():
                self.readings.setdefault(event.stage, []).append(event.left)
            case AttemptEnded():
                self.attempts.append(event)
            case _:
                pass
        if self.cut is None:
            self.steps += 1


@dataclass(slots=True)
class RunRecord:
    """A whole run. Raises RecordError for what is no run's record."""

    started: RunStarted
    tasks: dict[str, TaskRecord] = field(default_factory=dict[str, TaskRecord])
    """By label, in the order in which they began."""
    resumed: list[RunResumed] = field(default_factory=list[RunResumed])
    ended: RunEnded | None = None
    """None: it was broken off."""
    order: list[str] = field(default_factory=list[str])
    """Labels of tasks in the order in which they ended."""
    seconds: float = 0.0

    @classmethod
    def of(cls, told: Iterable[Told]) -> "RunRecord":
        record: RunRecord | None = None
        for each in told:
            if record is None:
                if not isinstance(each.event, RunStarted):
                    raise RecordError(
                        "the record does not begin with the start of a run",
                        remedy="give the whole record, from its first event on",
                    )
                record = cls(each.event)
            else:
                record.tell(each.at, each.event)
        if record is None:
            raise RecordError("the record is empty", remedy="give the record of a run")
        return record

    @property
    def run(self) -> str:
        return self.started.run

    @property
    def distributions(self) -> dict[str, str]:
        """Those it used last."""
        return (self.resumed[-1] if self.resumed else self.started).distributions

    @property
    def complete(self) -> bool:
        return self.ended is not None and all(task.finished for task in self.tasks.values())

    @property
    def calls(self) -> Iterator[Call]:
        """All that were ever made for it, each once."""
        made = (call for task in self.tasks.values() for call in task.calls)
        yield from {call.id: call for call in made}.values()

    @property
    def spend(self) -> Spend:
        return spend_of_calls(self.calls)

    def revealed(self, reveal: Callable[[Any], Any]) -> "RunRecord":
        """With the values of the environment put back where the record has their names: what is
        asked and what was answered is then what it was."""
        assignment = assignment_of(self.started, reveal)
        self.started = self.started.model_copy(update={"assignment": assignment})
        for task in self.tasks.values():
            if task.started is not None:
                document = reveal(task.started.document)
                task.started = task.started.model_copy(update={"document": document})
            for place, kept in task.samples.items():
                task.samples[place] = _revealed(kept, reveal)
        return self

    def tell(self, at: float, event: Event) -> None:
        self.seconds = max(self.seconds, at)
        match event:
            case RunResumed():
                self.resumed.append(event)
                self.ended = None
            case RunEnded():
                self.ended = event
            case _ if event.task:
                task = self.tasks.setdefault(event.task, TaskRecord(event.task))
                task.tell(at, event)
                self._order(event)
            case _:
                pass

    def _order(self, event: Event) -> None:
        if isinstance(event, TaskStarted) and event.task in self.order:
            self.order.remove(event.task)
        elif isinstance(event, TaskEnded):
            self.order.append(event.task)


def assignment_of(started: RunStarted, reveal: Callable[[Any], Any]) -> Assignment | None:
    """Paths in it may hold what the environment says, and so may a digest, by chance."""
    given = started.assignment
    return given and Assignment.model_validate(reveal(given.model_dump(mode="json")))


def _revealed(kept: Kept, reveal: Callable[[Any], Any]) -> Kept:
    said = kept.delivered.completion
    if said is None:
        return kept
    texts = {"text": reveal(said.text), "reasoning": reveal(said.reasoning)}
    if texts == {"text": said.text, "reasoning": said.reasoning}:
        return kept
    completion = said.model_copy(update=texts)
    return kept._replace(delivered=kept.delivered.model_copy(update={"completion": completion}))
