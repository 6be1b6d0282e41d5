"""A run as an ordered stream of events. What is recorded is this, and only this."""

from typing import Annotated, Any, Literal, Protocol, runtime_checkable

from pydantic import Field, TypeAdapter

from ..ir import Frozen
from .candidate import Call, Solution, Spend
from .verdict import Verdict


class _Event(Frozen):
    task: str = ""
    """Id of the task it belongs to; empty: the run as a whole."""


class RunStarted(_Event):
    kind: Literal["run_started"] = "run_started"
    run: str
    started: str
    """UTC, ISO 8601."""
    config: dict[str, Any]
    """The pipeline as written, `${ENV}` unexpanded."""
    distributions: dict[str, str]
    seed: int


class TaskStarted(_Event):
    kind: Literal["task_started"] = "task_started"
    request: str
    document: dict[str, Any]


class RouteTaken(_Event):
    kind: Literal["route_taken"] = "route_taken"
    attempt: int
    route: str
    reason: str
    start: str


class CallMade(_Event):
    kind: Literal["call_made"] = "call_made"
    call: Call
    request: str
    """Digest of the request without its n."""
    retries: int = 0
    error: str | None = None
    ignored: tuple[str, ...] = ()


class CandidateDrawn(_Event):
    kind: Literal["candidate_drawn"] = "candidate_drawn"
    stage: str
    candidate: str
    text: str
    value: Any = None
    origin: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    calls: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    notes: dict[str, str] = {}


class CandidateScored(_Event):
    kind: Literal["candidate_scored"] = "candidate_scored"
    candidate: str
    score: float | None
    reason: str
    parts: dict[str, float | None] = {}


class StrategyStopped(_Event):
    kind: Literal["strategy_stopped"] = "strategy_stopped"
    stage: str
    strategy: str
    why: str
    winners: tuple[str, ...]
    drawn: int = 0
    distinct: int | None = None
    distinct_behaviour: int | None = None


class AttemptEnded(_Event):
    kind: Literal["attempt_ended"] = "attempt_ended"
    attempt: int
    route: str
    verdict: Verdict
    fault: str | None
    spend: Spend


class Noted(_Event):
    """Something a person should be told once."""

    kind: Literal["noted"] = "noted"
    level: Literal["info", "warning"] = "info"
    message: str


class TaskEnded(_Event):
    kind: Literal["task_ended"] = "task_ended"
    status: Literal["pass", "fail", "unverified", "error", "cancelled"]
    why: str
    solution: Solution | None = None
    """The winner, for whoever grades it afterwards."""
    spend: Spend
    seconds: float


class RunEnded(_Event):
    kind: Literal["run_ended"] = "run_ended"
    why: str
    spend: Spend
    seconds: float


Event = Annotated[
    RunStarted
    | TaskStarted
    | RouteTaken
    | CallMade
    | CandidateDrawn
    | CandidateScored
    | StrategyStopped
    | AttemptEnded
    | Noted
    | TaskEnded
    | RunEnded,
    Field(discriminator="kind"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)


@runtime_checkable
class Observer(Protocol):
    """Sees every event, in order. Whatever it raises is noted and never disturbs the run."""

    def on_event(self, event: Event) -> None: ...

    def close(self) -> None: ...


@runtime_checkable
class Recorder(Protocol):
    """Keeps every event. Whatever it raises ends the run: a run that cannot be kept is not made."""

    def record(self, event: Event) -> None: ...

    def close(self) -> None: ...
