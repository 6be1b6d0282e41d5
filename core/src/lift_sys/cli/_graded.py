"""How far the grading of a large run is."""

import time
from typing import Final

from ._terminal import err

_SECONDS: Final = 10.0


class GradingTold:
    """Tells it on standard error, now and then: small runs are graded before."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._told = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if done < of and time.monotonic() - self._told >= self._seconds:
            self._told = time.monotonic()
            err(f"graded {done:,} of {of:,} tasks")
