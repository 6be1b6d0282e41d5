"""What the store tells of runs and tasks without reading their events."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from ..interfaces import Event, Spend
from ..ir import Frozen

RunState = Literal["running", "ended", "broken off"]
"""`broken off`: its process is gone and no end was recorded, so it can be resumed."""


class Recorded(NamedTuple):
    """One event as it was kept."""

    seq: int
    """1, 2, 3 and so on, without a gap within a run."""
    at: float
    """Seconds since the run began; where it was resumed, the pause is left out."""
    event: Event


class RunSummary(Frozen):
    """A line of `lift runs`, kept up with each commit: no event is read for it."""

    id: str
    state: RunState
    started: str
    """UTC, ISO 8601, as `RunStarted` says it."""
    written: str
    """When something was last recorded: UTC, ISO 8601."""
    why: str
    """Why it ended; empty: it has not."""
    pipeline: str
    label: str
    seed: int
    epoch: int
    events: int
    tasks: int
    """Those that began."""
    statuses: Mapping[str, int]
    """How many tasks ended with each status."""
    candidates: int
    spend: Spend
    seconds: float


class TaskSummary(Frozen):
    """One task of a run, as it stands."""

    run: str
    id: str
    number: int
    """1 for the task that began first."""
    request: str
    """The beginning of it, on one line."""
    category: str | None = None
    difficulty: str | None = None
    status: str | None
    """None: it has not ended."""
    why: str = ""
    failure: str | None = None
    """Category of the first failure of its verdict."""
    spend: Spend = Spend()
    seconds: float = 0.0


class Pruned(Frozen):
    """What was taken out, or would be."""

    runs: tuple[str, ...]
    bytes: int
    """Of texts that nothing refers to any more, as stored; 0 where nothing was taken out."""
