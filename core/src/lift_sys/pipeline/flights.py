"""Samples under way: whoever wants one that another already waits for gets the same.

Within a process and its event loop, for all runs on one store. Runs of other processes find what
is committed to the store, which is at most a tenth of a second later.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Protocol
from weakref import WeakValueDictionary

from ..interfaces import Call, Completion

_REMEMBERED = 1024
"""Samples that may not be committed yet: no more than these wait for the store's writer."""


class KnownSample(Protocol):
    @property
    def completion(self) -> Completion: ...

    @property
    def seed(self) -> int | None: ...

    @property
    def call(self) -> Call:
        """The sample's share of the call that delivered it."""
        ...


class Flight:
    """What one asker has under way."""

    def __init__(self, keys: Mapping[int, str]) -> None:
        self.keys = keys
        """By the samples' indices."""
        self.samples: Mapping[str, KnownSample] = {}
        """What came, by identity, once it has landed."""
        self.landed: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Flights:
    """By the samples' identities."""

    def __init__(self) -> None:
        self._under_way: dict[str, Flight] = {}
        self._known: OrderedDict[str, KnownSample] = OrderedDict()

    @classmethod
    def at(cls, place: str) -> "Flights":
        """Those of all runs on the store at this place."""
        key = (place, id(asyncio.get_running_loop()))
        flights = _SHARED.get(key)
        if flights is None:
            flights = _SHARED[key] = cls()
        return flights

    def known(self, keys: Iterable[str]) -> Mapping[str, KnownSample]:
        """What came in a moment ago, committed or not."""
        return {key: self._known[key] for key in keys if key in self._known}

    def of(self, key: str) -> Flight | None:
        """Who has it under way."""
        return self._under_way.get(key)

    def begin(self, keys: Mapping[int, str]) -> Flight:
        flight = Flight(keys)
        self._under_way |= dict.fromkeys(keys.values(), flight)
        return flight

    def end(self, flight: Flight, samples: Mapping[str, KnownSample]) -> None:
        """What did not come is free for another to ask for. Ended once, it stays as it is."""
        if flight.landed.done():
            return
        for key in flight.keys.values():
            del self._under_way[key]
        flight.samples = samples
        self._known |= samples
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        flight.landed.set_result(None)


_SHARED: "WeakValueDictionary[tuple[str, int], Flights]" = WeakValueDictionary()
