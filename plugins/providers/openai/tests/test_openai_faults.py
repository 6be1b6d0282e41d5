"""A thousand tasks at once against a server that refuses, breaks, hangs up and babbles: none is
lost, each is paid for once, and what nobody can know is bounded and marked."""

import asyncio
import random
from collections import Counter
from dataclasses import replace

import pytest
from lift_sys_openai.plugin import OpenAIOptions
from lift_sys_openai.provider import create

from lift_sys.interfaces import (
    CallMade,
    Message,
    Price,
    Request,
    RunEnded,
    RunStarted,
    Sampling,
    Usage,
)
from lift_sys.pipeline.config import CallSettings
from lift_sys.store import Store
from lift_sys.testing.loopback import Answer, Incoming, LoopbackServer, overloaded, rate_limited
from lift_sys.testing.loopback.chat import chat_completion
from lift_sys.testing.runs import make_context

TASKS = 1000
PRICE = Price(input=2.0, output=8.0)
FAULTS = {
    "429": (0.10, rate_limited("0.002")),
    "5xx": (0.05, overloaded()),
    "cut": (0.02, None),
    "garbage": (0.01, Answer(body=b"<html>oops</html>")),
}


class Faulty:
    """Exactly these shares of every thousand answers, in an order that is drawn by lot."""

    def __init__(self) -> None:
        self._dice = random.Random(7)
        self._plan: list[str] = []
        self.given: Counter[str] = Counter()
        self.delivered: dict[str, Usage] = {}
        """By what was asked: as the server counts it."""
        self.lost: list[Usage] = []
        self._all_came = asyncio.Event()

    def __call__(self, incoming: Incoming) -> Answer:
        """Nobody is answered before a thousand wait."""
        answer = self._answer(incoming)
        if self.given.total() == TASKS:
            self._all_came.set()
        return replace(answer, until=self._all_came)

    def _answer(self, incoming: Incoming) -> Answer:
        if not self._plan:
            self._plan = [name for name, (share, _) in FAULTS.items() for _ in range(_of(share))]
            self._plan += ["fine"] * (1000 - len(self._plan))
            self._dice.shuffle(self._plan)
        kind = self._plan.pop()
        self.given[kind] += 1
        asked = incoming.document["messages"][-1]["content"]
        if kind == "fine":
            answer = Answer(text=f"the answer to {asked}")
            assert asked not in self.delivered, "asked again after it was answered"
            self.delivered[asked] = _billed(incoming, answer)
            return answer
        if kind == "cut":
            answer = Answer(text="never seen as a whole", cut_after=self._dice.choice((0, 10, 150)))
            self.lost.append(_billed(incoming, answer))
            return answer
        answer = FAULTS[kind][1]
        assert answer is not None
        if kind == "garbage":
            self.lost.append(_billed(incoming, answer))
        return answer


def _of(share: float) -> int:
    return round(share * 1000)


def _billed(incoming: Incoming, answer: Answer) -> Usage:
    spoken = chat_completion(incoming, answer)
    return Usage(input_tokens=spoken.input_tokens, output_tokens=spoken.output_tokens)


def task(number: int) -> Request:
    messages = (Message(role="user", content=f"question {number} " + "x" * (number % 50)),)
    return Request(messages=messages, sampling=Sampling(max_tokens=64))


@pytest.fixture
async def server():
    async with LoopbackServer(Faulty()) as running:
        yield running


async def test_a_thousand_tasks_on_a_bad_day(server, tmp_path, monkeypatch):
    # On a busy machine a thousand connections take longer to open than a person would wait.
    monkeypatch.setattr("lift_sys_openai.provider._CONNECT_SECONDS", 900)
    faulty = server.answer
    options = {"model": "loopback", "base_url": server.url, "api_key": "any", "n": 1}
    patient = {"timeout": 900}  # the first is answered when the last has come
    provider = create(OpenAIOptions(**options, **patient, price=PRICE, in_flight=TASKS), None)
    events: list[CallMade] = []
    calls = CallSettings(**patient, attempts=14, backoff=0.001, max_backoff=0.01)
    ctx = make_context(provider, calls=calls, events=events)
    requests = [task(number) for number in range(TASKS)]
    answers = await ctx.sample(requests)
    await provider.aclose()

    assert server.counts.peak == TASKS, "all of them on one event loop"

    # None is lost, and each has its own answer.
    for request, (sample,) in zip(requests, answers, strict=True):
        assert sample.completion is not None, sample.error
        assert sample.completion.text == f"the answer to {request.messages[0].content}"
    assert faulty.given["fine"] == TASKS
    assert min(faulty.given[kind] for kind in FAULTS) > 0

    # One delivered call each, which costs what the server counted.
    made = [event.call for event in events if isinstance(event, CallMade)]
    assert len({call.id for call in made}) == len(made) == faulty.given.total()
    delivered = [event.call for event in events if isinstance(event, CallMade) and event.samples]
    assert len(delivered) == TASKS
    assert not any(call.usage.estimated for call in delivered)
    for request, (sample,) in zip(requests, answers, strict=True):
        counted = faulty.delivered[request.messages[0].content]
        assert sample.call.usage == counted
        assert sample.call.cost == PRICE.of(counted)
    counts = server.counts
    assert counts.input_tokens >= sum(call.usage.input_tokens for call in delivered)

    # What was lost is kept, marked and no less than it can have been; what was refused is free.
    lost = [call for call in made if call.usage.estimated]
    assert len(lost) == len(faulty.lost) == faulty.given["cut"] + faulty.given["garbage"]
    most_said = max(usage.output_tokens for usage in faulty.lost)
    for call in lost:
        assert call.cost == PRICE.of(call.usage)
        assert most_said <= call.usage.output_tokens == 64
    assert sum(call.usage.input_tokens for call in lost) >= sum(
        usage.input_tokens for usage in faulty.lost
    )
    free = [call for call in made if not call.cost]
    assert len(free) == faulty.given["429"] + faulty.given["5xx"]

    # The budget and the record say the same.
    billed = sum(call.cost or 0.0 for call in made)
    assert ctx.budget.spent.usd == pytest.approx(billed)
    with Store.open(tmp_path / "store.db") as store:
        recorder = store.recorder("run")
        start = RunStarted(run="run", started="2026-01-01", config={}, distributions={}, seed=0)
        for event in (start, *events, RunEnded(why="", spend=ctx.budget.spent, seconds=0)):
            recorder.record(event)
        recorder.close()
        (summary,) = store.runs()
        assert summary.spend.usd == pytest.approx(billed)
        assert summary.spend.calls == len(made)
