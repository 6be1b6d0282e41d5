"""Engine: where the jobs of a batch are done. A job is known by its key alone."""

from collections.abc import AsyncGenerator, Iterable
from typing import Any, Protocol, TypeVar, runtime_checkable

from ..ir import Frozen

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class WorkSpec(Frozen):
    """From what another process makes its end of the work: plain data, without secrets."""

    factory: str
    """`module:attribute` of what makes a `Worker` from `document`."""
    document: dict[str, Any]


class Order(Frozen):
    """One job for a worker elsewhere: plain data, safe to send."""

    key: str
    attempt: int
    """1, and one more for each worker that was lost over it."""
    spec: WorkSpec
    document: dict[str, Any]
    """What is left to do: less than all of it where a worker was lost in the middle."""


class Broken(Frozen):
    """An error, as it is sent."""

    kind: str
    cause: str
    remedy: str = ""


class Told(Frozen):
    """What a worker tells of a job, as it happens."""

    key: str
    attempt: int
    number: int
    """From 0 on, within its attempt."""
    document: dict[str, Any] | None = None
    error: Broken | None = None
    """What ended the job, and ends the batch."""
    last: bool = False


class Worker(Protocol):
    """The far end of some work, which lives in another process and does one job at a time."""

    def do(self, document: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        """The order's document in; out, what is told of the job as it happens: plain data."""
        ...

    async def aclose(self) -> None: ...


class Work(Protocol[R_co]):
    """The near end: what is to be done with each key. An engine calls it, which does it here; or it
    sends what `order` gives to a worker elsewhere, and lets it `hear` whatever that tells."""

    async def __call__(self, key: str) -> R_co: ...

    async def order(self, key: str) -> Order:
        """Asked for once more after a worker was lost: what it told is not done again. May wait
        until there is money for it."""
        ...

    def hear(self, told: Told) -> R_co | None:
        """In the order in which it was told; what comes twice, or too late, counts for nothing. The
        job's result, once, with the last; else None. Raises what ends the batch."""
        ...


@runtime_checkable
class Engine(Protocol):
    """Made, it has started nothing yet: that waits for the first `run`."""

    def run(self, work: Work[R], keys: Iterable[str], concurrency: int) -> AsyncGenerator[R]:
        """Each key's result once, as it becomes ready; what a lost worker had is ordered again.
        Closed early, it leaves nothing running."""
        ...

    async def aclose(self) -> None: ...
