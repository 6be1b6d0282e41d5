"""How fast a provider is asked: as much at once as it bears, and within its rates.

After a refusal for asking too fast, half as much is under way at once; each call that works adds a
little, until it is as much as before. Nothing of it is a failure: whoever asks waits.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from ..errors import ProviderError, RateLimited
from ..interfaces import Rate

MINUTE = 60.0


class Window:
    """What was used in the last 60 seconds, of which no more than `most` is."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._uses: deque[_Use] = deque()
        self._sum = 0

    def wait(self, amount: int) -> float:
        """Seconds until so much fits in; what never would goes alone."""
        now = self._clock()
        while self._uses and self._uses[0].until <= now:
            self._sum -= self._uses.popleft().amount
        excess = self._sum + amount - self._most
        for use in self._uses:
            if excess <= 0:
                break
            excess -= use.amount
            if excess <= 0 or use is self._uses[-1]:
                return use.until - now
        return 0.0

    def take(self, amount: int) -> "_Use":
        use = _Use(self._clock() + MINUTE, amount)
        self._uses.append(use)
        self._sum += amount
        return use

    def correct(self, use: "_Use", amount: int) -> None:
        """What it was in the end."""
        if self._uses and use.until >= self._uses[0].until:
            self._sum += amount - use.amount
        use.amount = amount


class _Use:
    __slots__ = ("amount", "until")

    def __init__(self, until: float, amount: int) -> None:
        self.until = until
        self.amount = amount


class Slots:
    """So many at once, first come first served; how many changes with how it goes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._used = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def limit(self) -> int:
        return int(self._limit)

    async def acquire(self) -> None:
        if self._used < self.limit and not self._waiting:
            self._used += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release()
            else:
                self._waiting.remove(turn)
            raise

    def release(self) -> None:
        self._used -= 1
        self._call_up()

    def faster(self) -> None:
        if self._limit < self._most:
            self._limit = min(self._most, self._limit + 1 / self._limit)
            self._call_up()

    def slower(self) -> None:
        self._limit = max(1.0, self._limit / 2)

    def _call_up(self) -> None:
        while self._waiting and self._used < self.limit:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._used += 1


class Turn:
    """One call's leave to be made."""

    __slots__ = ("_pace", "_use", "began")

    def __init__(self, pace: "Pace", use: _Use | None, began: float) -> None:
        self._pace = pace
        self._use = use
        self.began = began

    def ended(self, tokens: int, error: ProviderError | None = None) -> None:
        """How many tokens it took, and how it failed."""
        self._pace.learn(self, tokens, self._use, error)


class Pace:
    """Of one provider."""

    def __init__(
        self,
        most: int,
        rate: Rate | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        max_wait: float = math.inf,
    ) -> None:
        """`max_wait`: a wish for more seconds of quiet than these keeps nobody."""
        rate = rate or Rate()
        self.slots = Slots(most)
        self._clock = clock
        self._requests = None if rate.requests is None else Window(rate.requests, clock)
        self._tokens = None if rate.tokens is None else Window(rate.tokens, clock)
        self._max_wait = max_wait
        self._door = asyncio.Lock()
        self._slowed_at = 0.0
        self._shut_until = 0.0

    @asynccontextmanager
    async def turn(self, tokens: int, *, waited: bool = False) -> AsyncGenerator[Turn]:
        """`tokens`: the most it may take; `waited`: as long as the provider wished."""
        if not waited and (shut := self._shut_until - self._clock()) > 0:
            await asyncio.sleep(shut)
        await self.slots.acquire()
        try:
            use = await self._admitted(tokens)
            try:
                yield Turn(self, use, self._clock())
            except Exception:
                self._correct(use, 0)  # it was not made
                raise
        finally:
            self.slots.release()

    async def _admitted(self, tokens: int) -> _Use | None:
        if self._requests is None and self._tokens is None:
            return None
        # One after another, so that what needs much is not overtaken for ever.
        async with self._door:
            while True:
                wait = self._wait(tokens)
                if wait <= 0:
                    break
                await asyncio.sleep(wait)
            if self._requests is not None:
                self._requests.take(1)
            return None if self._tokens is None else self._tokens.take(tokens)

    def _wait(self, tokens: int) -> float:
        requests = 0.0 if self._requests is None else self._requests.wait(1)
        return requests if self._tokens is None else max(requests, self._tokens.wait(tokens))

    def _correct(self, use: _Use | None, tokens: int) -> None:
        if use is not None and self._tokens is not None:
            self._tokens.correct(use, tokens)

    def learn(self, turn: Turn, tokens: int, use: _Use | None, error: ProviderError | None) -> None:
        self._correct(use, tokens)
        if error is None:
            self.slots.faster()
        elif isinstance(error, RateLimited):
            now = self._clock()
            if error.retry_after and error.retry_after <= self._max_wait:
                self._shut_until = max(self._shut_until, now + error.retry_after)
            if turn.began >= self._slowed_at:
                # Once for all that were under way together.
                self._slowed_at = now
                self.slots.slower()
