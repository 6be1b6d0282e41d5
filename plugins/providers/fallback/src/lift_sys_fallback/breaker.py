"""A circuit breaker: who fails several times in a row is left alone, then tried with one call."""

from collections.abc import Callable
from typing import Literal

State = Literal["closed", "open", "half-open"]


class Breaker:
    """Closed: calls go through. Open: none does. Half-open: one does, and decides."""

    def __init__(self, failures: int, rest: float, clock: Callable[[], float]) -> None:
        self._most = failures
        self._rest = rest
        self._clock = clock
        self._failed = 0
        self._until = 0.0
        self._tried = False

    @property
    def state(self) -> State:
        if self._failed < self._most:
            return "closed"
        return "open" if self.wait > 0 else "half-open"

    @property
    def wait(self) -> float:
        """Seconds until a call may try."""
        return max(0.0, self._until - self._clock())

    def enter(self) -> bool:
        """Whether a call may go through; it is to tell then what came of it."""
        if self.state == "closed":
            return True
        if self.state == "open" or self._tried:
            return False
        self._tried = True
        return True

    def worked(self) -> None:
        self._failed = 0
        self._tried = False

    def failed(self, wish: float | None = None) -> None:
        """`wish`: the seconds that the server asked to be left alone for."""
        self._failed += 1
        self._tried = False
        if self._failed >= self._most:
            self._until = self._clock() + max(self._rest, wish or 0.0)

    def left(self) -> None:
        """The call ended without an answer of either kind, as one that is cancelled."""
        self._tried = False
