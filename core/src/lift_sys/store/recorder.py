"""A run's recorder: numbers its events, keeps count, and hands the rows to the writer."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..interfaces import (
    CallMade,
    CandidateDrawn,
    Event,
    RunEnded,
    RunStarted,
    Spend,
    TaskEnded,
    TaskStarted,
)
from .blobs import Blob, packed
from .owners import release
from .rows import Redact, Row, storable, to_row
from .statements import FORGET, RELEASE, SAMPLES, STATUS_COLUMNS, TASKS
from .times import utc_now
from .writer import Entry, Parameters, Writer

_REQUEST_SHOWN = 200


@dataclass(slots=True)
class TaskState:
    number: int
    id: str
    request: str = ""
    category: str | None = None
    difficulty: str | None = None
    status: str | None = None


@dataclass(slots=True)
class RunRow:
    """Where a run stands: the row of `runs` that the writer keeps up."""

    key: int
    owner: str
    started: str
    ended: int = 0
    why: str = ""
    pipeline: str = ""
    label: str = ""
    seed: int = 0
    epoch: int = 0
    seconds: float = 0.0
    events: int = 0
    tasks: int = 0
    statuses: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATUS_COLUMNS, 0))
    candidates: int = 0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    unpriced_calls: int = 0
    call_seconds: float = 0.0
    cached_calls: int = 0
    cached_usd: float = 0.0

    def parameters(self) -> Parameters:
        """In the order of STATE_COLUMNS, then the key."""
        return (
            self.started,
            utc_now(),
            self.ended,
            self.why,
            self.pipeline,
            self.label,
            self.seed,
            self.epoch,
            self.seconds,
            self.events,
            self.tasks,
            *self.statuses.values(),
            self.candidates,
            self.calls,
            self.input_tokens,
            self.output_tokens,
            self.usd,
            self.unpriced_calls,
            self.call_seconds,
            self.cached_calls,
            self.cached_usd,
            self.key,
        )


class StoreRecorder:
    """Implements `Recorder`. From one thread; `close` returns once all is committed.

    What an event holds must not change after it was told, which no event does.

    A run of which nothing was recorded leaves nothing behind.
    """

    def __init__(
        self, writer: Writer, row: RunRow, tasks: Mapping[str, TaskState], redact: Redact
    ) -> None:
        self._writer = writer
        self._row = row
        self._tasks = dict(tasks)
        self._redact = redact
        self._began = time.monotonic() - row.seconds
        self._closed = False

    def record(self, event: Event) -> None:
        """Raises RecordError where this or an earlier event cannot be kept."""
        self._writer.put(partial(self._entry, event, time.monotonic() - self._began))
        if isinstance(event, RunStarted):
            # Others see the run from its start, and what it is given does not wait in here.
            self._writer.flush()

    def _entry(self, event: Event, at: float) -> Entry:
        """Made in the writer's thread, many in a row: done one by one as the events come, the same
        work takes three times as long, as other work has emptied the processor's caches."""
        row = to_row(event, self._redact)
        at = round(at, 6)
        writes: list[tuple[str, Parameters]] = []
        texts: list[Blob] = []
        number = self._task_number(event, writes)
        self._count(event, at, writes)
        writes.append((row.table, self._parameters(row, at, number, texts)))
        for place, sample in enumerate(row.samples):
            head = (self._row.key, self._row.events, place, sample.key, len(row.samples))
            digests = (_pack(sample.text, texts), _pack(sample.rest, texts))
            writes.append((SAMPLES, (*head, sample.body, *digests)))
        return Entry(writes, texts, self._row.parameters)

    def flush(self) -> None:
        """Returns once all that was recorded is committed."""
        self._writer.flush()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            release(self._row.owner)
            self._writer.put(self._last)
            self._writer.flush()

    def _last(self) -> Entry:
        if self._row.ended:
            return Entry([])
        return Entry([(RELEASE if self._row.events else FORGET, (self._row.key,))])

    def _parameters(self, row: Row, at: float, task: int, texts: list[Blob]) -> Parameters:
        kind = () if row.kind is None else (row.kind,)
        head = (self._row.key, self._row.events, at, task, row.body)
        return (*head, *kind, *(_pack(text, texts) for text in row.texts))

    def _task_number(self, event: Event, writes: list[tuple[str, Parameters]]) -> int:
        """0: the run as a whole."""
        if not event.task:
            return 0
        state = self._tasks.get(event.task)
        if state is None:
            name = storable(self._redact(event.task))
            state = self._tasks[event.task] = TaskState(len(self._tasks) + 1, name)
            self._row.tasks += 1
            if not isinstance(event, TaskStarted | TaskEnded):
                writes.append((TASKS, self._task(state)))
        return state.number

    def _count(self, event: Event, at: float, writes: list[tuple[str, Parameters]]) -> None:
        run = self._row
        run.events += 1
        run.seconds = at
        run.ended = 0
        match event:
            case CandidateDrawn():
                run.candidates += 1
            case CallMade():
                self._count_call(event)
            case TaskStarted():
                state = self._tasks[event.task]
                self._enter(state, None)
                shown = " ".join(self._redact(event.request).split())
                state.request = storable(shown)[:_REQUEST_SHOWN]
                state.category = _text(event.document.get("category"))
                state.difficulty = _text(event.document.get("difficulty"))
                writes.append((TASKS, self._task(state)))
            case TaskEnded():
                state = self._tasks[event.task]
                self._enter(state, event.status)
                writes.append((TASKS, self._task(state, event)))
            case RunStarted():
                run.started, run.seed, run.epoch = event.started, event.seed, event.epoch
                run.pipeline = storable(self._redact(event.pipeline))
                run.label = storable(self._redact(event.label))
            case RunEnded():
                run.ended, run.why = 1, storable(self._redact(event.why))
            case _:
                pass

    def _count_call(self, event: CallMade) -> None:
        call = event.call
        run = self._row
        if call.cached:
            run.cached_calls += 1
            run.cached_usd += call.cost or 0.0
            return
        run.calls += 1
        run.input_tokens += call.usage.input_tokens
        run.output_tokens += call.usage.output_tokens
        run.usd += call.cost or 0.0
        run.unpriced_calls += call.cost is None
        run.call_seconds += call.seconds

    def _enter(self, state: TaskState, status: str | None) -> None:
        """A task that is done again counts once, as what it became last."""
        statuses = self._row.statuses
        if state.status is not None:
            statuses[state.status] -= 1
        if status is not None:
            statuses[status] += 1
        state.status = status

    def _task(self, state: TaskState, ended: TaskEnded | None = None) -> Parameters:
        """In the order of the columns of `tasks`."""
        solution = None if ended is None else ended.solution
        spend = Spend() if ended is None else ended.spend
        return (
            self._row.key,
            state.number,
            state.id,
            state.request,
            state.category,
            state.difficulty,
            state.status,
            "" if ended is None else storable(self._redact(ended.why)),
            None if solution is None else solution.verdict.category,
            spend.calls,
            spend.input_tokens,
            spend.output_tokens,
            spend.usd,
            spend.unpriced_calls,
            spend.seconds,
            spend.cached_calls,
            spend.cached_usd,
            0.0 if ended is None else ended.seconds,
        )


def _pack(text: str | None, texts: list[Blob]) -> bytes | None:
    """Its digest; the text itself joins those that are to be kept."""
    if text is None:
        return None
    texts.append(packed(text))
    return texts[-1].digest


def _text(value: Any) -> str | None:
    return storable(value) if isinstance(value, str) else None
