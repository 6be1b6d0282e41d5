"""The gateway: exactly n samples, tries counted and paid, and what goes wrong told apart."""

import asyncio

import pytest
from doubles import until

from lift_sys.errors import (
    AuthenticationFailed,
    BudgetExhausted,
    OutOfCredit,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from lift_sys.interfaces import (
    Completion,
    JsonSchema,
    Limits,
    Message,
    Price,
    Reply,
    Request,
    Sampling,
    Usage,
)
from lift_sys.pipeline import gateway as gateway_module
from lift_sys.pipeline.config import CallSettings
from lift_sys.testing.providers import (
    ANYTHING,
    FailingProvider,
    IgnoringProvider,
    ScriptedProvider,
    SlowProvider,
)
from lift_sys.testing.runs import make_context

FEW = ANYTHING.model_copy(update={"n": 3})
SINGLE = ANYTHING.model_copy(update={"n": 1})
PRICED = SINGLE.model_copy(update={"price": Price(input=1, output=2)})
AT_ONCE = CallSettings(backoff=0)


def ask(content: str = "x", n: int = 1, **sampling) -> Request:
    return Request(
        messages=(Message(role="user", content=content),), sampling=Sampling(n=n, **sampling)
    )


def say(text: str = "said", **settings) -> ScriptedProvider:
    return ScriptedProvider(lambda request: text, **settings)


async def drawn(ctx, *requests):
    async with asyncio.timeout(30):
        return await ctx.sample(requests)


@pytest.fixture
def pauses(monkeypatch):
    """The pauses between tries, which are not waited for."""
    waited: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await real(0)

    monkeypatch.setattr(gateway_module.asyncio, "sleep", sleep)
    return waited


# n, indices and seeds


async def test_a_provider_that_knows_n_is_asked_once():
    provider = say()
    (samples,) = await drawn(make_context(provider), ask(n=8))
    assert [request.sampling.n for request in provider.requests] == [8]
    assert [sample.index for sample in samples] == list(range(8))
    assert len({sample.call.id for sample in samples}) == 1


async def test_n_is_emulated_where_the_provider_has_less_of_it():
    provider = say(capabilities=FEW)
    (samples,) = await drawn(make_context(provider), ask(n=8))
    assert [request.sampling.n for request in provider.requests] == [3, 3, 2]
    assert [sample.index for sample in samples] == list(range(8))
    seeds = [request.sampling.seed for request in provider.requests]
    assert len(set(seeds)) == 3, "equal seeds would draw copies"


async def test_a_provider_that_ignores_n_is_asked_again_and_remembered():
    provider = IgnoringProvider(say())
    ctx = make_context(provider)
    asked: list[int] = []
    real = provider.complete

    async def complete(requests):
        asked.extend(request.sampling.n for request in requests)
        return await real(requests)

    provider.complete = complete
    (samples,) = await drawn(ctx, ask(n=8))
    assert asked == [8] + [1] * 7
    assert len({request.sampling.seed for request in provider.inner.requests}) == 8
    assert [sample.index for sample in samples] == list(range(8))
    assert all(sample.completion for sample in samples)
    asked.clear()
    await drawn(ctx, ask("another", n=4))
    assert asked == [1] * 4


async def test_a_provider_that_gives_some_of_n_is_asked_for_no_more_than_these():
    def some(request: Request) -> list[str]:
        return ["said"] * min(3, request.sampling.n)

    provider = ScriptedProvider(some)
    (samples,) = await drawn(make_context(provider), ask(n=8))
    assert [request.sampling.n for request in provider.requests] == [8, 3, 2]
    assert [sample.index for sample in samples] == list(range(8))


async def test_more_completions_than_asked_for_are_left():
    (samples,) = await drawn(make_context(ScriptedProvider(lambda _: ["a", "b", "c"])), ask(n=2))
    assert [sample.completion.text for sample in samples] == ["a", "b"]


async def test_an_empty_reply_is_a_failed_draw_and_says_nothing_of_n():
    empty = Reply(completions=(), usage=Usage(input_tokens=5), model="m")
    replies = iter([empty])
    provider = ScriptedProvider(lambda request: next(replies, "said"))
    ctx = make_context(provider)
    (samples,) = await drawn(ctx, ask(n=2))
    assert [sample.error for sample in samples] == [
        "provider model sent a reply without a completion"
    ] * 2
    assert samples[0].call.usage.input_tokens == 5, "it was billed"
    await drawn(ctx, ask("another", n=4))
    assert provider.requests[-1].sampling.n == 4


async def test_the_next_round_of_the_same_request_draws_new_indices_and_seeds():
    provider = say(capabilities=SINGLE)
    ctx = make_context(provider)
    (first,) = await drawn(ctx, ask(n=2))
    (second,) = await drawn(ctx, ask(n=3))
    (other,) = await drawn(ctx, ask("another"))
    assert [sample.index for sample in (*first, *second)] == [0, 1, 2, 3, 4]
    assert [sample.index for sample in other] == [0]
    assert len({sample.seed for sample in (*first, *second)}) == 5


async def test_what_is_asked_at_once_draws_different_indices():
    provider = say(capabilities=SINGLE)
    answers = await drawn(make_context(provider), ask(n=2), ask(n=2))
    assert sorted(sample.index for samples in answers for sample in samples) == [0, 1, 2, 3]


async def test_seeds_come_from_the_runs_seed_and_only_to_those_who_take_one():
    async def seeds(run: int, **changes) -> list[int | None]:
        provider = say(capabilities=SINGLE.model_copy(update=changes))
        await drawn(make_context(provider, seed=run), ask(n=3))
        return [request.sampling.seed for request in provider.requests]

    assert await seeds(1) == await seeds(1)
    assert set(await seeds(1)).isdisjoint(await seeds(2))
    assert await seeds(1, seed=False) == [None] * 3


# tries


async def test_what_may_succeed_later_is_tried_again_and_every_try_is_a_call():
    provider = FailingProvider(say(), times=2)
    events = []
    ctx = make_context(provider, calls=AT_ONCE, events=events)
    ((sample,),) = await drawn(ctx, ask())
    assert sample.completion.text == "said"
    assert ctx.budget.spent.calls == 3
    assert [(event.retries, event.error is None) for event in events] == [
        (0, False),
        (1, False),
        (2, True),
    ]
    assert len({event.call.id for event in events}) == 3


async def test_tries_stop_at_the_limit_of_calls():
    provider = FailingProvider(say(), times=9)
    ctx = make_context(provider, calls=AT_ONCE, limits=Limits(calls=2))
    with pytest.raises(BudgetExhausted, match=r"budget\.calls"):
        await drawn(ctx, ask())
    assert provider.left == 7


async def test_a_draw_that_keeps_failing_is_a_sample_with_the_error():
    provider = FailingProvider(say(), times=99)
    ctx = make_context(provider, calls=CallSettings(attempts=3, backoff=0))
    ((sample,),) = await drawn(ctx, ask())
    assert sample.completion is None
    assert sample.error == "the test says so: try again"
    assert ctx.budget.spent.calls == 3


async def test_pauses_double_up_to_the_longest_with_jitter(pauses):
    provider = FailingProvider(say(), times=99)
    settings = CallSettings(attempts=6, backoff=1.0, max_backoff=4.0)
    await drawn(make_context(provider, calls=settings), ask())
    assert len(pauses) == 5
    for pause, most in zip(pauses, (1, 2, 4, 4, 4), strict=True):
        assert most / 2 <= pause <= most
    assert len(set(pauses)) > 1


async def test_a_provider_that_says_when_is_not_asked_before(pauses):
    error = RateLimited("slow down", retry_after=77.0)
    await drawn(make_context(FailingProvider(say(), error), calls=AT_ONCE), ask())
    assert pauses == [77.0]


async def test_a_provider_that_wants_to_be_left_alone_for_ever_is_given_up(pauses):
    provider = FailingProvider(say(), RateLimited("slow down", retry_after=1e9), times=99)
    settings = CallSettings(attempts=4, backoff=0, max_wait=60)
    answers = await drawn(make_context(provider, calls=settings), ask("a"), ask("b"))
    for (sample,) in answers:
        assert "longer than calls.max_wait" in sample.error
    assert max(pauses, default=0) < 60, "nor does anybody else wait for it"


async def test_a_provider_that_bills_more_than_was_asked_for_is_told_of_once():
    usage = Usage(input_tokens=1, output_tokens=10**6)
    reply = Reply(completions=(Completion(text="said"),), usage=usage, model="m")
    events = []
    ctx = make_context(
        ScriptedProvider(lambda _: reply), events=events, limits=Limits(tokens=10**4)
    )
    await drawn(ctx, ask("a"))
    assert ctx.budget.spent.output_tokens == 10**6, "it is what the provider says it was"
    with pytest.raises(BudgetExhausted):
        await drawn(ctx, ask("b"))
    (note,) = [event.message for event in events if event.kind == "noted"]
    assert "1000001 tokens" in note
    assert "overrun the budget" in note


async def test_a_call_that_waits_for_its_next_try_is_in_nobodys_way(pauses):
    """Neither a slot nor money is kept while it waits."""
    provider = FailingProvider(
        say(capabilities=SINGLE.model_copy(update={"in_flight": 1})), RateLimited("slow down")
    )
    ctx = make_context(provider, calls=AT_ONCE, limits=Limits(calls=3))
    answers = await drawn(ctx, ask("a"), ask("b"))
    assert [samples[0].completion.text for samples in answers] == ["said", "said"]
    assert ctx.budget.spent.calls == 3


async def test_what_is_refused_for_good_is_not_tried_again():
    provider = FailingProvider(say(), RequestRejected("too long"), times=99)
    ctx = make_context(provider, calls=AT_ONCE)
    ((sample,),) = await drawn(ctx, ask())
    assert sample.error == "too long"
    assert ctx.budget.spent.calls == 1


@pytest.mark.parametrize("error", [AuthenticationFailed("no key"), OutOfCredit("no money")])
async def test_what_every_call_would_meet_is_raised_and_recorded(error):
    provider = FailingProvider(say(), error, times=99)
    events = []
    with pytest.raises(type(error)):
        await drawn(make_context(provider, calls=AT_ONCE, events=events), ask())
    assert [event.error for event in events] == [str(error)]


async def test_a_provider_that_raises_what_it_should_not_costs_its_draw():
    class Broken(ScriptedProvider):
        async def complete(self, requests):
            if requests[0].messages[0].content == "bad":
                raise TypeError("oh no")
            return await super().complete(requests)

    ctx = make_context(Broken(lambda _: "said"), calls=AT_ONCE)
    bad, good = await drawn(ctx, ask("bad"), ask("good"))
    assert "provider model broke: TypeError: oh no" in bad[0].error
    assert good[0].completion.text == "said"
    assert ctx.budget.spent.calls == 2, "a bug is not tried again"


async def test_a_call_that_times_out_is_tried_again():
    gates = iter([asyncio.Event()])
    done = asyncio.Event()
    done.set()
    slow = SlowProvider(say(), lambda: next(gates, done).wait())
    events = []
    settings = CallSettings(timeout=0.02, backoff=0)
    ((sample,),) = await drawn(make_context(slow, calls=settings, events=events), ask())
    assert sample.completion.text == "said"
    assert "did not answer within" in events[0].error
    assert slow.cancelled == 1


# at once


@pytest.mark.parametrize("in_flight", [1, 3])
async def test_no_more_calls_than_the_provider_takes(in_flight):
    capabilities = SINGLE.model_copy(update={"in_flight": in_flight})
    slow = SlowProvider(say(capabilities=capabilities), 0.001)
    ctx = make_context(slow)
    answers = await drawn(ctx, *(ask(str(i), n=2) for i in range(6)))
    assert all(sample.completion for samples in answers for sample in samples)
    assert slow.peak == in_flight


async def test_batches_are_filled_even_by_a_provider_that_takes_one_call_at_a_time():
    capabilities = SINGLE.model_copy(update={"in_flight": 1, "requests": 8})
    slow = SlowProvider(say(capabilities=capabilities), 0.001)
    answers = await drawn(make_context(slow), *(ask(str(i)) for i in range(20)))
    assert all(samples[0].completion for samples in answers)
    assert slow.inner.calls == 3
    assert slow.peak == 1


async def test_draws_of_one_request_share_batches_too():
    capabilities = SINGLE.model_copy(update={"requests": 8})
    provider = say(capabilities=capabilities)
    await drawn(make_context(provider), ask(n=8))
    assert provider.calls == 1
    assert len({request.sampling.seed for request in provider.requests}) == 8


# money


async def test_usage_becomes_money():
    usage = Usage(input_tokens=1000, output_tokens=500)
    reply = Reply(completions=(Completion(text="said"),), usage=usage, model="other-name")
    ctx = make_context(ScriptedProvider(lambda _: reply, capabilities=PRICED))
    ((sample,),) = await drawn(ctx, ask())
    assert sample.call.cost == pytest.approx(0.002)
    assert sample.call.model == "other-name"
    assert ctx.budget.spent.usd == pytest.approx(0.002)


async def test_an_unknown_price_is_told_as_unknown():
    capabilities = SINGLE.model_copy(update={"price": None})
    ctx = make_context(say(capabilities=capabilities))
    ((sample,),) = await drawn(ctx, ask())
    assert sample.call.cost is None
    assert ctx.budget.spent.unpriced_calls == 1


async def test_what_a_call_may_take_covers_prompt_schema_and_all_completions():
    schema = JsonSchema(name="s", document={"type": "object", "title": "t" * 500})
    request = ask("é" * 100, n=4, max_tokens=50).model_copy(update={"constraint": schema})
    provider = say()
    least = 200 + 500 + 4 * 50
    with pytest.raises(BudgetExhausted, match="tokens"):
        await drawn(make_context(provider, limits=Limits(tokens=least)), request)
    assert provider.calls == 0
    await drawn(make_context(provider, limits=Limits(tokens=least + 200)), request)
    assert provider.calls == 1


async def test_a_budget_that_covers_some_of_the_draws_delivers_these():
    ctx = make_context(say(capabilities=SINGLE), limits=Limits(calls=3))
    (samples,) = await drawn(ctx, ask(n=5))
    assert [sample.completion is not None for sample in samples] == [True] * 3 + [False] * 2
    assert "` is used up" in samples[-1].error
    assert [sample.index for sample in samples] == list(range(5))


async def test_a_budget_that_covers_some_of_the_requests_delivers_these():
    ctx = make_context(say(), limits=Limits(calls=1))
    answers = await drawn(ctx, ask("a", n=2), ask("b", n=2))
    assert [len(samples) for samples in answers] == [2, 2]
    assert [bool(samples[0].completion) for samples in answers] == [True, False]
    with pytest.raises(BudgetExhausted):
        await drawn(ctx, ask("c"))


async def test_a_refusal_lets_what_is_under_way_finish():
    """The dear request is refused at once, while the cheap one is still being answered."""
    gate = asyncio.Event()
    slow = SlowProvider(say(capabilities=SINGLE), gate.wait)
    ctx = make_context(slow, limits=Limits(tokens=5000))
    works = asyncio.create_task(ctx.sample([ask("cheap"), ask("dear", max_tokens=90_000)]))
    for _ in range(10):
        await asyncio.sleep(0)
    gate.set()
    async with asyncio.timeout(10):
        cheap, dear = await works
    assert cheap[0].completion.text == "said"
    assert "` is used up" in dear[0].error
    assert slow.cancelled == 0


@pytest.mark.parametrize(
    ("price", "cost"), [(Price(input=1, output=2), None), (Price(input=0, output=0), 0.0)]
)
async def test_a_cancelled_call_counts_and_is_recorded(price, cost):
    capabilities = SINGLE.model_copy(update={"price": price})
    slow = SlowProvider(say(capabilities=capabilities), asyncio.Event().wait)
    events = []
    ctx = make_context(slow, events=events)
    work = asyncio.create_task(ctx.sample([ask(n=2)]))
    await until(lambda: slow.in_flight == 2)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert [(event.error, event.call.cost) for event in events] == [("cancelled", cost)] * 2
    assert ctx.budget.spent.calls == 2
    assert ctx.budget.spent.unpriced_calls == (2 if cost is None else 0)


async def test_failures_of_one_draw_of_eight_cost_one_candidate():
    error = ProviderUnavailable("down")
    provider = FailingProvider(say(capabilities=SINGLE), error)
    (samples,) = await drawn(make_context(provider, calls=CallSettings(attempts=1)), ask(n=8))
    assert sum(sample.completion is None for sample in samples) == 1
