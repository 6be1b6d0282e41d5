"""How fast a provider is asked: never faster than its rates, and slower after a refusal."""

import asyncio
import itertools
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_sys.errors import BudgetExhausted, ProviderUnavailable, RateLimited
from lift_sys.interfaces import (
    Completion,
    Limits,
    Message,
    Price,
    Rate,
    Reply,
    Request,
    Sampling,
    Usage,
)
from lift_sys.pipeline.config import CallSettings
from lift_sys.pipeline.gateway import Gateway
from lift_sys.pipeline.pacing import MINUTE, Pace, Slots, Window
from lift_sys.testing.providers import (
    ANYTHING,
    FailingProvider,
    IgnoringProvider,
    ScriptedProvider,
)
from lift_sys.testing.runs import make_context


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """Time passes only while somebody sleeps."""
    clock, real = Clock(), asyncio.sleep

    async def sleep(seconds: float) -> None:
        clock.slept.append(seconds)
        clock.now += seconds
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return clock


@given(
    most=st.integers(1, 20),
    uses=st.lists(st.tuples(st.floats(0, 40), st.integers(0, 25), st.integers(0, 25)), max_size=40),
)
def test_no_minute_holds_more_than_the_most(most, uses):
    clock = Clock()
    window = Window(most, clock)
    kept: list[tuple[float, int]] = []
    for pause, asked, turned_out in uses:
        clock.now += pause
        while (wait := window.wait(asked)) > 0:
            clock.now += wait
        use = window.take(asked)
        amount = min(asked, turned_out)
        window.correct(use, amount)
        kept.append((clock.now, amount))
        recent = [amount for at, amount in kept if at + MINUTE > clock.now]
        alone = sum(1 for amount in recent if amount) <= 1
        assert sum(recent) <= most or alone


def test_a_wait_is_no_longer_than_it_must_be():
    clock = Clock()
    window = Window(10, clock)
    window.take(6)
    clock.now += 20
    window.take(4)
    assert window.wait(5) == 40
    assert window.wait(7) == 60
    assert window.wait(99) == 60, "what never fits goes when nothing else is there"
    clock.now += 60
    assert window.wait(99) == 0


async def test_requests_and_tokens_a_minute_are_kept_to(clock):
    pace = Pace(8, Rate(requests=3, tokens=100), clock)
    began: list[float] = []

    async def call(tokens: int) -> None:
        async with pace.turn(tokens) as turn:
            began.append(clock.now - 1000)
            turn.ended(tokens)

    await asyncio.gather(*(call(10) for _ in range(7)))
    assert [round(at) for at in began] == [0, 0, 0, 60, 60, 60, 120]
    clock.now += 1000
    began.clear()
    await asyncio.gather(*(call(60) for _ in range(3)))
    assert [round(b - began[0]) for b in began] == [0, 60, 120], "tokens, too"


async def test_what_was_less_than_feared_makes_room(clock):
    pace = Pace(8, Rate(tokens=100), clock)
    for _ in range(3):
        async with pace.turn(90) as turn:
            turn.ended(5)
    assert clock.slept == []


async def test_what_was_not_made_takes_nothing_from_the_rate(clock):
    pace = Pace(8, Rate(tokens=100), clock)
    for _ in range(3):
        with pytest.raises(BudgetExhausted):
            async with pace.turn(90):
                raise BudgetExhausted("no")
    assert clock.slept == []


async def test_fewer_at_once_after_a_refusal_and_more_again_when_it_works(clock):
    pace = Pace(16, clock=clock)

    async def call(error=None) -> None:
        async with pace.turn(1) as turn:
            await asyncio.sleep(1)
            turn.ended(1, error)

    await asyncio.gather(*(call(RateLimited("slow down")) for _ in range(16)))
    assert pace.slots.limit == 8, "one burst is one refusal"
    await call(RateLimited("slow down"))
    assert pace.slots.limit == 4
    await call(ProviderUnavailable("down"))
    assert pace.slots.limit == 4, "that was not for asking too fast"
    for calls in itertools.count():
        if pace.slots.limit == 16:
            break
        await call()
    assert 16 < calls < 16 * 16, "additive, not at once"
    for _ in range(99):
        await call(RateLimited("slow down"))
    assert pace.slots.limit == 1


async def test_nobody_new_is_sent_while_the_provider_wants_quiet(clock):
    pace = Pace(4, clock=clock)
    async with pace.turn(1) as turn:
        turn.ended(0, RateLimited("slow down", retry_after=30))
    async with pace.turn(1, waited=True):
        assert clock.slept == [], "who has waited already is let in"
    async with pace.turn(1):
        assert clock.slept == [30]


async def test_slots_are_never_lost_to_a_cancel():
    slots = Slots(2)
    await slots.acquire()
    await slots.acquire()
    waiting = [asyncio.create_task(slots.acquire()) for _ in range(4)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    slots.release()  # goes to the second, as the first has gone
    waiting[1].cancel()  # after it was called up, before it could take it
    await asyncio.gather(*waiting[:2], return_exceptions=True)
    await asyncio.wait_for(waiting[2], 5)
    assert not waiting[3].done()
    slots.release()
    await asyncio.wait_for(waiting[3], 5)


# Through the gateway


def ask(content: str = "x", n: int = 1) -> Request:
    return Request(
        messages=(Message(role="user", content=content),), sampling=Sampling(n=n, max_tokens=50)
    )


async def test_the_gateway_keeps_to_the_rate_of_its_provider(clock, monkeypatch):
    monkeypatch.setattr("lift_sys.pipeline.calling.Pace", partial(Pace, clock=clock))
    times: list[float] = []

    def say(_request) -> str:
        times.append(clock.now)
        return "said"

    provider = ScriptedProvider(say, capabilities=ANYTHING.model_copy(update={"n": 1}))
    ctx = make_context(provider)
    gateway = Gateway("model", provider, CallSettings(), ctx.scope.emit, rate=Rate(requests=2))
    ctx.scope.gateways["model"] = gateway
    await ctx.sample([ask(n=6)])
    assert len(times) == 6
    for first, third in zip(times, times[2:], strict=False):
        assert third - first >= MINUTE - 1e-6


async def test_a_lost_reply_is_kept_as_a_bounded_marked_estimate():
    price = Price(input=1_000_000, output=1_000_000)
    capabilities = ANYTHING.model_copy(update={"n": 1, "price": price})
    provider = FailingProvider(
        ScriptedProvider(lambda _: "four", capabilities=capabilities),
        ProviderUnavailable("the connection was cut", lost=True),
    )
    events = []
    ctx = make_context(provider, events=events, limits=Limits(usd=500))
    await ctx.sample([ask("12345678")])
    lost, delivered = (event.call for event in events)
    assert lost.usage.estimated
    assert lost.usage.output_tokens == 50, "no more than was asked for"
    assert lost.usage.input_tokens >= 2
    assert lost.cost == lost.usage.input_tokens + 50
    assert ctx.budget.spent.usd == lost.cost + delivered.cost


async def test_what_is_ignored_is_told_once():
    provider = IgnoringProvider(ScriptedProvider(lambda _: "said"))
    events = []
    ctx = make_context(provider, events=events)
    await ctx.sample([ask("a", n=3), ask("b", n=2)])
    notes = [event.message for event in events if event.kind == "noted"]
    assert len(notes) == 1
    assert notes[0].startswith("provider model does not honour n")


async def test_a_provider_that_does_not_count_is_counted_for():
    reply = Reply(completions=(Completion(text="12345678"),), usage=Usage(), model="m")
    ctx = make_context(ScriptedProvider(lambda _: reply))
    ((sample,),) = await ctx.sample([ask("1234")])
    usage = sample.call.usage
    assert (usage.input_tokens, usage.output_tokens, usage.estimated) == (1, 2, True)
