"""The provider: each request goes down the list until somebody answers it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lift_sys.errors import (
    AuthenticationFailed,
    InputError,
    LiftError,
    MalformedReply,
    OutOfCredit,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from lift_sys.interfaces import Capabilities, Health, Parts, Price, Provider, Reply, Request

from .breaker import Breaker
from .plugin import FallbackOptions, Trouble

Answer = Reply | ProviderError

_TO_GO_ON = 5.0

_ERRORS: dict[Trouble, type[ProviderError]] = {
    "unavailable": ProviderUnavailable,
    "rate_limited": RateLimited,
    "malformed": MalformedReply,
    "out_of_credit": OutOfCredit,
    "authentication": AuthenticationFailed,
    "rejected": RequestRejected,
}


def create(options: FallbackOptions, parts: Parts) -> "FallbackProvider":
    inner = [(ref.root, parts.wrapped(ref)) for ref in options.providers]
    return FallbackProvider(options, inner)


@dataclass(frozen=True, slots=True)
class _Tier:
    name: str
    provider: Provider
    capabilities: Capabilities
    breaker: Breaker
    timeout: float
    """Seconds that it may take before the next one is asked."""


class FallbackProvider:
    def __init__(
        self,
        options: FallbackOptions,
        inner: Sequence[tuple[str, Provider]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`inner`: by the names of the pipeline, which closes them too."""
        self._troubles = tuple(_ERRORS[name] for name in options.on)
        self._tiers: list[_Tier] = []
        for name, provider in inner:
            known = provider.capabilities()
            breaker = Breaker(options.failures, options.rest, clock)
            timeout = known.timeout or options.timeout
            self._tiers.append(_Tier(name, provider, known, breaker, timeout))
        self._capabilities = _together([tier.capabilities for tier in self._tiers]).model_copy(
            update={"timeout": _TO_GO_ON + sum(tier.timeout for tier in self._tiers)}
        )

    def capabilities(self) -> Capabilities:
        return self._capabilities

    async def complete(self, requests: Sequence[Request]) -> Sequence[Answer]:
        answers: dict[int, Answer] = {}
        errors: dict[int, list[ProviderError]] = {place: [] for place in range(len(requests))}
        for tier in self._tiers:
            waiting = [place for place in errors if place not in answers]
            if not waiting:
                break
            if not tier.breaker.enter():
                resting = _resting(tier)
                for place in waiting:
                    errors[place].append(resting)
                continue
            given = await self._asked(tier, [requests[place] for place in waiting])
            for place, answer in zip(waiting, given, strict=True):
                if isinstance(answer, self._troubles):
                    errors[place].append(answer)
                else:
                    answers[place] = answer
        return [answers.get(place) or _error_of(errors[place]) for place in errors]

    async def health(self) -> Health:
        told = await asyncio.gather(*(tier.provider.health() for tier in self._tiers))
        details = [
            f"{tier.name} ({tier.breaker.state}): {health.detail}"
            for tier, health in zip(self._tiers, told, strict=True)
        ]
        return Health(ok=any(health.ok for health in told), detail="; ".join(details))

    async def aclose(self) -> None:
        """What it is made of are the pipeline's own, which closes them."""

    async def _asked(self, tier: _Tier, requests: Sequence[Request]) -> Sequence[Answer]:
        try:
            answers = await self._guarded(tier, requests)
        except BaseException:
            tier.breaker.left()
            raise
        failed = [answer for answer in answers if isinstance(answer, self._troubles)]
        if len(failed) == len(answers):
            tier.breaker.failed(max((each.retry_after or 0.0 for each in failed), default=None))
        else:
            tier.breaker.worked()
        return [_priced(answer, tier.capabilities.price) for answer in answers]

    async def _guarded(self, tier: _Tier, requests: Sequence[Request]) -> Sequence[Answer]:
        """As each tier has another after it, whatever one of them does is an answer."""
        failed: ProviderError
        try:
            async with asyncio.timeout(tier.timeout):
                return await tier.provider.complete(requests)
        except ProviderError as error:
            failed = error
        except TimeoutError:
            failed = ProviderUnavailable(
                f"provider {tier.name} did not answer within {tier.timeout:g} s",
                remedy="raise the timeout of the fallback, or look at the provider's health",
                lost=True,
            )
        except LiftError:
            raise
        except Exception as error:  # noqa: BLE001 - a provider's bug is a reason to ask the next
            cause = f"provider {tier.name} broke: {type(error).__name__}: {error}"
            failed = ProviderUnavailable(cause, remedy="report it to the plugin's author")
        return [failed] * len(requests)


def _together(all_of: Sequence[Capabilities]) -> Capabilities:
    """What every one of them can do, as nobody knows which one will answer."""
    dialects = {each.dialect for each in all_of}
    if len(dialects) > 1:
        raise InputError(
            f"a fallback's models read different prompts: {', '.join(sorted(dialects))}",
            remedy="name providers of one dialect; a router may choose between different ones",
        )
    constraints = [each.constraints for each in all_of]
    return Capabilities(
        model=" or ".join(dict.fromkeys(each.model for each in all_of)),
        n=min(each.n for each in all_of),
        requests=min(each.requests for each in all_of),
        in_flight=min(each.in_flight for each in all_of),
        seed=all(each.seed for each in all_of),
        logprobs=all(each.logprobs for each in all_of),
        temperature=all(each.temperature for each in all_of),
        reasoning=all(each.reasoning for each in all_of),
        constraints=constraints[0].intersection(*constraints[1:]),
        dialect=all_of[0].dialect,
        price=_highest([each.price for each in all_of]),
    )


def _highest(prices: Sequence[Price | None]) -> Price | None:
    """So that what is reserved is enough, whoever answers."""
    known = [price for price in prices if price is not None]
    if len(known) < len(prices):
        return None
    inputs = [max(p.input, p.cached or 0.0, p.written or 0.0) for p in known]
    return Price(input=max(inputs), output=max(price.output for price in known))


def _priced(answer: Answer, price: Price | None) -> Answer:
    """The price follows the one that answered."""
    if isinstance(answer, Reply) and answer.price is None:
        return answer.model_copy(update={"price": price})
    return answer


def _resting(tier: _Tier) -> ProviderUnavailable:
    return ProviderUnavailable(
        f"provider {tier.name} failed several times in a row and is left alone for a while",
        remedy="look at its health, or name a further provider",
        retry_after=tier.breaker.wait or None,
    )


def _error_of(errors: Sequence[ProviderError]) -> ProviderError:
    """One that may pass, where there is one, with the shortest wait; it tells of all of them."""
    passing = [error for error in errors if error.retryable]
    chosen = min(passing or errors, key=lambda error: error.retry_after or 0.0)
    if len(errors) == 1:
        return chosen
    return type(chosen)(
        "; ".join(error.cause for error in errors),
        remedy=chosen.remedy,
        retry_after=chosen.retry_after,
        lost=any(error.lost for error in errors),
    )
