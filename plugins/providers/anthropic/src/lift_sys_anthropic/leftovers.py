"""Batches that an earlier run made and did not live to see the end of: who asks the same gets what
they gave, so that it is not paid for again."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from lift_sys.errors import ProviderError

from .calls import BatchCalls, Result, id_of
from .journal import Journal, Left


@dataclass(slots=True, eq=False)
class _Batch:
    left: Left
    places: dict[str, list[int]]
    """By digest: of requests that nobody has claimed."""
    work: "asyncio.Task[Mapping[str, Result]] | None" = None
    waiting: int = 0
    unwanted: asyncio.Event = field(default_factory=asyncio.Event)


class Leftovers:
    def __init__(self, calls: BatchCalls, journal: Journal) -> None:
        self._calls = calls
        self._journal = journal
        self._batches: list[_Batch] = []

    async def claim(self, body: bytes) -> Result | None:
        """None: there is nothing left of it."""
        self._batches += map(_batch, self._journal.begin())
        if not self._batches:
            return None
        digest = self._journal.digest(body)
        for batch in self._batches:
            places = batch.places.get(digest)
            if places:
                mine = id_of(places.pop(0))
                found = (await self._results(batch)).get(mine)
                if found is not None and found.get("type") == "succeeded":
                    return found
        return None

    async def aclose(self) -> None:
        batches, self._batches = self._batches, []
        for batch in batches:
            if batch.work is None:
                continue
            batch.unwanted.set()
            (ended,) = await asyncio.gather(batch.work, return_exceptions=True)
            if not isinstance(ended, BaseException):
                # What nobody asked for again nobody will.
                self._journal.done(batch.left.name)

    async def _results(self, batch: _Batch) -> Mapping[str, Result]:
        if batch.work is None:
            batch.work = asyncio.create_task(self._collected(batch))
        batch.waiting += 1
        try:
            return await asyncio.shield(batch.work)
        finally:
            batch.waiting -= 1
            if not batch.waiting and not batch.work.done():
                batch.unwanted.set()

    async def _collected(self, batch: _Batch) -> Mapping[str, Result]:
        """Nothing of a batch that is gone: its requests are made anew."""
        left = batch.left
        try:
            if await self._calls.ended(left.name, batch.unwanted):
                return await self._calls.results(left.name, len(left.digests), batch.unwanted)
        except ProviderError as error:
            if error.fatal:
                raise
        return {}


def _batch(left: Left) -> _Batch:
    places: dict[str, list[int]] = {}
    for place, digest in enumerate(left.digests):
        places.setdefault(digest, []).append(place)
    return _Batch(left, places)
