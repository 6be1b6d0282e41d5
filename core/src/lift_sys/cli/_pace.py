"""How a run over many tasks is getting on."""

import math
import time
from collections.abc import Callable

from ..interfaces import TaskEnded


class Pace:
    """Counts what ended; what is left is foreseen from how long that took."""

    def __init__(self, of: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._of = of
        self._clock = clock
        self._began = clock()
        self._done = 0
        self._passed = 0
        self._usd = 0.0

    def add(self, ended: TaskEnded) -> None:
        self._done += 1
        self._passed += ended.status == "pass"
        self._usd += ended.spend.usd

    def text(self) -> str:
        told = f"{self._done} of {self._of}"
        if not self._done:
            return told
        told += f", {100 * self._passed / self._done:.0f} % passed, ${self._usd:.4f}"
        seconds = self._clock() - self._began
        left = self._of - self._done
        if not seconds or left <= 0:
            return told
        rate = self._done / seconds
        return f"{told}, {60 * rate:.1f} tasks a minute, {duration(left / rate)} left"


def duration(seconds: float) -> str:
    """As a person says it: rounded up, in one unit or two."""
    if seconds < 90:
        return f"{math.ceil(seconds)} s"
    minutes = math.ceil(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
