"""Whole pipelines, and a bad day: nothing is lost, and what it cost is what the server counted."""

import random
from collections import Counter

import pytest
from lift_sys_anthropic.plugin import AnthropicOptions
from lift_sys_anthropic.provider import create

from lift_sys import Pipeline
from lift_sys.cli._progress import spend_text
from lift_sys.interfaces import CallMade, Message, Price, Request, Sampling
from lift_sys.pipeline.config import CallSettings
from lift_sys.testing.loopback import (
    Answer,
    LoopbackServer,
    MessageBatches,
    overloaded,
    rate_limited,
)
from lift_sys.testing.runs import make_context
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, SPECIFIES, TASK

PRICE = {"input": 4.0, "output": 8.0, "cached": 0.4}
TASKS = 100


def answer(incoming, _) -> str:
    return IR_TEXT if SPECIFIES in str(incoming.document["system"]) else RIGHT_TEXT


@pytest.mark.parametrize("batch", [False, True])
async def test_tasks_become_code_and_the_price_is_right(batch):
    batches = MessageBatches()
    said = Answer(text=answer, cached_tokens=100)
    async with LoopbackServer(said, dialects=batches.dialects) as server:
        model = {"use": "anthropic", "model": "m", "base_url": server.origin, "price": PRICE}
        quick = {"batch": True, "gather": 0.1, "poll": 0.05} if batch else {}
        document = {
            "version": 1,
            "providers": {"model": {**model, **quick}},
            "stages": {"specify": {"provider": "model"}, "implement": {"provider": "model"}},
            "record": None,
        }
        tasks = [TASK.model_copy(update={"id": name}) for name in ("first", "second")]
        async with Pipeline.load(document).open() as session:
            results = [result async for result in session.solve_all(tasks)]
        counts = server.counts
    assert {result.status for result in results} == {"pass"}
    assert bool(batches.batches) is batch
    spent = sum(result.spend.usd for result in results)
    usd = 4.0 * (counts.input_tokens - 400) + 0.4 * 400 + 8.0 * counts.output_tokens
    assert spent == pytest.approx(usd / 1e6 * (0.5 if batch else 1))
    assert counts.completions == 4
    assert sum(result.spend.batch_calls for result in results) == (4 if batch else 0)
    assert ("(2 calls at the price of batches)" in spend_text(results[0].spend)) is batch
    schemas = [incoming.document.get("output_config") for incoming in server.requests]
    assert batch or schemas.count(None) == 2, "specifications are asked for by their schema"


class Faulty:
    """So many of every hundred answers, in an order that is drawn by lot."""

    SHARES = (("429", 10), ("529", 5), ("cut", 4), ("garbage", 3), ("half a stream", 3))

    def __init__(self) -> None:
        self._dice = random.Random(7)
        self._plan: list[str] = []
        self.given: Counter[str] = Counter()

    def __call__(self, incoming) -> Answer:
        if not self._plan:
            self._plan = [name for name, share in self.SHARES for _ in range(share)]
            self._plan += ["fine"] * (100 - len(self._plan))
            self._dice.shuffle(self._plan)
        kind = self._plan.pop()
        self.given[kind] += 1
        return {
            "429": rate_limited("0.002"),
            "529": overloaded(529),
            "cut": Answer(text="x" * 99, cut_after=300),
            "garbage": Answer(body=b"<html>oops</html>"),
            "half a stream": Answer(
                body=b'data: {"type": "message_start", "message": {"id": "a"}}\n\n',
                headers={"content-type": "text/event-stream"},
            ),
            "fine": Answer(text=f"to {incoming.document['messages'][-1]['content']}"),
        }[kind]


async def test_a_bad_day():
    async with LoopbackServer(Faulty()) as server:
        faulty = server.answer
        price = Price.model_validate(PRICE)
        options = {"model": "m", "base_url": server.origin, "price": price, "in_flight": 16}
        provider = create(AnthropicOptions(**options), None)
        events: list[CallMade] = []
        calls = CallSettings(attempts=14, backoff=0.001, max_backoff=0.01)
        ctx = make_context(provider, calls=calls, events=events)
        requests = [
            Request(
                messages=(Message(role="user", content=f"question {number}"),),
                sampling=Sampling(max_tokens=64),
            )
            for number in range(TASKS)
        ]
        answers = await ctx.sample(requests)
        await provider.aclose()
    for request, (sample,) in zip(requests, answers, strict=True):
        assert sample.completion is not None, sample.error
        assert sample.completion.text == f"to {request.messages[0].content}"
    made = [event.call for event in events if isinstance(event, CallMade)]
    assert len(made) == faulty.given.total()
    lost = [call for call in made if call.usage.estimated]
    unknown = ("cut", "garbage", "half a stream")
    assert len(lost) == sum(faulty.given[kind] for kind in unknown)
    assert all(call.usage.output_tokens == 64 for call in lost), "the most it can have been"
    delivered = [call for call in made if call.usage.output_tokens and not call.usage.estimated]
    assert len(delivered) == faulty.given["fine"] == TASKS
    assert ctx.budget.spent.usd == pytest.approx(sum(price.of(call.usage) for call in made))
