"""A provider's calls: within its concurrency and the budget, tried again, paid for and told."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..errors import ProviderError
from ..interfaces import (
    Call,
    CallMade,
    Capabilities,
    Delivered,
    Event,
    Noted,
    Price,
    Provider,
    Rate,
    Reply,
    Request,
    Sample,
    Usage,
    spend_of_calls,
)
from .batching import Answer, Batcher
from .budget import Need
from .config import CallSettings
from .draws import Draw
from .identity import constraint_text, derive_seed, sample_key
from .pacing import Pace
from .recorded import CANCELLED


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request as it is sent, and the samples it is to deliver."""

    draw: Draw
    request: Request
    indices: Sequence[int]

    @property
    def seed(self) -> int | None:
        return self.request.sampling.seed


class Caller:
    def __init__(
        self,
        name: str,
        provider: Provider,
        capabilities: Capabilities,
        settings: CallSettings,
        emit: Callable[[Event], None],
        identity: str = "",
        rate: Rate | None = None,
    ) -> None:
        """`identity` tells it from providers of other pipelines that bear the same name."""
        self.name = name
        self.capabilities = capabilities
        self._identity = identity or name
        self._settings = settings
        self._emit = emit
        size, in_flight = self.capabilities.requests, self.capabilities.in_flight
        self._pace = Pace(size * in_flight, rate, max_wait=settings.max_wait)
        timeout = self.capabilities.timeout or settings.timeout
        self._batcher = Batcher(name, provider, size=size, in_flight=in_flight, timeout=timeout)
        self._per_call = self.capabilities.n
        self._jitter = random.Random(name)
        self._told_ignored: set[str] = set()
        self._told_excess = False

    async def idle(self) -> None:
        """Waits for the end of cancelled calls: before it the provider is not to be closed."""
        await self._batcher.idle()

    def chunks(self, indices: Sequence[int]) -> Iterator[Sequence[int]]:
        """As many at once as the provider gives."""
        for start in range(0, len(indices), self._per_call):
            yield indices[start : start + self._per_call]

    def key(self, draw: Draw, index: int) -> str:
        """The sample's identity, of whatever pipeline it is."""
        known = draw.keys.get((self._identity, index))
        if known is None:
            known = self._key(self._identity, draw, index)
            draw.keys[self._identity, index] = known
        return known

    def _key(self, provider: str, draw: Draw, index: int) -> str:
        model = self.capabilities.model
        return sample_key(provider, model, draw.digest, draw.seed, draw.epoch, index)

    async def fetch(self, draw: Draw, indices: Sequence[int]) -> list[Sample]:
        """Some of them at least. Tries until it works, will never work, or was tried enough."""
        seed = None
        if self.capabilities.seed:
            # By the provider's name, so that a pipeline draws the same in every folder.
            seed = derive_seed(self._key(self.name, draw, indices[0]))
        sampling = draw.request.sampling.model_copy(update={"n": len(indices), "seed": seed})
        request = draw.request.model_copy(update={"sampling": sampling})
        asked = _Asked(draw, request, indices)
        failed, made = draw.past.tries(draw.place(self.name, indices[0]))
        last = self._settings.attempts - 1
        for retries in range(min(failed, last), last + 1):
            result, call = await self._once(asked, retries, made := made + 1)
            if isinstance(result, Reply):
                samples = self._delivered(asked, result, call)
                short = {"n"} if 0 < len(result.completions) < len(indices) else set[str]()
                ignored = tuple(sorted(result.ignored | short))
                self._report(asked, call, retries, ignored=ignored, samples=samples)
                self._tell_ignored(ignored)
                return draw.tell(samples)
            if result.fatal:
                self._report(asked, call, retries, error=result)
                raise result
            if not result.retryable or retries == last or self._too_long(result.retry_after):
                told = [Sample(index, None, None, seed, self._why(result)) for index in indices]
                self._report(asked, call, retries, error=result, samples=told)
                return draw.tell(told)
            self._report(asked, call, retries, error=result)
            await asyncio.sleep(self._pause(retries, result.retry_after))
        raise AssertionError("unreachable: the last try returns")

    async def _once(self, asked: _Asked, retries: int, number: int) -> tuple[Answer, Call]:
        """One call, paid for; what came of it is still to be told."""
        price = self.capabilities.price
        most = _most(asked.request)
        need = Need(
            tokens=most.input_tokens + most.output_tokens, usd=price.of(most) if price else 0.0
        )
        waited = retries > 0
        async with self._pace.turn(need.tokens, waited=waited) as turn:
            with await asked.draw.budget.reserve(need) as reservation:
                started = time.monotonic()
                try:
                    result, seconds = await self._batcher.ask(asked.request)
                except asyncio.CancelledError:
                    # It was made all the same, and nobody will know what it cost.
                    cost = None if price is None or need.usd else 0.0
                    call = self._made(asked, number, Usage(), cost, time.monotonic() - started)
                    reservation.settle(spend_of_calls([call]))
                    self._report(asked, call, retries, error=CANCELLED)
                    raise
                if isinstance(result, Reply):
                    usage = _counted(result, asked.request)
                    cost = _cost(result, usage, result.price or price)
                    call = self._made(asked, number, usage, cost, seconds, result)
                    self._tell_excess(usage, need)
                elif result.lost:
                    # Billed perhaps, and then at the most this much: no limit is overrun.
                    cost = None if price is None else need.usd
                    call = self._made(asked, number, most, cost, seconds)
                else:
                    # A failed try is no money, but it is a call all the same.
                    call = self._made(asked, number, Usage(), 0.0, seconds)
                reservation.settle(spend_of_calls([call]))
                tokens = call.usage.input_tokens + call.usage.output_tokens
                turn.ended(tokens, None if isinstance(result, Reply) else result)
        return result, call

    def _delivered(self, asked: _Asked, reply: Reply, call: Call) -> list[Sample]:
        indices, said = asked.indices, reply.completions
        if not said:
            cause = f"provider {self.name} sent a reply without a completion"
            return [Sample(index, None, call, asked.seed, cause) for index in indices]
        if len(said) < len(indices):
            # The provider knows less of n than it says; from now on it is asked for no more.
            self._per_call = min(self._per_call, len(said))
        delivered = zip(indices, said, strict=False)
        return [Sample(index, completion, call, asked.seed) for index, completion in delivered]

    def _made(
        self,
        asked: _Asked,
        number: int,
        usage: Usage,
        cost: float | None,
        seconds: float,
        reply: Reply | None = None,
    ) -> Call:
        said = self.capabilities if reply is None else reply
        return Call(
            id=call_id(asked.draw, self.name, asked.indices[0], number),
            provider=self.name,
            model=said.model or self.capabilities.model,
            usage=usage,
            cost=cost,
            seconds=seconds,
            batch=said.batch,
        )

    def _report(
        self,
        asked: _Asked,
        call: Call,
        retries: int,
        *,
        error: ProviderError | str | None = None,
        ignored: tuple[str, ...] = (),
        samples: Sequence[Sample] = (),
    ) -> None:
        fatal = error if isinstance(error, ProviderError) and error.fatal else None
        self._emit(
            CallMade(
                task=asked.draw.task,
                call=call,
                request=asked.draw.digest,
                first=asked.indices[0],
                retries=retries,
                error=None if error is None else str(error),
                raised=None if fatal is None else type(fatal).__name__,
                remedy="" if fatal is None else fatal.remedy,
                ignored=ignored,
                samples=tuple(self._told(asked.draw, sample) for sample in samples),
            )
        )

    def _told(self, draw: Draw, sample: Sample) -> Delivered:
        return Delivered(
            index=sample.index,
            key=self.key(draw, sample.index),
            seed=sample.seed,
            completion=sample.completion,
            error=sample.error,
        )

    def _pause(self, retries: int, wish: float | None) -> float:
        backoff = min(self._settings.max_backoff, self._settings.backoff * 2**retries)
        return max(wish or 0.0, backoff * self._jitter.uniform(0.5, 1.0))

    def _too_long(self, wish: float | None) -> bool:
        return wish is not None and wish > self._settings.max_wait

    def _why(self, error: ProviderError) -> str:
        if not self._too_long(error.retry_after):
            return str(error)
        wish = f"it asks to be left alone for {error.retry_after:g} s, longer than calls.max_wait"
        return f"{error}; {wish}"

    def _tell_excess(self, usage: Usage, need: Need) -> None:
        """Once: a budget holds as long as replies keep to what was asked for."""
        tokens = usage.input_tokens + usage.output_tokens
        if tokens > need.tokens and not self._told_excess:
            self._told_excess = True
            told = (
                f"provider {self.name} says that a call took {tokens} tokens where "
                f"{need.tokens} were the most that was asked for: its calls may overrun the budget"
            )
            self._emit(Noted(level="warning", message=told))

    def _tell_ignored(self, ignored: Iterable[str]) -> None:
        """Once each, as every further call does the same."""
        new = sorted(set(ignored) - self._told_ignored)
        if new:
            self._told_ignored.update(new)
            told = f"provider {self.name} does not honour {', '.join(new)}"
            made_up_for = "; for n it is asked several times" if "n" in new else ""
            self._emit(Noted(level="warning", message=told + made_up_for))


def call_id(draw: Draw, provider: str, first: int, number: int | str) -> str:
    """The same whatever else goes on in the run."""
    return f"{draw.task}/{provider}/{draw.digest[:12]}/{first}.{number}"


def _most(request: Request) -> Usage:
    """Of a prompt no tokenizer makes more tokens than it has bytes."""
    texts = [message.content for message in request.messages]
    if request.constraint is not None:
        texts.append(constraint_text(request.constraint))
    return Usage(
        input_tokens=sum(len(text.encode("utf-8", "surrogatepass")) + 16 for text in texts),
        output_tokens=request.sampling.n * request.sampling.max_tokens,
        estimated=True,
    )


def _cost(reply: Reply, usage: Usage, price: Price | None) -> float | None:
    if price is None:
        return None
    return (price.in_batch() if reply.batch else price).of(usage)


def _counted(reply: Reply, request: Request) -> Usage:
    """What the provider said it was, or else an estimate."""
    if reply.usage.input_tokens or reply.usage.output_tokens:
        return reply.usage
    return Usage.estimate(request.messages, reply.completions)
