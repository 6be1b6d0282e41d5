"""Message batches: requests gathered for a while, sent as one, handed over when they have ended.

Nobody is interrupted in the middle of a call: when nobody waits for a batch any more it is told so,
and is cancelled at its next step. Else a batch could be made that nobody knows of.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from lift_sys.errors import MalformedReply, ProviderError

from .calls import BatchCalls, Result, id_of, set_within
from .journal import Journal
from .leftovers import Leftovers

_MOST_REQUESTS = 100_000
_MOST_BYTES = 200_000_000  # the vendor's limit is 256 MB


def _result() -> "asyncio.Future[Result]":
    return asyncio.get_running_loop().create_future()


@dataclass(slots=True, eq=False)
class _Asked:
    body: bytes
    result: "asyncio.Future[Result]" = field(default_factory=_result)


@dataclass(slots=True, eq=False)
class _Batch:
    asked: list[_Asked] = field(default_factory=list[_Asked])
    size: int = 0
    open: int = 0
    full: asyncio.Event = field(default_factory=asyncio.Event)
    unwanted: asyncio.Event = field(default_factory=asyncio.Event)
    """Nobody waits for any of it."""

    def add(self, asked: _Asked) -> None:
        self.asked.append(asked)
        self.size += len(asked.body)
        self.open += 1
        if len(self.asked) >= _MOST_REQUESTS or self.size >= _MOST_BYTES:
            self.full.set()
        asked.result.add_done_callback(self._one_less)

    def waiting(self) -> list[_Asked]:
        return [each for each in self.asked if not each.result.done()]

    def _one_less(self, _: object) -> None:
        self.open -= 1
        if not self.open:
            self.unwanted.set()
            self.full.set()


class Batches:
    def __init__(self, calls: BatchCalls, journal: Journal, *, gather: float) -> None:
        self._calls = calls
        self._gather = gather
        self._journal = journal
        self._leftovers = Leftovers(calls, journal)
        self._open: _Batch | None = None
        self._work: dict[_Batch, asyncio.Task[None]] = {}

    async def ask(self, body: bytes) -> Result:
        """Raises ProviderError where the batch as a whole fails."""
        left = await self._leftovers.claim(body)
        if left is not None:
            return left
        asked = _Asked(body)
        if self._open is None or self._open.full.is_set():
            self._open = _Batch()
            self._work[self._open] = asyncio.create_task(self._carry(self._open))
        self._open.add(asked)
        return await asked.result

    async def aclose(self) -> None:
        """What is under way is cancelled at the vendor's too."""
        for batch in self._work:
            for asked in batch.waiting():
                asked.result.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)
        await self._leftovers.aclose()
        self._journal.close()

    async def _carry(self, batch: _Batch) -> None:
        try:
            await set_within(batch.full, self._gather)
            if self._open is batch:
                self._open = None
            waiting = batch.waiting()
            if waiting:
                await self._through(batch, waiting)
        except ProviderError as error:
            for each in batch.waiting():
                each.result.set_exception(error)
        finally:
            for each in batch.waiting():
                each.result.cancel()
            self._work.pop(batch, None)

    async def _through(self, batch: _Batch, asked: Sequence[_Asked]) -> None:
        name = await self._calls.made([each.body for each in asked])
        self._journal.made(name, [self._journal.digest(each.body) for each in asked])
        try:
            if await self._calls.ended(name, batch.unwanted):
                results = await self._calls.results(name, len(asked), batch.unwanted)
                for place, each in enumerate(asked):
                    _hand_over(each, results.get(id_of(place)), name)
        except ProviderError as error:
            if error.fatal:
                raise  # with another key it can still be had
            self._journal.done(name)
            raise
        self._journal.done(name)


def _hand_over(asked: _Asked, result: Result | None, name: str) -> None:
    if asked.result.done():
        return
    if result is not None:
        asked.result.set_result(result)
        return
    asked.result.set_exception(
        MalformedReply(
            f"the server gave no result for a request of batch {name}",
            remedy="look at the batch in the vendor's console",
        )
    )
