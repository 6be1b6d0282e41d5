"""What every provider must do. It is asked for real: give a server or a recording it can reach."""

import asyncio
from typing import ClassVar

from ...errors import ProviderError
from ...interfaces import Message, Provider, Reply, Request, Sampling
from .base import ComponentConformance, run

HELLO = Request(
    messages=(Message(role="user", content="Say hello."),), sampling=Sampling(max_tokens=16)
)


class ProviderConformance(ComponentConformance):
    kind = "providers"
    request: ClassVar[Request] = HELLO
    """Something it can answer."""

    def complete(self, *requests: Request) -> list[Reply | ProviderError]:
        async def once() -> list[Reply | ProviderError]:
            provider: Provider = self.make()
            try:
                return list(await provider.complete(requests))
            finally:
                await provider.aclose()

        return run(once())

    def test_it_answers_each_request_in_order(self) -> None:
        answers = self.complete(self.request, self.request)
        assert len(answers) == 2
        for answer in answers:
            assert isinstance(answer, Reply), answer
            assert answer.completions, "a reply without a completion"
            assert answer.model, "a reply says which model gave it"

    def test_it_gives_as_many_completions_as_it_says_it_can(self) -> None:
        async def capability() -> int:
            provider: Provider = self.make()
            try:
                return provider.capabilities().n
            finally:
                await provider.aclose()

        n = min(run(capability()), 3)
        sampling = self.request.sampling.model_copy(update={"n": n})
        (answer,) = self.complete(self.request.model_copy(update={"sampling": sampling}))
        assert isinstance(answer, Reply), answer
        assert len(answer.completions) == n

    def test_it_counts_its_tokens(self) -> None:
        (answer,) = self.complete(self.request)
        assert isinstance(answer, Reply), answer
        assert answer.usage.input_tokens > 0
        assert answer.usage.output_tokens > 0
        assert answer.usage.cached_tokens <= answer.usage.input_tokens

    def test_it_tells_its_health_without_raising(self) -> None:
        async def health() -> bool:
            provider: Provider = self.make()
            try:
                return (await provider.health()).ok
            finally:
                await provider.aclose()

        assert run(health()) is True

    def test_it_can_be_closed_twice_and_unused(self) -> None:
        async def close() -> None:
            provider: Provider = self.make()
            await provider.aclose()
            await provider.aclose()

        run(close())

    def test_a_cancel_goes_through_at_once(self) -> None:
        async def cancelled() -> None:
            provider: Provider = self.make()
            try:
                running = asyncio.ensure_future(provider.complete([self.request]))
                await asyncio.sleep(0)
                running.cancel()
                await asyncio.wait([running], timeout=5)
                assert running.done(), "it goes on after a cancel"
            finally:
                await provider.aclose()

        run(cancelled())

    def test_it_keeps_what_it_cannot_honour_in_ignored(self) -> None:
        asked = Sampling(max_tokens=16, temperature=0.3, seed=11, logprobs=True)
        (answer,) = self.complete(self.request.model_copy(update={"sampling": asked}))

        async def capabilities() -> tuple[bool, bool, bool]:
            provider: Provider = self.make()
            try:
                can = provider.capabilities()
                return can.temperature, can.seed, can.logprobs
            finally:
                await provider.aclose()

        if not isinstance(answer, Reply):
            return
        for can, setting in zip(
            run(capabilities()), ("temperature", "seed", "logprobs"), strict=True
        ):
            if not can:
                assert setting in answer.ignored, f"{setting} was dropped without a word"
