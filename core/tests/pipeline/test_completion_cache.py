"""What a recorded run has drawn is not paid for again: by the sample's identity, and told apart."""

import asyncio
import itertools

import pytest
from registry_double import DictRegistry

from lift_sys.errors import BudgetExhausted, RequestRejected
from lift_sys.interfaces import (
    CallMade,
    Completion,
    JsonSchema,
    Limits,
    Message,
    Price,
    Request,
    RunEnded,
    RunStarted,
    Sampling,
)
from lift_sys.pipeline.definitions import provider_identity
from lift_sys.pipeline.identity import request_digest, sample_key
from lift_sys.pipeline.load import load
from lift_sys.pipeline.session import RunSettings
from lift_sys.store import Store
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.runs import make_context, make_session
from lift_sys.testing.samples import TASK, scripted_model

RUNS = itertools.count()
PRICED = ANYTHING.model_copy(update={"price": Price(input=1, output=1)})


def ask(n: int = 1, content: str = "x", **sampling) -> Request:
    messages = (Message(role="user", content=content),)
    return Request(messages=messages, sampling=Sampling(n=n, **sampling))


def counting(**settings) -> ScriptedProvider:
    """Never says the same twice."""
    said = iter(range(1000))
    return ScriptedProvider(
        lambda request: [
            Completion(text=f"said {next(said)}", reasoning="why", logprobs=(-0.5,))
            for _ in range(request.sampling.n)
        ],
        capabilities=PRICED,
        **settings,
    )


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.db") as store:
        yield store


async def drawn(store, provider, *requests, **settings):
    """The samples, and the events; recorded as a run of its own."""
    events = []
    ctx = make_context(provider, events=events, cache=store.samples, **settings)
    try:
        return await ctx.sample(requests), events, ctx
    finally:
        recorder = store.recorder(f"run{next(RUNS)}")
        recorder.record(
            RunStarted(run="x", started="2026-01-01", config={}, distributions={}, seed=0)
        )
        for event in events:
            recorder.record(event)
        recorder.record(RunEnded(why="done", spend=ctx.budget.spent, seconds=0))
        recorder.close()


async def test_the_same_draw_is_the_same_sample_and_free(store):
    provider = counting()
    ((first,), _, paid) = await drawn(store, provider, ask(3))
    ((second,), events, free) = await drawn(store, provider, ask(3), limits=Limits(calls=0))
    assert provider.calls == 1
    assert [sample.completion for sample in second] == [sample.completion for sample in first]
    assert [sample.seed for sample in second] == [sample.seed for sample in first]
    (call,) = {sample.call.id: sample.call for sample in second}.values()
    assert call.cached
    assert call.usage.output_tokens == pytest.approx(first[0].call.usage.output_tokens, abs=2)
    assert free.budget.spent.calls == 0
    assert free.budget.spent.usd == 0
    assert free.budget.spent.cached_calls == 1
    assert free.budget.spent.cached_usd == pytest.approx(paid.budget.spent.usd)
    (made,) = [event for event in events if isinstance(event, CallMade)]
    assert [each.index for each in made.samples] == [0, 1, 2]


async def test_only_what_is_missing_is_drawn(store):
    provider = counting()
    ((first,), *_) = await drawn(store, provider, ask(2))
    ((second,), _, ctx) = await drawn(store, provider, ask(5))
    assert [r.sampling.n for r in provider.requests] == [2, 3]
    assert [s.completion.text for s in second[:2]] == [s.completion.text for s in first]
    assert [s.index for s in second] == list(range(5))
    assert (ctx.budget.spent.calls, ctx.budget.spent.cached_calls) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"request": ask(1, "y")},
        {"request": ask(1, temperature=0.5)},
        {"request": ask(1, max_tokens=7)},
        {"request": ask(1, logprobs=True)},
        {"request": ask(1).model_copy(update={"constraint": JsonSchema(name="s", document={})})},
        {"seed": 1},
        {"epoch": 1},
    ],
)
async def test_another_draw_is_another_sample(store, other):
    provider = counting()
    await drawn(store, provider, ask(1))
    request = other.pop("request", ask(1))
    await drawn(store, provider, request, **other)
    assert provider.calls == 2


async def test_what_failed_is_tried_again_the_next_time(store):
    failing = ScriptedProvider(lambda request: RequestRejected("no"), capabilities=PRICED)
    await drawn(store, failing, ask(1))
    provider = counting()
    ((sample,), *_) = await drawn(store, provider, ask(1))
    assert sample[0].completion is not None
    assert provider.calls == 1


async def test_a_reply_that_the_connection_cut_off_is_asked_for_again(store):
    cut = ScriptedProvider(lambda _: Completion(text="half", finish="cut"), capabilities=PRICED)
    await drawn(store, cut, ask(1))
    provider = counting()
    await drawn(store, provider, ask(1))
    assert provider.calls == 1


async def test_a_free_sample_needs_no_budget_but_the_next_one_does(store):
    provider = counting()
    await drawn(store, provider, ask(1))
    ((samples,), *_) = await drawn(store, provider, ask(2), limits=Limits(calls=0))
    assert samples[0].completion is not None
    assert "used up" in samples[1].error
    with pytest.raises(BudgetExhausted):
        await drawn(store, provider, ask(1, "new"), limits=Limits(calls=0))


async def test_runs_at_once_share_it_and_neither_is_harmed(store):
    sessions = [
        make_session(
            scripted_model(capabilities=PRICED),
            cache=store.samples,
            settings=RunSettings(),
            events=[],
        )
        for _ in range(2)
    ]
    results = await asyncio.gather(*(session.solve(TASK) for session in sessions))
    assert [result.status for result in results] == ["pass", "pass"]


def test_the_identity_of_a_sample_is_of_all_its_parts():
    base = ("p", "m", "r", 0, 0, 0)
    variants = {base}
    for place, part in enumerate(base):
        variants.add(
            (*base[:place], part + "x" if isinstance(part, str) else 7, *base[place + 1 :])
        )
    assert len({sample_key(*each) for each in variants}) == len(base) + 1


def test_each_constraint_makes_another_request_however_many_came_before():
    def digests():
        for number in range(100):
            schema = JsonSchema(name="s", document={"const": number})
            yield request_digest(Request(messages=(), constraint=schema))

    first = list(digests())
    assert len(set(first)) == 100
    assert list(digests()) == first


FILE = """\
version: 1
providers:
  main: {{use: openai, model: {model}, api_key: "${{KEY}}", cassette: tape.jsonl}}
  both: {{use: fallback, first: main}}
stages:
  specify: {{provider: both}}
  implement: {{provider: main}}
"""


def identities(folder, *, model="gpt", key="k1", tape="a"):
    (folder / "tape.jsonl").write_text(tape)
    file = folder / "p.yaml"
    file.write_text(FILE.format(model=model))
    resolved = load(file, registry=DictRegistry(), environ={"KEY": key})
    return [provider_identity(resolved, name) for name in ("main", "both")]


def test_a_provider_is_known_again_by_what_it_is(tmp_path):
    first = identities(tmp_path)
    assert len(set(first)) == 2
    assert all(a != b for a, b in zip(first, identities(tmp_path, model="x"), strict=True))
    assert all(a != b for a, b in zip(first, identities(tmp_path, tape="longer"), strict=True))


def test_another_key_is_the_same_model(tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text(FILE.format(model="gpt"))
    found = {
        provider_identity(load(file, registry=DictRegistry(), environ={"KEY": key}), "both")
        for key in ("k1", "k2")
    }
    assert len(found) == 1


# Under way at the same time


class Gated(ScriptedProvider):
    """Answers when it is let."""

    def __init__(self, **settings) -> None:
        said = itertools.count()
        super().__init__(
            lambda request: [f"said {next(said)}" for _ in range(request.sampling.n)], **settings
        )
        self.gate = asyncio.Event()

    async def complete(self, requests):
        answers = await super().complete(requests)
        await self.gate.wait()
        return answers


async def at_once(store, provider, *requests, events=None):
    """Each request of a run of its own."""
    contexts = [
        make_context(provider, events=events, cache=store.samples, limits=Limits(calls=4))
        for _ in requests
    ]
    works = [
        asyncio.create_task(ctx.sample([one])) for ctx, one in zip(contexts, requests, strict=True)
    ]
    for _ in range(10):
        await asyncio.sleep(0)
    return contexts, works


async def test_what_another_run_waits_for_is_waited_for_and_not_paid_for_twice(store):
    provider, events = Gated(capabilities=PRICED), []
    contexts, works = await at_once(store, provider, ask(2), ask(3), ask(2), events=events)
    assert [request.sampling.n for request in provider.requests] == [2, 1]
    provider.gate.set()
    async with asyncio.timeout(10):
        ((first,), (second,), (third,)) = await asyncio.gather(*works)
    assert [s.completion for s in first] == [s.completion for s in second[:2]]
    assert [s.completion for s in first] == [s.completion for s in third]
    assert [s.call.cached for s in (*first, *second, *third)] == [False] * 2 + [True] * 2 + [
        False
    ] + [True] * 2
    spent = [ctx.budget.spent for ctx in contexts]
    assert [each.calls for each in spent] == [1, 1, 0]
    assert spent[2].usd == 0
    assert spent[2].cached_usd == pytest.approx(spent[0].usd)
    billed = sum(event.call.cost for event in events if not event.call.cached)
    assert billed == pytest.approx(sum(each.usd for each in spent))


async def test_what_came_in_a_moment_ago_is_found_before_it_is_committed(store):
    provider = counting()
    ctx = make_context(provider, cache=store.samples)
    ((first,),) = await ctx.sample([ask()])
    ((again,),) = await make_context(provider, cache=store.samples).sample([ask()])
    assert provider.calls == 1
    assert again.completion == first.completion


@pytest.mark.parametrize("how", ["cancelled", "failed"])
async def test_who_waits_for_one_that_does_not_arrive_asks_itself(store, how):
    provider = Gated(capabilities=PRICED)
    if how == "failed":
        real, provider_calls = provider.complete, itertools.count()

        async def complete(requests):
            answers = await real(requests)
            return answers if next(provider_calls) else [RequestRejected("no")] * len(answers)

        provider.complete = complete
    _, (leader, follower) = await at_once(store, provider, ask(), ask())
    assert provider.calls == 1
    if how == "cancelled":
        leader.cancel()
    provider.gate.set()
    async with asyncio.timeout(10):
        ((sample,),) = await follower
        await asyncio.gather(leader, return_exceptions=True)
    assert sample.completion is not None
    assert provider.calls == 2


async def test_a_reply_that_was_cut_off_is_nobody_elses(store):
    provider = ScriptedProvider(lambda _: Completion(text="half", finish="cut"))
    _, works = await at_once(store, provider, ask(), ask())
    await asyncio.gather(*works)
    assert provider.calls == 2
