"""The one way to a provider: what the core does once for all of them.

A gateway asks for exactly n samples and sees to it that they come (a provider that knows no n, or
ignores it, is asked again), retries what may succeed later, keeps within the provider's
concurrency and the budget, and turns usage into money. A draw that fails for good is a sample
with an error; only an error that every other call would meet too is raised.
"""

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..errors import BudgetExhausted
from ..interfaces import (
    Call,
    CallMade,
    Capabilities,
    Provider,
    Reply,
    Request,
    Sample,
    Sampling,
    Usage,
    spend_of_calls,
)
from .batching import Batcher
from .budget import Budget, Need
from .concurrency import all_that_is_paid
from .config import CallSettings
from .identity import derive_seed


@dataclass(frozen=True, slots=True)
class Draw:
    """Which samples of a request are wanted, for whom, and who pays."""

    request: Request
    digest: str
    first: int
    """Index of the first sample: those before it were drawn earlier in the run."""
    seed: int
    task: str
    budget: Budget
    heard: Callable[[Sample], None]
    """Told of each sample when it comes."""

    @property
    def indices(self) -> Sequence[int]:
        return range(self.first, self.first + self.request.sampling.n)

    def unpaid(self, indices: Sequence[int], refusal: BudgetExhausted) -> list[Sample]:
        """What is given for samples that no budget covers."""
        return self.tell([Sample(index, None, None, error=str(refusal)) for index in indices])

    def tell(self, samples: list[Sample]) -> list[Sample]:
        for sample in samples:
            self.heard(sample)
        return samples


class _Delivery(NamedTuple):
    """What came of a call after all its tries."""

    reply: Reply | None = None
    call: Call | None = None
    error: str | None = None


class Gateway:
    def __init__(
        self,
        name: str,
        provider: Provider,
        settings: CallSettings,
        emit: Callable[[CallMade], None],
    ) -> None:
        self.name = name
        self.capabilities: Capabilities = provider.capabilities()
        self._settings = settings
        self._emit = emit
        size, in_flight = self.capabilities.requests, self.capabilities.in_flight
        self._slots = asyncio.Semaphore(size * in_flight)
        self._batcher = Batcher(
            name, provider, size=size, in_flight=in_flight, timeout=settings.timeout
        )
        self._per_call = self.capabilities.n
        self._ids = itertools.count(1)
        self._jitter = random.Random(name)

    async def idle(self) -> None:
        """Waits for the end of cancelled calls: before it the provider is not to be closed."""
        await self._batcher.idle()

    async def samples(self, draw: Draw) -> list[Sample]:
        """Exactly `sampling.n` of them, in order of their index.

        Where the budget covers only some, the others are samples with an error; where it covers
        none, it raises BudgetExhausted.
        """
        prompt = _most_tokens(draw.request)
        missing: list[int] = list(draw.indices)
        samples: dict[int, Sample] = {}
        while missing:
            chunks = list(_chunks(missing, self._per_call))
            refusal: BudgetExhausted | None = None
            work = [self._fetch(draw, chunk, prompt) for chunk in chunks]
            for fetched in await all_that_is_paid(work):
                if isinstance(fetched, BudgetExhausted):
                    refusal = fetched
                else:
                    samples.update((sample.index, sample) for sample in fetched)
            missing = [index for index in missing if index not in samples]
            if refusal is not None:
                if not samples:
                    raise refusal
                unpaid = draw.unpaid(missing, refusal)
                samples.update((sample.index, sample) for sample in unpaid)
                break
        return [samples[index] for index in draw.indices]

    async def _fetch(self, draw: Draw, indices: Sequence[int], prompt: int) -> list[Sample]:
        seed = None
        if self.capabilities.seed:
            seed = derive_seed(draw.seed, self.name, draw.digest, indices[0])
        sampling = draw.request.sampling.model_copy(update={"n": len(indices), "seed": seed})
        request = draw.request.model_copy(update={"sampling": sampling})
        delivery = await self._call(draw, request, prompt)
        return draw.tell(self._samples(indices, seed, delivery))

    def _samples(
        self, indices: Sequence[int], seed: int | None, delivery: "_Delivery"
    ) -> list[Sample]:
        reply, call, error = delivery
        if reply is None or call is None:
            return [Sample(index, None, None, seed, error) for index in indices]
        if not reply.completions:
            cause = f"provider {self.name} sent a reply without a completion"
            return [Sample(index, None, call, seed, cause) for index in indices]
        if len(reply.completions) < len(indices):
            # The provider knows less of n than it says; from now on it is asked for no more.
            self._per_call = min(self._per_call, len(reply.completions))
        delivered = zip(indices, reply.completions, strict=False)
        return [Sample(index, completion, call, seed) for index, completion in delivered]

    async def _call(self, draw: Draw, request: Request, prompt: int) -> "_Delivery":
        """Tries until it works, will never work, or has been tried often enough."""
        need = self._need(prompt, request.sampling)
        price = self.capabilities.price
        for attempt in range(self._settings.attempts):
            async with self._slots:
                with await draw.budget.reserve(need) as reservation:
                    started = time.monotonic()
                    try:
                        result, seconds = await self._batcher.ask(request)
                    except asyncio.CancelledError:
                        # It was made all the same, and nobody will know what it cost.
                        cost = None if price is None or need.usd else 0.0
                        call = self._made(Usage(), cost, time.monotonic() - started)
                        reservation.settle(spend_of_calls([call]))
                        self._report(draw, call, attempt, error="cancelled")
                        raise
                    if isinstance(result, Reply):
                        paid = result.price or price
                        cost = None if paid is None else paid.of(result.usage)
                        call = self._made(result.usage, cost, seconds, result.model)
                    else:
                        # A failed try is no money, but it is a call all the same.
                        call = self._made(Usage(), 0.0, seconds)
                    reservation.settle(spend_of_calls([call]))
            if isinstance(result, Reply):
                self._report(draw, call, attempt, ignored=tuple(sorted(result.ignored)))
                return _Delivery(result, call)
            self._report(draw, call, attempt, error=str(result))
            if result.fatal:
                raise result
            if not result.retryable or attempt + 1 == self._settings.attempts:
                return _Delivery(error=str(result))
            await asyncio.sleep(self._pause(attempt, result.retry_after))
        raise AssertionError("unreachable: the last try returns")

    def _made(
        self, usage: Usage, cost: float | None, seconds: float, model: str | None = None
    ) -> Call:
        return Call(
            id=f"{self.name}/{next(self._ids)}",
            provider=self.name,
            model=model or self.capabilities.model,
            usage=usage,
            cost=cost,
            seconds=seconds,
        )

    def _report(
        self,
        draw: Draw,
        call: Call,
        retries: int,
        *,
        error: str | None = None,
        ignored: tuple[str, ...] = (),
    ) -> None:
        self._emit(
            CallMade(
                task=draw.task,
                call=call,
                request=draw.digest,
                retries=retries,
                error=error,
                ignored=ignored,
            )
        )

    def _pause(self, attempt: int, wish: float | None) -> float:
        backoff = min(self._settings.max_backoff, self._settings.backoff * 2**attempt)
        return max(wish or 0.0, backoff * self._jitter.uniform(0.5, 1.0))

    def _need(self, prompt: int, sampling: Sampling) -> Need:
        output = sampling.n * sampling.max_tokens
        price = self.capabilities.price
        usd = price.of(Usage(input_tokens=prompt, output_tokens=output)) if price else 0.0
        return Need(tokens=prompt + output, usd=usd)


def _most_tokens(request: Request) -> int:
    """An upper bound for the prompt: no tokenizer makes more tokens than there are bytes."""
    texts = [message.content for message in request.messages]
    if request.constraint is not None:
        texts.append(request.constraint.model_dump_json())
    return sum(len(text.encode("utf-8", "surrogatepass")) + 16 for text in texts)


def _chunks(indices: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(indices), size):
        yield indices[start : start + size]
