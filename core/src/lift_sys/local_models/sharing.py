"""Who holds which model: providers of one share its worker, and the last of them ends it."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    def close(self) -> None: ...


WorkerT = TypeVar("WorkerT", bound=Closable)


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
