"""The one way to samples: what is recorded of them, what is cached, and else the provider.

A gateway gives exactly the n samples that are wanted and sees to it that they come: a provider
that knows no n, or ignores it, is asked again. A draw that fails for good is a sample with an
error; only an error that every other call would meet too is raised.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ..errors import BudgetExhausted
from ..interfaces import Capabilities, Event, Provider, Rate, Sample, SamplesRefused
from .cached import Cached, CompletionCache
from .calling import Caller
from .concurrency import all_that_is_paid
from .config import CallSettings
from .draws import Draw
from .flights import Flight
from .pricing import PriceList


class SampleSource(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def samples(self, draw: Draw) -> list[Sample]:
        """Exactly `sampling.n` of them, in order of their index.

        Where the budget covers only some, the others are samples with an error; where it covers
        none, it raises BudgetExhausted.
        """
        ...


class Gateway:
    """To a provider."""

    def __init__(
        self,
        name: str,
        provider: Provider,
        settings: CallSettings,
        emit: Callable[[Event], None],
        *,
        identity: str = "",
        cache: CompletionCache | None = None,
        rate: Rate | None = None,
        prices: PriceList | None = None,
    ) -> None:
        """`identity` tells the provider from those of other pipelines that bear its name."""
        self.name = name
        priced = (prices or PriceList()).applied(provider.capabilities())
        self._caller = Caller(name, provider, priced, settings, emit, identity, rate)
        self._emit = emit
        self._cached = None if cache is None else Cached(cache, self._caller, emit)

    @property
    def capabilities(self) -> Capabilities:
        return self._caller.capabilities

    async def idle(self) -> None:
        """Waits for the end of cancelled calls: before it the provider is not to be closed."""
        await self._caller.idle()

    async def samples(self, draw: Draw) -> list[Sample]:
        places = draw.places(self.name, draw.indices)
        draw.waiting.update(places)
        try:
            samples = await self._samples(draw, places)
        except asyncio.CancelledError:
            raise  # what has not come is still waited for
        except BaseException:
            draw.waiting.difference_update(places)
            raise
        draw.waiting.difference_update(places)
        return [samples[index] for index in draw.indices]

    async def _samples(self, draw: Draw, places: Mapping[str, int]) -> dict[int, Sample]:
        samples = draw.recalled(places)
        missing = _without(draw.indices, samples)
        if missing and self._cached is not None:
            samples |= self._cached.samples(draw, missing)
            missing = _without(missing, samples)
        if missing:
            await draw.past.stay_stopped(draw.places(self.name, missing), draw.budget)
        refused: list[int] = []
        refusal: BudgetExhausted | None = None
        while missing:
            theirs = {} if self._cached is None else self._cached.under_way(draw, missing)
            mine = [index for index in missing if index not in theirs]
            if mine:
                for fetched in await self._fetched(draw, mine):
                    if isinstance(fetched, BudgetExhausted):
                        refusal = fetched
                    else:
                        samples |= {sample.index: sample for sample in fetched}
                if refusal is not None:
                    refused += _without(mine, samples)
            if theirs and self._cached is not None:
                samples |= await self._cached.landed(draw, theirs)
            missing = [i for i in _without(missing, samples) if i not in refused]
        if refusal is not None:
            self._refuse(draw, refused, refusal)
            if not samples:
                raise refusal
            samples |= {each.index: each for each in draw.unpaid(refused, refusal)}
        return samples

    async def _fetched(
        self, draw: Draw, indices: Sequence[int]
    ) -> list[list[Sample] | BudgetExhausted]:
        chunks = list(self._caller.chunks(indices))
        cached = self._cached
        if cached is None:
            return await all_that_is_paid([self._caller.fetch(draw, chunk) for chunk in chunks])
        # Begun here, with nothing awaited since it was seen that nobody else has them under way.
        flights = [cached.begin(draw, chunk) for chunk in chunks]

        async def flown(chunk: Sequence[int], flight: Flight) -> list[Sample]:
            samples = await self._caller.fetch(draw, chunk)
            cached.end(flight, samples)
            return samples

        try:
            return await all_that_is_paid(list(map(flown, chunks, flights)))
        finally:
            for flight in flights:
                cached.end(flight, [])

    def _refuse(self, draw: Draw, indices: Sequence[int], refusal: BudgetExhausted) -> None:
        self._emit(
            SamplesRefused(
                task=draw.task,
                provider=self.name,
                request=draw.digest,
                indices=tuple(indices),
                error=str(refusal),
            )
        )


class RecordedGateway:
    """To what a provider said in a run that is replayed; the provider itself is not there."""

    def __init__(self, name: str, capabilities: Capabilities) -> None:
        self.name = name
        self.capabilities = capabilities

    async def samples(self, draw: Draw) -> list[Sample]:
        samples = draw.recalled(draw.places(self.name, draw.indices))
        missing = _without(draw.indices, samples)
        if missing:
            places = draw.places(self.name, missing)
            error = draw.past.refusal(places)
            if error is None:
                await draw.past.absent(places, draw.budget)
            refusal = BudgetExhausted(error or "")
            if not samples:
                raise refusal
            samples |= {each.index: each for each in draw.unpaid(missing, refusal)}
        return [samples[index] for index in draw.indices]


def _without(indices: Sequence[int], samples: dict[int, Sample]) -> list[int]:
    return [index for index in indices if index not in samples]
