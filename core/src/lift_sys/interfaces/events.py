"""A run as an ordered stream of events. What is recorded is this, and only this."""

from typing import Annotated, Any, Literal, Protocol, runtime_checkable

from pydantic import Field, TypeAdapter

from ..ir import Frozen
from .candidate import Call, Solution, Spend
from .data_source import Assignment
from .limits import Limits
from .provider import Capabilities, Completion
from .strategy import Cluster, Round
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
    epoch: int = 0
    """Which repetition this run is: each draws samples of its own."""
    pipeline: str = ""
    """The path of the pipeline file; empty: it stood in no file."""
    label: str = ""
    """A person's own name for the run, or for several."""
    base: str = ""
    """The folder that paths in the config are relative to."""
    bases: dict[str, str] = {}
    """The folder for those that another file states, by their place in the config."""
    providers: dict[str, Capabilities] = {}
    prompts: dict[str, str] = {}
    """Digests of the prompt templates, by `stage/dialect`."""
    whole_source: bool = False
    """Whether its tasks are all those that the config names under `tasks:`."""
    assignment: Assignment | None = None
    """Where the run is to be graded: the tasks of which suite it was given."""


class RunResumed(_Event):
    """The run goes on, maybe on another day and in another process.

    Each task that had not ended begins anew with a TaskStarted of its own: what was told of it
    before is void, but for its calls and their samples, which are used again and not told again.
    """

    kind: Literal["run_resumed"] = "run_resumed"
    started: str
    """UTC, ISO 8601."""
    distributions: dict[str, str]


class TaskStarted(_Event):
    kind: Literal["task_started"] = "task_started"
    request: str
    document: dict[str, Any]
    resumed: bool = False
    """Begun before, and now anew."""


class RouteTaken(_Event):
    kind: Literal["route_taken"] = "route_taken"
    attempt: int
    route: str
    reason: str
    start: str
    budget: Limits | None = None
    """Of this attempt alone."""
    forced: bool = False
    """Whether the router asked for this start."""
    audit: bool = False
    """Whether this is no attempt at the task, but one to hold an accepted answer against."""


class Delivered(Frozen):
    """One sample of a request: what the provider said, or why there is nothing."""

    index: int
    key: str
    """The sample's identity, by which the completion cache knows it."""
    seed: int | None = None
    completion: Completion | None = None
    error: str | None = None


class CallMade(_Event):
    """One try at a call, with all that it delivered: the two are kept together or not at all."""

    kind: Literal["call_made"] = "call_made"
    call: Call
    """Where it is `cached`, nothing was asked of anybody, and nothing is billed."""
    request: str
    """Digest of the request without its n."""
    first: int = 0
    """Index of the first sample that was asked for."""
    retries: int = 0
    error: str | None = None
    raised: str | None = None
    """Name of the error, where it ends the run."""
    remedy: str = ""
    """Of the error that ends the run."""
    ignored: tuple[str, ...] = ()
    samples: tuple[Delivered, ...] = ()
    """None where the try failed and is followed by another."""


class SamplesRefused(_Event):
    """What no budget covered: nobody was asked."""

    kind: Literal["samples_refused"] = "samples_refused"
    provider: str
    request: str
    indices: tuple[int, ...]
    error: str


class LeftRead(_Event):
    """A component looked at what its budgets still allow, which depends on the clock."""

    kind: Literal["left_read"] = "left_read"
    stage: str
    left: Limits


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
    rounds: tuple[Round, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    spend: Spend | None = None
    """Of all calls that were delivered while it ran."""


class CutOff(_Event):
    """An attempt was stopped from outside, at this place: by the clock, or by a person."""

    kind: Literal["cut_off"] = "cut_off"
    attempt: int
    reason: Literal["time", "cancelled"]
    best: str | None
    """The candidate that was its answer then."""
    waiting: tuple[str, ...] = ()
    """The samples that were asked for and had not come, as `provider/request/index`."""


class AttemptEnded(_Event):
    kind: Literal["attempt_ended"] = "attempt_ended"
    attempt: int
    route: str
    verdict: Verdict
    fault: str | None
    spend: Spend
    audit: bool = False


class AttemptAudited(_Event):
    """An answer that passed was held against another one, found by itself."""

    kind: Literal["attempt_audited"] = "attempt_audited"
    attempt: int
    """The one whose answer was accepted."""
    route: str
    """By which that was found."""
    by: str
    """The route of the audit."""
    agrees: bool | None
    """Whether the two do the same; None: there is nothing to compare, as `why` says."""
    why: str
    spend: Spend
    """Of the audit."""


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
    ends_run: bool = False
    """Whether it met what every other task would meet too."""


class RunEnded(_Event):
    kind: Literal["run_ended"] = "run_ended"
    why: str
    spend: Spend
    seconds: float


Event = Annotated[
    RunStarted
    | RunResumed
    | TaskStarted
    | RouteTaken
    | CallMade
    | SamplesRefused
    | LeftRead
    | CandidateDrawn
    | CandidateScored
    | StrategyStopped
    | CutOff
    | AttemptEnded
    | AttemptAudited
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
