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

from ..errors import BudgetExhausted, LiftError, ProviderError, ProviderUnavailable
from ..interfaces import (
    Call,
    CallMade,
    Capabilities,
    Provider,
    Reply,
    Request,
    Sample,
    Spend,
    Usage,
    spend_of_calls,
)
from .batching import Batcher
from .budget import Budget, Need
from .concurrency import all_of
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
        self._provider = provider
        self._settings = settings
        self._emit = emit
        self._slots = asyncio.Semaphore(self.capabilities.in_flight)
        self._batcher = Batcher(provider, self.capabilities.requests)
        self._per_call = self.capabilities.n
        self._ids = itertools.count(1)
        self._jitter = random.Random(name)

    async def aclose(self) -> None:
        await self._provider.aclose()

    async def samples(self, draw: Draw) -> list[Sample]:
        """Exactly `sampling.n` of them, in order of their index.

        Where the budget covers only some, the others are samples with an error; where it covers
        none, it raises BudgetExhausted.
        """
        wanted = draw.request.sampling.n
        missing: list[int] = list(range(draw.first, draw.first + wanted))
        samples: dict[int, Sample] = {}
        while missing:
            chunks = list(_chunks(missing, self._per_call))
            refusal: BudgetExhausted | None = None
            for fetched in await all_of([self._fetch(draw, chunk) for chunk in chunks]):
                if isinstance(fetched, BudgetExhausted):
                    refusal = fetched
                else:
                    samples.update((sample.index, sample) for sample in fetched)
            missing = [index for index in missing if index not in samples]
            if refusal is not None:
                if not samples:
                    raise refusal
                unpaid = [Sample(index, None, None, None, str(refusal)) for index in missing]
                return sorted([*samples.values(), *unpaid], key=lambda sample: sample.index)
        return [samples[index] for index in sorted(samples)]

    async def _fetch(self, draw: Draw, indices: Sequence[int]) -> list[Sample] | BudgetExhausted:
        seed = None
        if self.capabilities.seed:
            seed = derive_seed(draw.seed, self.name, draw.digest, indices[0])
        sampling = draw.request.sampling.model_copy(update={"n": len(indices), "seed": seed})
        request = draw.request.model_copy(update={"sampling": sampling})
        try:
            reply, call, error = await self._call(draw, request)
        except BudgetExhausted as exhausted:
            # Not raised here: what the calls beside this one deliver has been paid for.
            return exhausted
        if reply is None or call is None:
            return [Sample(index, None, None, seed, error) for index in indices]
        if len(reply.completions) < len(indices):
            # The provider knows less of n than it says; from now on it is asked for no more.
            self._per_call = max(1, min(self._per_call, len(reply.completions)))
            if not reply.completions:
                cause = f"provider {self.name} sent a reply without a completion"
                return [Sample(index, None, call, seed, cause) for index in indices]
        delivered = zip(indices, reply.completions, strict=False)
        return [Sample(index, completion, call, seed) for index, completion in delivered]

    async def _call(
        self, draw: Draw, request: Request
    ) -> tuple[Reply | None, Call | None, str | None]:
        """Tries until it works, will never work, or has been tried often enough."""
        need = self._need(request)
        for attempt in range(self._settings.attempts):
            async with self._slots:
                with await draw.budget.reserve(need) as reservation:
                    started = time.monotonic()
                    result = await self._once(request)
                    seconds = time.monotonic() - started
                    if isinstance(result, Reply):
                        call = self._delivered(result, seconds)
                        reservation.settle(spend_of_calls([call]))
                        self._report(draw, call, attempt, ignored=tuple(sorted(result.ignored)))
                        return result, call, None
                    # A failed try is no money, but it is a call all the same.
                    reservation.settle(Spend(calls=1, seconds=seconds))
            call = Call(
                id=self._next_id(),
                provider=self.name,
                model=self.capabilities.model,
                usage=Usage(),
                cost=0.0,
                seconds=seconds,
            )
            self._report(draw, call, attempt, error=str(result))
            if result.fatal:
                raise result
            if not result.retryable or attempt + 1 == self._settings.attempts:
                return None, None, str(result)
            await asyncio.sleep(self._pause(attempt, result.retry_after))
        raise AssertionError("unreachable: the last try returns")

    async def _once(self, request: Request) -> Reply | ProviderError:
        try:
            async with asyncio.timeout(self._settings.timeout):
                return await self._batcher.complete(request)
        except TimeoutError:
            return ProviderUnavailable(
                f"provider {self.name} did not answer within {self._settings.timeout:g} s",
                remedy="raise calls.timeout, or look at the provider's health",
            )
        except ProviderError as error:
            return error
        except LiftError:
            raise
        except Exception as error:  # noqa: BLE001 - a provider's bug costs its draw, not the run
            return ProviderError(
                f"provider {self.name} broke: {type(error).__name__}: {error}",
                remedy="report it to the plugin's author (`lift plugins` names the distribution)",
            )

    def _delivered(self, reply: Reply, seconds: float) -> Call:
        price = self.capabilities.price
        return Call(
            id=self._next_id(),
            provider=self.name,
            model=reply.model,
            usage=reply.usage,
            cost=None if price is None else price.of(reply.usage),
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

    def _next_id(self) -> str:
        return f"{self.name}/{next(self._ids)}"

    def _pause(self, attempt: int, wish: float | None) -> float:
        backoff = min(self._settings.max_backoff, self._settings.backoff * 2**attempt)
        return max(wish or 0.0, backoff * self._jitter.uniform(0.5, 1.0))

    def _need(self, request: Request) -> Need:
        """An upper bound: no tokenizer makes more tokens than there are bytes."""
        texts = [message.content for message in request.messages]
        if request.constraint is not None:
            texts.append(request.constraint.model_dump_json())
        prompt = sum(len(text.encode("utf-8", "surrogatepass")) + 16 for text in texts)
        output = request.sampling.n * request.sampling.max_tokens
        price = self.capabilities.price
        usd = price.of(Usage(input_tokens=prompt, output_tokens=output)) if price else 0.0
        return Need(tokens=prompt + output, usd=usd)


def _chunks(indices: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(indices), size):
        yield indices[start : start + size]
