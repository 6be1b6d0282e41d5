"""Providers for tests: scripted, failing, slow, cutting off and ignoring. They wrap each other."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Literal

from ..errors import ProviderError, ProviderUnavailable, RequestRejected, UnknownRequest
from ..interfaces import (
    Capabilities,
    Completion,
    Health,
    Price,
    Provider,
    Reply,
    Request,
    Usage,
)

Answer = Reply | ProviderError
Line = str | Completion | ProviderError
Script = Callable[[Request], Line | Sequence[str | Completion] | Reply]

ANYTHING = Capabilities(
    model="scripted",
    n=64,
    seed=True,
    logprobs=True,
    constraints=frozenset({"json_schema", "regex", "grammar"}),
    price=Price(input=0, output=0),
)


class ScriptedProvider:
    """Says what it is told to, and remembers what it was asked.

    `replies` is a function of the request, or the completions in the order they are asked for; an
    error among those answers one request. `itertools.cycle` makes a list without an end.
    """

    def __init__(
        self, replies: Iterable[Line] | Script, *, capabilities: Capabilities = ANYTHING
    ) -> None:
        self._script = replies if callable(replies) else _in_order(iter(replies))
        self._capabilities = capabilities
        self.requests: list[Request] = []
        self.calls = 0
        self.closed = False

    def capabilities(self) -> Capabilities:
        return self._capabilities

    async def complete(self, requests: Sequence[Request]) -> Sequence[Answer]:
        self.calls += 1
        self.requests += requests
        return [self._answer(request) for request in requests]

    async def health(self) -> Health:
        return Health(ok=not self.closed, detail="closed" if self.closed else "scripted")

    async def aclose(self) -> None:
        self.closed = True

    def _answer(self, request: Request) -> Answer:
        most = self._capabilities.n
        if request.sampling.n > most:
            return RequestRejected(
                f"asked for {request.sampling.n} completions of a provider that gives {most}",
                remedy="keep to capabilities().n",
            )
        said = self._script(request)
        if isinstance(said, Reply | ProviderError):
            return said
        if isinstance(said, str | Completion):
            said = [said] * request.sampling.n
        completions = tuple(Completion(text=one) if isinstance(one, str) else one for one in said)
        usage = Usage.estimate(request.messages, completions)
        return Reply(completions=completions, usage=usage, model=self._capabilities.model)


def _in_order(lines: Iterator[Line]) -> Script:
    def script(request: Request) -> Sequence[str | Completion] | ProviderError:
        said: list[str | Completion] = []
        for line in lines:
            if isinstance(line, ProviderError):
                return line
            said.append(line)
            if len(said) == request.sampling.n:
                return said
        return UnknownRequest("the script is at its end", remedy="give it more replies")

    return script


class Wrapper:
    """Passes everything on to another provider; subclasses change what they are about."""

    def __init__(self, inner: Provider) -> None:
        self.inner = inner

    def capabilities(self) -> Capabilities:
        return self.inner.capabilities()

    async def complete(self, requests: Sequence[Request]) -> Sequence[Answer]:
        return await self.inner.complete(requests)

    async def health(self) -> Health:
        return await self.inner.health()

    async def aclose(self) -> None:
        await self.inner.aclose()


class FailingProvider(Wrapper):
    """Fails its first `times` requests, then passes on."""

    def __init__(
        self,
        inner: Provider,
        error: ProviderError | None = None,
        *,
        times: int = 1,
        raises: bool = False,
    ) -> None:
        super().__init__(inner)
        self.error = error or ProviderUnavailable("the test says so", remedy="try again")
        self.left = times
        self.raises = raises
        """The whole call raises, as a provider must not do for a single request."""

    async def complete(self, requests: Sequence[Request]) -> Sequence[Answer]:
        failing = min(self.left, len(requests))
        self.left -= failing
        if failing and self.raises:
            raise self.error
        rest = requests[failing:]
        return [self.error] * failing + list(await self.inner.complete(rest) if rest else ())

    async def health(self) -> Health:
        return Health(ok=False, detail=str(self.error)) if self.left else await super().health()


class SlowProvider(Wrapper):
    """Waits before it passes on: so many seconds, or for what `delay` returns (`event.wait`)."""

    def __init__(self, inner: Provider, delay: float | Callable[[], Awaitable[object]]) -> None:
        super().__init__(inner)
        self._delay = delay
        self.in_flight = 0
        self.peak = 0
        """The most calls under way at once."""
        self.cancelled = 0

    async def complete(self, requests: Sequence[Request]) -> Sequence[Answer]:
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            if callable(self._delay):
                await self._delay()
            else:
                await asyncio.sleep(self._delay)
            return await self.inner.complete(requests)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.in_flight -= 1


class CuttingProvider(Wrapper):
    """Cuts every completion off after `keep` characters."""

    def __init__(
        self, inner: Provider, keep: int, *, finish: Literal["length", "cut"] = "length"
    ) -> None:
        super().__init__(inner)
        self._keep = keep
        self._finish = finish

    async def complete(self, requests: Sequence[Request]) -> Sequence[Answer]:
        return [self._cut(answer) for answer in await self.inner.complete(requests)]

    def _cut(self, answer: Answer) -> Answer:
        if isinstance(answer, ProviderError):
            return answer
        shorter = {"finish": self._finish, "logprobs": None}
        completions = tuple(
            one.model_copy(update={"text": one.text[: self._keep], **shorter})
            if len(one.text) > self._keep
            else one
            for one in answer.completions
        )
        return answer.model_copy(update={"completions": completions})


class IgnoringProvider(Wrapper):
    """Gives one completion whatever n is, and claims more, as some servers do silently."""

    def __init__(self, inner: Provider, *, tells: bool = False) -> None:
        super().__init__(inner)
        self._tells = tells

    async def complete(self, requests: Sequence[Request]) -> Sequence[Answer]:
        single = [
            request.model_copy(update={"sampling": request.sampling.model_copy(update={"n": 1})})
            for request in requests
        ]
        answers = await self.inner.complete(single)
        if not self._tells:
            return answers
        return [
            answer.model_copy(update={"ignored": answer.ignored | {"n"}})
            if isinstance(answer, Reply) and request.sampling.n > 1
            else answer
            for request, answer in zip(requests, answers, strict=True)
        ]


__all__ = [
    "ANYTHING",
    "CuttingProvider",
    "FailingProvider",
    "IgnoringProvider",
    "ScriptedProvider",
    "SlowProvider",
    "Wrapper",
]
