"""Samples from the completion cache: told like any other, and billed to nobody."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from ..interfaces import (
    Call,
    CallMade,
    Completion,
    Delivered,
    Event,
    Sample,
    Spend,
    Usage,
)
from .calling import Caller, call_id
from .draws import Draw
from .flights import Flight, Flights, KnownSample


class CompletionCache(Protocol):
    @property
    def place(self) -> str:
        """Caches of one place are one cache."""
        ...

    def get(self, keys: Sequence[str]) -> Mapping[str, KnownSample]:
        """By the samples' identities: those that any run has drawn."""
        ...


class _Landed(NamedTuple):
    completion: Completion
    seed: int | None
    call: Call


class Cached:
    """The cache as one provider's samples see it."""

    def __init__(
        self, cache: CompletionCache, caller: Caller, emit: Callable[[Event], None]
    ) -> None:
        self._cache = cache
        self._caller = caller
        self._emit = emit

    @cached_property
    def _flights(self) -> Flights:
        return Flights.at(self._cache.place)

    def samples(self, draw: Draw, indices: Sequence[int]) -> dict[int, Sample]:
        """Those of them that are there; already told, and noted as free."""
        keys = {index: self._caller.key(draw, index) for index in indices}
        known = dict(self._flights.known(keys.values()))
        absent = [key for key in keys.values() if key not in known]
        if absent:
            known |= self._cache.get(absent)
        return self._told(draw, keys, known)

    def under_way(self, draw: Draw, indices: Sequence[int]) -> dict[int, Flight]:
        """Those of them that somebody else waits for already."""
        flights = ((index, self._flights.of(self._caller.key(draw, index))) for index in indices)
        return {index: flight for index, flight in flights if flight is not None}

    def begin(self, draw: Draw, indices: Sequence[int]) -> Flight:
        return self._flights.begin({index: self._caller.key(draw, index) for index in indices})

    def end(self, flight: Flight, samples: Sequence[Sample]) -> None:
        """Those that are whole are for everybody."""
        landed: dict[str, KnownSample] = {}
        for each in samples:
            said, call = each.completion, each.call
            if said is not None and call is not None and said.finish != "cut":
                share = call.share(len(samples))
                landed[flight.keys[each.index]] = _Landed(said, each.seed, share)
        self._flights.end(flight, landed)

    async def landed(self, draw: Draw, flights: Mapping[int, Flight]) -> dict[int, Sample]:
        """Waits for what others have under way; what did not come is missing."""
        await asyncio.wait({flight.landed for flight in flights.values()})
        keys = {index: self._caller.key(draw, index) for index in flights}
        known = {k: v for flight in flights.values() for k, v in flight.samples.items()}
        return self._told(draw, keys, known)

    def _told(
        self, draw: Draw, keys: Mapping[int, str], known: Mapping[str, KnownSample]
    ) -> dict[int, Sample]:
        groups: dict[str, list[int]] = {}
        for index, key in keys.items():
            if key in known:
                groups.setdefault(known[key].call.id, []).append(index)
        samples: dict[int, Sample] = {}
        for group in groups.values():
            call = self._together(draw, group[0], [known[keys[index]].call for index in group])
            told = [
                Delivered(
                    index=index,
                    key=keys[index],
                    seed=known[keys[index]].seed,
                    completion=known[keys[index]].completion,
                )
                for index in group
            ]
            draw.budget.note_free(Spend(cached_calls=1, cached_usd=call.cost or 0.0))
            self._emit(
                CallMade(
                    task=draw.task,
                    call=call,
                    request=draw.digest,
                    first=group[0],
                    samples=tuple(told),
                )
            )
            samples |= {
                each.index: Sample(each.index, each.completion, call, each.seed) for each in told
            }
        draw.tell(list(samples.values()))
        return samples

    def _together(self, draw: Draw, first: int, parts: Sequence[Call]) -> Call:
        """What delivered several samples, put together from each one's share of it."""
        whole = parts[0]
        update: dict[str, Any] = {
            "id": call_id(draw, self._caller.name, first, "cached"),
            "provider": self._caller.name,
            "cached": True,
        }
        if len(parts) == 1:
            return whole.model_copy(update=update)
        costs = [part.cost for part in parts if part.cost is not None]
        usage = Usage(
            input_tokens=sum(part.usage.input_tokens for part in parts),
            output_tokens=sum(part.usage.output_tokens for part in parts),
            cached_tokens=sum(part.usage.cached_tokens for part in parts),
            written_tokens=sum(part.usage.written_tokens for part in parts),
            estimated=whole.usage.estimated,
        )
        cost = sum(costs) if len(costs) == len(parts) else None
        return whole.model_copy(update={**update, "usage": usage, "cost": cost})
