import asyncio
import itertools

import pytest

from lift_sys.errors import ProviderUnavailable, RateLimited, RequestRejected, UnknownRequest
from lift_sys.interfaces import (
    Capabilities,
    Completion,
    Message,
    Provider,
    Reply,
    Request,
    Sampling,
    Usage,
)
from lift_sys.testing.providers import (
    CuttingProvider,
    FailingProvider,
    IgnoringProvider,
    ScriptedProvider,
    SlowProvider,
)


def asked(text="hi", n=1) -> Request:
    return Request(messages=(Message(role="user", content=text),), sampling=Sampling(n=n))


async def texts(provider, *requests) -> list[list[str]]:
    return [
        [completion.text for completion in reply.completions]
        for reply in await provider.complete(requests)
    ]


def test_all_are_providers():
    inner = ScriptedProvider([])
    wrappers = (
        FailingProvider(inner),
        SlowProvider(inner, 0),
        CuttingProvider(inner, 1),
        IgnoringProvider(inner),
    )
    for provider in (inner, *wrappers):
        assert isinstance(provider, Provider)
        assert provider.capabilities() is inner.capabilities()


async def test_a_list_is_said_in_order():
    provider = ScriptedProvider(["a", Completion(text="b", finish="length"), "c"])
    assert await texts(provider, asked(n=2), asked()) == [["a", "b"], ["c"]]
    assert provider.calls == 1
    assert len(provider.requests) == 2
    (error,) = await provider.complete([asked()])
    assert isinstance(error, UnknownRequest)


async def test_an_error_in_the_list_answers_one_request():
    provider = ScriptedProvider([RateLimited("slow"), "a"])
    error, reply = await provider.complete([asked(), asked()])
    assert isinstance(error, RateLimited)
    assert isinstance(reply, Reply)


async def test_an_endless_list():
    provider = ScriptedProvider(itertools.cycle(["a", "b"]))
    assert await texts(provider, asked(n=3), asked()) == [["a", "b", "a"], ["b"]]


async def test_a_function_of_the_request():
    whole = Reply(completions=(Completion(text="whole"),), usage=Usage(), model="m")
    said = {"same": "x", "list": ["y", "z"], "reply": whole, "error": ProviderUnavailable("no")}
    provider = ScriptedProvider(lambda request: said[request.messages[0].content])
    assert await texts(provider, asked("same", 2), asked("list", 2)) == [["x", "x"], ["y", "z"]]
    assert await provider.complete([asked("reply"), asked("error")]) == [whole, said["error"]]


async def test_usage_is_estimated():
    (reply,) = await ScriptedProvider(["12345"]).complete([asked("1234")])
    assert reply.usage == Usage(input_tokens=1, output_tokens=2, estimated=True)


async def test_more_than_its_capabilities_is_refused():
    provider = ScriptedProvider(["a"], capabilities=Capabilities(model="m", n=1))
    (error,) = await provider.complete([asked(n=2)])
    assert isinstance(error, RequestRejected)
    assert await texts(provider, asked()) == [["a"]], "the script is untouched"


async def test_health_and_closing_reach_the_innermost():
    inner = ScriptedProvider([])
    outer = CuttingProvider(SlowProvider(inner, 0), 3)
    assert (await outer.health()).ok
    await outer.aclose()
    assert inner.closed
    assert not (await outer.health()).ok


async def test_failing_a_number_of_requests():
    provider = FailingProvider(ScriptedProvider(["a", "b"]), times=2)
    first, second, third = await provider.complete([asked(), asked(), asked()])
    assert isinstance(first, ProviderUnavailable)
    assert first is second
    assert third.completions[0].text == "a"
    assert await texts(provider, asked()) == [["b"]]


async def test_failing_as_a_whole():
    error = RateLimited("slow", retry_after=3)
    provider = FailingProvider(ScriptedProvider(["a"]), error, raises=True)
    assert not (await provider.health()).ok
    with pytest.raises(RateLimited):
        await provider.complete([asked()])
    assert (await provider.health()).ok
    assert await texts(provider, asked()) == [["a"]]


async def test_slow_waits_for_what_it_is_given():
    gate = asyncio.Event()
    provider = SlowProvider(ScriptedProvider(["a", "b"]), gate.wait)
    tasks = [asyncio.create_task(provider.complete([asked()])) for _ in range(3)]
    await asyncio.sleep(0)
    assert (provider.in_flight, provider.peak) == (3, 3)
    tasks[0].cancel()
    gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert [reply.completions[0].text for (reply,) in results[1:]] == ["a", "b"]
    assert (provider.in_flight, provider.peak, provider.cancelled) == (0, 3, 1)
    assert await SlowProvider(ScriptedProvider(["a"]), 0).complete([asked()])


async def test_cutting_off():
    said = Completion(text="abcdef", logprobs=(-1.0,))
    inner = ScriptedProvider([said, "abc", ProviderUnavailable("no")])
    provider = CuttingProvider(inner, 3, finish="cut")
    cut, whole, error = await provider.complete([asked(), asked(), asked()])
    assert cut.completions == (Completion(text="abc", finish="cut"),)
    assert whole.completions == (Completion(text="abc"),)
    assert isinstance(error, ProviderUnavailable)


@pytest.mark.parametrize("tells", [False, True])
async def test_ignoring_n(tells):
    provider = IgnoringProvider(ScriptedProvider(["a", "b"]), tells=tells)
    several, single = await provider.complete([asked(n=5), asked()])
    assert [len(reply.completions) for reply in (several, single)] == [1, 1]
    assert several.ignored == ({"n"} if tells else frozenset())
    assert single.ignored == frozenset()
    assert provider.capabilities().n > 1, "it claims what it does not do"
