"""What tasks that are solved elsewhere may take of the run's budget: so much is kept for each."""

import asyncio
from typing import TypeVar

from ..errors import InputError
from ..interfaces import Limits, Spend
from .budget import Budget

N = TypeVar("N", int, float)
_NO_LIMITS = Limits()
_KEPT = ("usd", "tokens", "calls")


class Leases:
    def __init__(self, run: Budget, task: Limits) -> None:
        """Raises InputError where nobody can say what one task may take."""
        for what in _KEPT:
            if getattr(run.limits, what) is not None and getattr(task, what) is None:
                raise InputError(
                    f"workers that do not see each other cannot keep to `run_budget.{what}`",
                    remedy=f"say with `budget.{what}` what one task may take, or take `engine` out",
                )
        self._run = run
        self._task = task
        self._kept: dict[str, Limits] = {}
        """What each may still take."""
        self._changed = asyncio.Event()

    async def take(self, key: str, spent: Spend) -> Limits:
        """The most that it may have spent in the end, `spent` among it. Waits while others may
        still give something back."""
        if self._run.limits == _NO_LIMITS:
            return _NO_LIMITS
        wanted = self._task.left(spent, 0.0)
        self.give_back(key)
        while self._kept and not _covers(self._free(), wanted):
            self._changed.clear()
            await self._changed.wait()
        free = self._free()
        lease = Limits(
            usd=_least(free.usd, wanted.usd),
            tokens=_least(free.tokens, wanted.tokens),
            calls=_least(free.calls, wanted.calls),
        )
        self._kept[key] = lease
        return Limits(
            usd=_plus(lease.usd, spent.usd),
            tokens=_plus(lease.tokens, spent.tokens),
            calls=_plus(lease.calls, spent.calls),
            seconds=free.seconds,
        )

    def note(self, key: str, spend: Spend) -> None:
        """It has spent this: that is no longer kept for it."""
        if key in self._kept:
            self._kept[key] = self._kept[key].left(spend, 0.0)

    def give_back(self, key: str) -> None:
        if self._kept.pop(key, None) is not None:
            self._changed.set()

    def _free(self) -> Limits:
        free = self._run.left
        for kept in self._kept.values():
            usd, tokens, calls = kept.usd or 0.0, kept.tokens or 0, kept.calls or 0
            free = free.left(Spend(usd=usd, input_tokens=tokens, calls=calls), 0.0)
        return free


def _covers(free: Limits, wanted: Limits) -> bool:
    pairs = ((getattr(free, what), getattr(wanted, what)) for what in _KEPT)
    return all(there is None or asked is None or there >= asked for there, asked in pairs)


def _least(free: N | None, wanted: N | None) -> N | None:
    """None where the run has no limit: the task keeps to its own."""
    return None if free is None or wanted is None else min(free, wanted)


def _plus(lease: N | None, spent: N) -> N | None:
    return None if lease is None else lease + spent
