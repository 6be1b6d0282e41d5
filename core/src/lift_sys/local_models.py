"""For providers of models in this process: who holds which model, and what it is asked.

Providers of one model share its worker, and the last of them ends it.
"""

import asyncio
import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from .errors import ProviderError
from .interfaces import Reply, Request

Answer = Reply | ProviderError


def _future() -> "Future[Answer]":
    return Future()


OptionsT = TypeVar("OptionsT")


@dataclass(slots=True, eq=False)
class Job(Generic[OptionsT]):
    request: Request
    options: OptionsT
    model: str
    """As the reply names it."""
    future: "Future[Answer]" = field(default_factory=_future)
    given_up: bool = False
    """Nobody waits for it any more: looked at before every token."""

    def give_up(self) -> None:
        self.given_up = True

    def answer(self, answer: Answer) -> None:
        if self.future.set_running_or_notify_cancel():
            self.future.set_result(answer)


def closed() -> ProviderError:
    """Of one that was given up because of that; who cancelled it hears nothing."""
    return ProviderError("the provider was closed", remedy="ask before it is, or another one")


async def answers(
    submit: Callable[[Job[OptionsT]], None], jobs: Sequence[Job[OptionsT]]
) -> list[Answer]:
    """Cancelled, it gives the jobs up."""
    for job in jobs:
        submit(job)
    try:
        return await asyncio.gather(*(asyncio.wrap_future(job.future) for job in jobs))
    finally:
        for job in jobs:
            job.give_up()  # of no effect on one that is done


class Worker(Protocol):
    """Holds a model."""

    def close(self) -> None:
        """Gives up what is under way, and unloads the model."""
        ...


WorkerT = TypeVar("WorkerT", bound=Worker)


@dataclass(slots=True)
class _Held(Generic[WorkerT]):
    worker: WorkerT
    users: int = 0


class Shared(Generic[WorkerT]):
    """The workers of one plugin, by what makes them the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[Hashable, _Held[WorkerT]] = {}

    def __len__(self) -> int:
        return len(self._held)

    def take(self, key: Hashable, make: Callable[[], WorkerT]) -> WorkerT:
        with self._lock:
            if key not in self._held:
                self._held[key] = _Held(make())
            held = self._held[key]
            held.users += 1
            return held.worker

    def give_back(self, key: Hashable) -> None:
        with self._lock:
            held = self._held[key]
            held.users -= 1
            if held.users:
                return
            del self._held[key]
        held.worker.close()


class Lease(Generic[WorkerT]):
    """A provider's share of a worker: taken at the first use, given back once."""

    def __init__(self, shared: Shared[WorkerT], key: Hashable, make: Callable[[], WorkerT]) -> None:
        self._shared, self._key, self._make = shared, key, make
        self._lock = threading.Lock()
        self._worker: WorkerT | None = None

    @property
    def taken(self) -> WorkerT | None:
        return self._worker

    def worker(self) -> WorkerT:
        with self._lock:
            if self._worker is None:
                self._worker = self._shared.take(self._key, self._make)
            return self._worker

    def end(self) -> None:
        """Waits for the token under way, not for replies."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            self._shared.give_back(self._key)


__all__ = ["Answer", "Job", "Lease", "Shared", "Worker", "answers", "closed"]
