"""Budgets: what a call may cost is reserved before it is made, so no limit is ever overrun."""

import asyncio
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from ..errors import BudgetExhausted
from ..interfaces import Limits, Spend

N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class Need:
    """The most that one call can cost."""

    tokens: int
    usd: float


class Budget:
    """A run's, a task's or a route's limits. A child's spending counts for its parents too."""

    def __init__(
        self,
        name: str,
        limits: Limits,
        parent: "Budget | None" = None,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = 0.0,
    ) -> None:
        """`seconds` are those that were used before, as when a run is resumed."""
        self._name = name
        self._limits = limits
        self._parent = parent
        self._clock = clock
        self._started = clock() - seconds
        self._knows_past = False
        self._reserved_calls = 0
        self._reserved_tokens = 0
        self._reserved_usd = 0.0
        self._changed = asyncio.Event()
        self._tally = _Tally()

    @property
    def spent(self) -> Spend:
        return self._tally.spend

    @property
    def limits(self) -> Limits:
        return self._limits

    @property
    def seconds(self) -> float:
        return self._clock() - self._started

    @property
    def left(self) -> Limits:
        """The tightest of this budget's and its parents' limits, less what was spent."""
        mine = self._limits.left(self.spent, self.seconds)
        if self._parent is None:
            return mine
        theirs = self._parent.left
        return Limits(
            usd=_tighter(mine.usd, theirs.usd),
            tokens=_tighter(mine.tokens, theirs.tokens),
            calls=_tighter(mine.calls, theirs.calls),
            seconds=_tighter(mine.seconds, theirs.seconds),
        )

    async def reserve(self, need: Need) -> "Reservation":
        """Waits while calls under way may still free enough; raises when they cannot."""
        while blocked := next((b for b in self._chain() if b._blocks(need)), None):
            blocked._changed.clear()
            await blocked._changed.wait()
        for budget in self._chain():
            budget._reserved_calls += 1
            budget._reserved_tokens += need.tokens
            budget._reserved_usd += need.usd
        return Reservation(self, need)

    def _chain(self) -> Iterator["Budget"]:
        budget: Budget | None = self
        while budget is not None:
            yield budget
            budget = budget._parent

    def _blocks(self, need: Need) -> bool:
        """Whether the call must wait; raises BudgetExhausted when waiting is of no use."""
        limits, tally = self._limits, self._tally
        if limits.seconds is not None and self.seconds >= limits.seconds:
            raise self._exhausted("seconds", f"{limits.seconds:g} s are over")
        blocked = False
        for what, most, spent, wanted, reserved in (
            ("calls", limits.calls, tally.calls, 1, self._reserved_calls),
            ("tokens", limits.tokens, tally.tokens, need.tokens, self._reserved_tokens),
            ("usd", limits.usd, tally.usd, need.usd, self._reserved_usd),
        ):
            if most is None:
                continue
            available = max(0, most - spent)
            if wanted > available:
                takes = "" if what == "calls" else f"the next call may take {wanted:g} {what}, "
                raise self._exhausted(what, f"{takes}{available:g} {what} are left")
            blocked = blocked or wanted + reserved > available
        return blocked

    def _exhausted(self, what: str, detail: str) -> BudgetExhausted:
        return BudgetExhausted(
            f"`{self._name}` is used up ({detail})",
            remedy=f"raise {self._name}.{what}, or lower max_tokens or n",
        )

    def know_past(self, spent: Iterable[Spend]) -> None:
        """All that a resumed run had spent, told at once."""
        for spend in spent:
            self._tally.add(spend)
        self._knows_past = True

    def charge_past(self, spend: Spend) -> None:
        """What was paid before, where it is used again: no limit is asked."""
        for budget in self._chain():
            if not budget._knows_past:
                budget._tally.add(spend)

    def note_free(self, spend: Spend) -> None:
        """What costs nothing now."""
        for budget in self._chain():
            budget._tally.add(spend)

    def settle(self, need: Need, spend: Spend) -> None:
        for budget in self._chain():
            budget._reserved_calls -= 1
            budget._reserved_tokens -= need.tokens
            # Sums of floats drift, and what nobody reserves must not block anybody.
            budget._reserved_usd -= need.usd
            if not budget._reserved_calls:
                budget._reserved_usd = 0.0
            budget._tally.add(spend)
            budget._changed.set()


class Reservation:
    """Ends in exactly one `settle`; leaving the `with` block unsettled frees it."""

    def __init__(self, budget: Budget, need: Need) -> None:
        self._budget = budget
        self._need: Need | None = need

    def settle(self, spend: Spend) -> None:
        if self._need is not None:
            self._budget.settle(self._need, spend)
            self._need = None

    def __enter__(self) -> "Reservation":
        return self

    def __exit__(self, *_: object) -> None:
        self.settle(Spend())


def _tighter(a: N | None, b: N | None) -> N | None:
    return b if a is None else a if b is None else min(a, b)


class _Tally:
    """Adds up what is spent; the order in which calls happen to end makes no difference."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(_COUNTED, 0)
        self._sums = {name: _ExactSum() for name in _SUMMED}
        self._spend: Spend | None = None

    def add(self, spend: Spend) -> None:
        self._spend = None
        for name in _COUNTED:
            self._counts[name] += getattr(spend, name)
        for name, total in self._sums.items():
            total.add(getattr(spend, name))

    @property
    def calls(self) -> int:
        return self._counts["calls"]

    @property
    def tokens(self) -> int:
        return self._counts["input_tokens"] + self._counts["output_tokens"]

    @property
    def usd(self) -> float:
        return self._sums["usd"].value

    @property
    def spend(self) -> Spend:
        """Put together when it is asked for, which is less often than something is added."""
        if self._spend is None:
            sums = {name: total.value for name, total in self._sums.items()}
            self._spend = Spend.model_validate(self._counts | sums)
        return self._spend


_COUNTED = (
    "calls",
    "input_tokens",
    "output_tokens",
    "unpriced_calls",
    "batch_calls",
    "cached_calls",
)
_SUMMED = ("usd", "seconds", "cached_usd")


class _ExactSum:
    """Of floats, without the rounding that depends on their order (Shewchuk's partial sums)."""

    def __init__(self) -> None:
        self._parts: list[float] = []

    def add(self, number: float) -> None:
        if not number:
            return
        parts: list[float] = []
        for part in self._parts:
            larger, smaller = (number, part) if abs(number) >= abs(part) else (part, number)
            number = larger + smaller
            lost = smaller - (number - larger)
            if lost:
                parts.append(lost)
        self._parts = [*parts, number]

    @property
    def value(self) -> float:
        return math.fsum(self._parts)
