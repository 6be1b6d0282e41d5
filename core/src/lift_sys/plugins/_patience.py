"""Time that a process was there for, less what it had to wait for a processor: on a machine that is
busy with other things nobody is late."""

import time
from pathlib import Path

_NANOSECONDS = 1e-9


class Patience:
    def __init__(self, seconds: float, pid: int | None = None) -> None:
        """`pid`: whose; None: this one's."""
        self._seconds = seconds
        # The main thread's: plugins are imported in it.
        self._waits = Path("/proc", "self" if pid is None else str(pid), "schedstat")
        self._began = time.monotonic()
        self._waited = self._waited_so_far()

    @property
    def is_over(self) -> bool:
        waited = self._waited_so_far() - self._waited
        return time.monotonic() - self._began - waited >= self._seconds

    def _waited_so_far(self) -> float:
        try:
            return int(self._waits.read_bytes().split()[1]) * _NANOSECONDS
        except (OSError, ValueError, IndexError):
            return 0.0  # Linux alone keeps count
