"""Message batches against the loopback server that speaks their protocol."""

import asyncio
import json
from collections import Counter

import pytest
from lift_sys_anthropic.plugin import AnthropicOptions
from lift_sys_anthropic.provider import create

from lift_sys.errors import (
    AuthenticationFailed,
    MalformedReply,
    ProviderUnavailable,
    RequestRejected,
)
from lift_sys.interfaces import CallMade, Message, Price, Reply, Request, Sampling, Usage
from lift_sys.pipeline.config import CallSettings
from lift_sys.pipeline.pricing import PriceList
from lift_sys.testing.asking import closing_each
from lift_sys.testing.loopback import (
    Answer,
    LoopbackServer,
    MessageBatches,
    overloaded,
    rate_limited,
    refused,
)
from lift_sys.testing.runs import make_context

PRICE = Price(input=4.0, output=8.0, cached=0.4, written=5.0)
MAKE = "/v1/messages/batches"


def task(text) -> Request:
    messages = (Message(role="system", content="rules"), Message(role="user", content=str(text)))
    return Request(messages=messages, sampling=Sampling(max_tokens=64))


def echo(incoming, _) -> str:
    return f"to {incoming.document['messages'][-1]['content']}"


@pytest.fixture
def batches():
    return MessageBatches()


@pytest.fixture
async def server(batches):
    async with LoopbackServer(Answer(text=echo), dialects=batches.dialects) as running:
        yield running


@pytest.fixture
async def connect(server):
    def made(options):
        given = {"model": "loopback", "base_url": server.origin, "api_key": "any", "batch": True}
        quick = {"gather": 0.05, "poll": 0.01, "price": PRICE}
        kept = {**given, **quick, **options}
        if not kept["batch"]:
            kept = {name: kept[name] for name in ("model", "base_url", "batch")}
        return create(AnthropicOptions(**kept), None)

    async with closing_each(made) as make:
        yield make


def paths(server) -> Counter:
    return Counter(incoming.path for incoming in server.requests)


async def each_by_itself(provider, *texts):
    """As the core asks: every request in a call of its own."""
    answers = await asyncio.gather(*(provider.complete([task(text)]) for text in texts))
    return [answer for (answer,) in answers]


async def test_requests_of_many_calls_go_as_one_batch_at_half_the_price(server, batches, connect):
    batches.polls = 2
    provider = connect()
    texts = [f"question {number}" for number in range(20)]
    replies = await each_by_itself(provider, *texts, *texts)
    assert [reply.completions[0].text for reply in replies] == [f"to {t}" for t in texts] * 2
    assert paths(server) == {MAKE: 1, f"{MAKE}/msgbatch_0": 3, f"{MAKE}/msgbatch_0/results": 1}
    half = Price(input=2.0, output=4.0, cached=0.2, written=2.5)
    assert PriceList().applied(provider.capabilities()).price == half
    assert all(reply.batch and reply.price is None for reply in replies)
    (sent,) = (incoming.document for incoming in server.requests if incoming.path == MAKE)
    params = sent["requests"][0]["params"]
    assert "stream" not in params
    assert params["system"][0]["cache_control"] == {"type": "ephemeral"}
    ids = [request["custom_id"] for request in sent["requests"]]
    assert len(set(ids)) == len(ids) == 40

    await each_by_itself(provider, "later")
    assert paths(server)[MAKE] == 2


async def test_prices_of_batches(tmp_path):
    def price(prices=PriceList(), **options):
        given = {"base_url": "https://api.anthropic.com", "batch": True, **options}
        return prices.applied(create(AnthropicOptions(**given), None).capabilities()).price

    listed = price(model="claude-haiku-4-5-20251001")
    assert (listed.input, listed.output, listed.batch) == (0.5, 2.5, 1.0)
    assert listed.dated is not None
    assert price(model="unheard-of") is None
    stated = {"input": 10, "output": 20, "batch": 0.25}
    assert price(model="m", price=stated).input == 2.5
    assert price(model="m", price={"input": 10, "output": 20}).input == 5
    assert price(model="m", price=stated, batch=False).input == 10
    own = tmp_path / "prices.toml"
    own.write_text(
        "['api.anthropic.com']\ndated = 2026-11-21\nbatch = 0.4\n"
        "models = [{names = ['claude-haiku-4-5'], input = 10.0, output = 20.0}]\n"
    )
    theirs = PriceList.over_shipped(own)
    assert price(theirs, model="claude-haiku-4-5").input == pytest.approx(4.0)
    assert price(theirs, model="claude-haiku-4-5", batch=False).input == 10.0


async def test_a_batch_that_takes_too_long_is_cancelled_and_says_what_to_do(
    server, batches, connect
):
    batches.polls = 1_000_000
    provider = connect(wait=0.1, poll=30)
    assert provider.capabilities().timeout > 30, "calls.timeout does not hold for batches"
    events: list[CallMade] = []
    calls = CallSettings(attempts=3, backoff=0.001, timeout=0.001)
    ctx = make_context(provider, calls=calls, events=events)
    ((sample,),) = await ctx.sample([task("a")])
    assert "msgbatch_0 had not ended after 0.1 s" in sample.error
    assert "option wait" in sample.error
    assert batches.cancelled == ["msgbatch_0"]
    (made,) = (event for event in events if isinstance(event, CallMade))
    assert made.call.usage.estimated, "what was answered by then is billed"
    assert connect(batch=False).capabilities().timeout is None


async def test_what_came_of_each_is_told_apart(server, batches, connect):
    def outcome(params):
        return params["messages"][-1]["content"]

    batches.outcome = outcome
    outcomes = ("succeeded", "errored", "expired", "canceled")
    fine, errored, expired, cancelled = await each_by_itself(connect(), *outcomes)
    assert isinstance(fine, Reply)
    assert type(errored) is ProviderUnavailable
    assert type(expired) is ProviderUnavailable
    assert "expired" in expired.cause
    assert type(cancelled) is RequestRejected
    assert "cancelled" in cancelled.cause
    assert not any(error.lost for error in (errored, expired, cancelled)), "none is billed"
    batches.error = "invalid_request_error"
    (errored,) = await each_by_itself(connect(), "errored")
    assert type(errored) is RequestRejected


async def test_what_goes_wrong_while_waiting_is_waited_out(server, batches, connect):
    batches.polls = 2
    fine = server.answer
    server.script += [
        *(fine, overloaded(529), rate_limited("0.01"), Answer(body=b"<html>")),
        *(fine, Answer(text="", cut_after=40), fine),
        *(overloaded(), Answer(body=b'{"custom_id": "request-0", "res'), fine),
    ]
    replies = await each_by_itself(connect(), "a", "b")
    assert [reply.completions[0].text for reply in replies] == ["to a", "to b"]
    assert paths(server)[MAKE] == 1, "it is paid for, and made once"
    assert not server.script


async def test_a_request_without_a_result_is_lost_and_the_others_are_not(server, connect):
    def answer(incoming):
        if not incoming.path.endswith("/results"):
            return Answer(text=echo)
        line = {"custom_id": "request-0", "result": {"type": "a new one"}}
        return Answer(body=json.dumps(line).encode() + b"\nnull\n\n{]")

    server.answer = answer
    odd, absent = await each_by_itself(connect(), "a", "b")
    assert type(odd) is type(absent) is MalformedReply
    assert absent.lost


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(401), AuthenticationFailed),
        (overloaded(529), ProviderUnavailable),
        (Answer(body=b"{}"), MalformedReply),
        (Answer(body=b'{"id": "../../other"}'), MalformedReply),
    ],
)
async def test_a_batch_that_is_not_made_fails_each_of_its_requests(server, connect, answer, kind):
    server.answer = answer
    errors = await each_by_itself(connect(), "a", "b")
    assert {type(error) for error in errors} == {kind}
    assert server.counts.requests == 1


async def test_a_batch_that_is_gone_may_be_billed(server, connect):
    server.script += [server.answer, refused(404)]
    (error,) = await each_by_itself(connect(), "a")
    assert type(error) is RequestRejected
    assert error.lost


async def begun(server, path_end: str) -> None:
    came, before = asyncio.Event(), server.answer

    def answer(incoming):
        if incoming.path.endswith(path_end):
            came.set()
        return before

    server.answer = answer
    await came.wait()


async def ended(*calls) -> None:
    for call in calls:
        call.cancel()
    for call in calls:
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_who_leaves_before_the_batch_is_made_is_not_in_it(server, connect):
    provider = connect(gather=0.3)
    calls = [asyncio.create_task(provider.complete([task(text)])) for text in ("a", "b", "c")]
    await asyncio.sleep(0.01)
    await ended(calls[1])
    replies = await asyncio.gather(calls[0], calls[2])
    assert [reply.completions[0].text for (reply,) in replies] == ["to a", "to c"]
    (made,) = (incoming.document for incoming in server.requests if incoming.path == MAKE)
    assert len(made["requests"]) == 2

    alone = asyncio.create_task(provider.complete([task("d")]))
    await asyncio.sleep(0.01)
    await ended(alone)
    await provider.aclose()
    assert paths(server)[MAKE] == 1, "of nobody's requests none is made"


async def test_a_batch_is_cancelled_when_nobody_waits_for_it(server, batches, connect):
    batches.polls = 1_000_000
    provider = connect()
    calls = [asyncio.create_task(provider.complete([task(text)])) for text in ("a", "b")]
    await begun(server, "/msgbatch_0")
    await ended(calls[0])
    await asyncio.sleep(0.05)
    assert batches.cancelled == [], "the other is waited for"
    server.script.append(overloaded())
    await ended(calls[1])
    await provider.aclose()
    assert batches.cancelled == ["msgbatch_0"]


async def test_a_batch_that_is_just_being_made_is_cancelled_too(server, batches, connect):
    made = asyncio.Event()

    def answer(incoming):
        made.set()
        return Answer(latency=0.1 if incoming.path == MAKE else 0)

    server.answer = answer
    provider = connect()
    call = asyncio.create_task(provider.complete([task("a")]))
    await made.wait()
    await ended(call)
    await provider.aclose()
    assert batches.cancelled == ["msgbatch_0"]


async def test_closing_cancels_what_is_under_way(server, batches, connect):
    batches.polls = 1_000_000
    provider = connect(poll=60)
    call = asyncio.create_task(provider.complete([task("a")]))
    await begun(server, "/msgbatch_0")
    await provider.aclose()
    assert batches.cancelled == ["msgbatch_0"]
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_a_batch_that_cannot_be_cancelled_is_told_of(server, batches, connect, caplog):
    batches.polls = 1_000_000
    provider = connect()
    call = asyncio.create_task(provider.complete([task("a")]))
    await begun(server, "/msgbatch_0")
    server.answer = refused(403, "not yours")
    await ended(call)
    await provider.aclose()
    assert "msgbatch_0 is not cancelled" in caplog.text


async def test_a_full_batch_does_not_wait(server, connect, monkeypatch):
    monkeypatch.setattr("lift_sys_anthropic.batches._MOST_REQUESTS", 3)
    replies = await each_by_itself(connect(gather=3600), *"abcdef")
    assert [reply.completions[0].text for reply in replies] == [f"to {text}" for text in "abcdef"]
    assert paths(server)[MAKE] == 2


async def test_the_core_draws_and_pays_through_a_batch(server, batches, connect):
    """Emulated n, a retry after an expiry, and what the record says it cost."""
    fates = iter(["expired"])
    batches.outcome = lambda _: next(fates, "succeeded")
    server.answer = Answer(text="12345678")
    events: list[CallMade] = []
    calls = CallSettings(attempts=3, backoff=0.001)
    ctx = make_context(connect(), calls=calls, events=events)
    sampling = Sampling(n=3, max_tokens=64)
    (samples,) = await ctx.sample([task("12345678").model_copy(update={"sampling": sampling})])
    assert [sample.completion.text for sample in samples] == ["12345678"] * 3
    assert paths(server)[MAKE] == 2
    made = [event.call for event in events if isinstance(event, CallMade)]
    usage = Usage(input_tokens=4, output_tokens=2)
    assert len(made) == 4
    assert all(call.batch for call in made)
    assert ctx.budget.spent.batch_calls == 4
    assert ctx.budget.spent.usd == pytest.approx(3 * PRICE.of(usage) / 2)
