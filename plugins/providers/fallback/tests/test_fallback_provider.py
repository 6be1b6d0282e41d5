"""Who answers where the first does not, who is left alone, and what it costs."""

import asyncio

import pytest
from lift_sys_fallback.plugin import FallbackOptions, lift_sys_providers
from lift_sys_fallback.provider import FallbackProvider
from pydantic import ValidationError

from lift_sys import Pipeline
from lift_sys.errors import (
    AuthenticationFailed,
    ConfigError,
    InputError,
    MalformedReply,
    OutOfCredit,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from lift_sys.interfaces import Message, Price, Reply, Request, Sampling
from lift_sys.plugins import Component, PluginManager
from lift_sys.testing.providers import (
    ANYTHING,
    FailingProvider,
    ScriptedProvider,
    SlowProvider,
)
from lift_sys.testing.samples import TASK, scripted_model
from lift_sys.testing.sandboxes import TrustingSandbox

REQUEST = Request(messages=(Message(role="user", content="hi"),), sampling=Sampling(max_tokens=9))
DEAR, CHEAP = Price(input=10, output=20, cached=12), Price(input=1, output=30)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Moody(ScriptedProvider):
    """Answers with its error while it has one."""

    def __init__(self, name: str, error=None, **capabilities) -> None:
        known = ANYTHING.model_copy(update={"model": name, **capabilities})
        super().__init__(lambda _: self.error or f"{name} said", capabilities=known)
        self.error = error


def fallback(*inner, clock=None, **options) -> FallbackProvider:
    named = [(f"p{place}", provider) for place, provider in enumerate(inner)]
    given = FallbackOptions(providers=[name for name, _ in named], **options)
    return FallbackProvider(given, named, clock or Clock())


async def said(provider) -> str:
    (answer,) = await provider.complete([REQUEST])
    assert isinstance(answer, Reply), answer
    return answer.completions[0].text


async def failed(provider):
    (answer,) = await provider.complete([REQUEST])
    assert not isinstance(answer, Reply)
    return answer


@pytest.mark.parametrize(
    "error",
    [ProviderUnavailable("down"), RateLimited("slow"), MalformedReply("?"), OutOfCredit("broke")],
)
async def test_the_next_one_is_asked_after_the_errors_that_are_named(error):
    first, second = Moody("a", error), Moody("b")
    provider = fallback(first, second)
    assert await said(provider) == "b said"
    first.error = None
    assert await said(provider) == "a said"
    narrow = fallback(Moody("a", error), second, on=["rejected"])
    assert await failed(narrow) is error
    assert second.calls == 1


async def test_what_is_wrong_with_the_request_is_an_answer():
    for error in (RequestRejected("no"), AuthenticationFailed("no key")):
        second = Moody("b")
        assert await failed(fallback(Moody("a", error), second)) is error
        assert second.calls == 0


async def test_of_a_batch_only_what_failed_goes_on():
    def odd(request):
        bad = int(request.messages[0].content) % 2
        return ProviderUnavailable("odd") if bad else "first"

    second = ScriptedProvider(lambda request: f"second {request.messages[0].content}")
    batch = [
        REQUEST.model_copy(update={"messages": (Message(role="user", content=str(place)),)})
        for place in range(5)
    ]
    answers = await fallback(ScriptedProvider(odd), second).complete(batch)
    texts = [answer.completions[0].text for answer in answers]
    assert texts == ["first", "second 1", "first", "second 3", "first"]
    assert len(second.requests) == 2


async def test_the_breaker_opens_tries_again_with_one_call_and_closes():
    clock = Clock()
    first, second = Moody("a", ProviderUnavailable("down")), Moody("b")
    provider = fallback(first, second, clock=clock, failures=2, rest=30)
    for _ in range(5):
        assert await said(provider) == "b said"
    assert first.calls == 2, "then it is left alone"
    assert "p0 (open)" in (await provider.health()).detail
    clock.now += 31
    assert "p0 (half-open)" in (await provider.health()).detail
    gate = asyncio.Event()
    real = first.complete

    async def slowly(requests):
        await gate.wait()
        return await real(requests)

    first.complete = slowly
    trial = asyncio.create_task(said(provider))
    await asyncio.sleep(0)
    assert await said(provider) == "b said", "one trial is enough"
    gate.set()
    assert await trial == "b said"
    assert first.calls == 3
    assert "p0 (open)" in (await provider.health()).detail, "it failed again"
    clock.now += 31
    first.error = None
    assert await said(provider) == "a said"
    assert "p0 (closed)" in (await provider.health()).detail


async def test_a_cancelled_trial_leaves_the_next_one_its_turn():
    clock = Clock()
    first = Moody("a", ProviderUnavailable("down"))
    provider = fallback(first, Moody("b"), clock=clock, failures=1, rest=1)
    await said(provider)
    clock.now += 2
    real, gate = first.complete, asyncio.Event()

    async def never(requests):
        await gate.wait()

    first.complete = never
    trial = asyncio.create_task(said(provider))
    await asyncio.sleep(0)
    trial.cancel()
    await asyncio.gather(trial, return_exceptions=True)
    first.complete, first.error = real, None
    assert await said(provider) == "a said"


async def test_where_all_fail_the_error_says_so_and_when_to_come_back():
    clock = Clock()
    inner = Moody("a", OutOfCredit("no money")), Moody("b", RateLimited("slow", retry_after=90))
    provider = fallback(*inner, clock=clock, failures=1, rest=30)
    error = await failed(provider)
    assert isinstance(error, RateLimited), "what may pass goes before what ends the run"
    assert "no money" in error.cause
    assert error.retry_after == 90
    error = await failed(provider)
    assert isinstance(error, ProviderUnavailable)
    assert error.retry_after == 30, "until the first of them may be tried"
    assert [each.calls for each in inner] == [1, 1]


async def test_one_that_hangs_or_raises_is_passed_over():
    hanging = SlowProvider(Moody("a"), asyncio.Event().wait)
    assert await said(fallback(hanging, Moody("b"), timeout=0.01)) == "b said"
    assert hanging.cancelled == 1

    class Broken(Moody):
        async def complete(self, requests):
            raise TypeError("oh no")

    assert await said(fallback(Broken("a"), Moody("b"))) == "b said"


async def test_who_says_how_long_it_takes_is_waited_for_so_long():
    """A cold start or a batch is no reason to pay another one."""
    ended = asyncio.Event()
    cold = SlowProvider(Moody("a", timeout=30.0), ended.wait)
    provider = fallback(cold, Moody("b"), timeout=0.01)
    assert 30.01 < provider.capabilities().timeout < 60, "the core does not end it before"
    asyncio.get_running_loop().call_later(0.05, ended.set)
    assert await said(provider) == "a said"


async def test_its_capabilities_are_those_of_every_one():
    provider = fallback(
        Moody("a", n=4, seed=True, price=DEAR, constraints=frozenset({"json_schema", "regex"})),
        Moody("b", n=9, seed=False, in_flight=3, price=CHEAP, constraints={"json_schema"}),
    )
    can = provider.capabilities()
    assert (can.model, can.n, can.in_flight, can.seed) == ("a or b", 4, 3, False)
    assert can.constraints == {"json_schema"}
    assert can.price == Price(input=12, output=30), "what is reserved is enough for either"
    assert fallback(Moody("a", price=None), Moody("b")).capabilities().price is None
    with pytest.raises(InputError, match="different prompts"):
        fallback(Moody("a"), Moody("b", dialect="tiny"))


async def test_price_and_model_are_those_of_who_answered():
    provider = fallback(
        Moody("a", ProviderUnavailable("down"), price=DEAR), Moody("b", price=CHEAP)
    )
    (reply,) = await provider.complete([REQUEST])
    assert (reply.model, reply.price) == ("b", CHEAP)


async def test_it_is_healthy_while_one_of_them_is():
    first, second = Moody("a"), Moody("b")
    provider = fallback(first, second)
    await first.aclose()
    assert (await provider.health()).ok
    await second.aclose()
    assert not (await provider.health()).ok
    await provider.aclose()


@pytest.mark.parametrize("providers", [["one"], ["one", "one"]])
def test_one_provider_is_no_fallback(providers):
    with pytest.raises(ValidationError):
        FallbackOptions(providers=providers)


def test_a_provider_that_is_not_named_but_described_is_told_of():
    model = {"use": "openai", "model": "m", "api_key": "any"}
    providers = {"m": {"use": "fallback", "providers": ["a", model]}, "a": model}
    stage = {"provider": "m"}
    with pytest.raises(ConfigError, match="define it under `providers:`"):
        Pipeline.load(
            {
                "version": 1,
                "providers": providers,
                "stages": {"specify": stage, "implement": stage},
            }
        )


async def test_in_a_pipeline_the_budget_pays_for_who_answered(tmp_path):
    strong = FailingProvider(scripted_model(), ProviderUnavailable("down"), times=99)
    spare = scripted_model()
    price = Price(input=1, output=1)
    spare._capabilities = spare.capabilities().model_copy(update={"price": price, "model": "m2"})
    manager = PluginManager.of(
        providers=[
            *lift_sys_providers(),
            Component("strong", lambda *_: strong, "fails"),
            Component("spare", lambda *_: spare, "works"),
        ],
        sandboxes=[Component("trusting", lambda *_: TrustingSandbox(), "for tests")],
    )
    stage = {"provider": "model"}
    document = {
        "version": 1,
        "providers": {
            "model": {"use": "fallback", "providers": ["first", "second"]},
            "first": "strong",
            "second": "spare",
        },
        "stages": {"specify": stage, "implement": stage},
        "sandbox": "trusting",
        "record": None,
        "budget": {"usd": 1},
    }
    async with Pipeline.load(document, plugins=manager).open() as session:
        result = await session.solve(TASK)
    assert result.status == "pass", result.why
    assert result.spend.usd == pytest.approx(result.spend.tokens / 1e6)
    assert result.spend.calls == 2, "the core sees one call for each request"
