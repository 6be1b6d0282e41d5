"""A training as it goes on: told on the terminal, and its curves kept in a store."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TypeVar

from ..errors import LiftError
from ..store import Curves
from ..training_journal import Point, points_of
from ._pace import duration
from ._terminal import complain, err, line

T = TypeVar("T")

_PATIENCE = 20.0
"""Seconds between two looks at the journal."""


@dataclass(slots=True)
class Watch:
    folder: Path
    steps: int
    """Of all trials together."""
    curves: Curves | None
    quiet: bool
    _begun: float = field(default_factory=monotonic)
    _first: int | None = None
    _done: int = -1
    _complained: str = ""

    async def over(self, work: Awaitable[T]) -> T:
        watching = asyncio.create_task(self._now_and_then())
        try:
            return await work
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            self._look()

    async def _now_and_then(self) -> None:
        with suppress(LiftError):  # told by the trainer, or when it is looked at next
            self._first = _done(points_of(self.folder))
        while True:
            await asyncio.sleep(_PATIENCE)
            self._look()

    def _look(self) -> None:
        try:
            self._look_at(points_of(self.folder))
        except LiftError as error:  # hours of training are not thrown away for it
            if error.cause != self._complained:
                complain(f"cannot show how the training goes: {error.cause}", error.remedy)
            self._complained = error.cause

    def _look_at(self, points: list[Point]) -> None:
        done = _done(points)
        if done == self._done:
            return
        self._done = done
        if not self.quiet and points:
            err(line(self._told(points, done)))
        if self.curves is not None:
            self.curves.put(training_named(self.folder), points)

    def _told(self, points: list[Point], done: int) -> str:
        losses = [one.value for one in points if one.name == "loss"]
        told = f"step {done:,} of {self.steps:,}"
        if losses:
            told += f", loss {losses[-1]:.4g}"
        fresh = done - (self._first or 0)
        if fresh > 0 and done < self.steps:
            left = (self.steps - done) * (monotonic() - self._begun) / fresh
            told += f", about {duration(left)} left"
        return told


def training_named(folder: Path) -> str:
    """What a training is called in a store."""
    return str(folder.resolve())


def _done(points: list[Point]) -> int:
    last: dict[str, int] = {}
    for one in points:
        last[one.trial] = max(one.step, last.get(one.trial, 0))
    return sum(last.values())
