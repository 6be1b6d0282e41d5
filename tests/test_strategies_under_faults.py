"""Compositions of strategies and a router, on a scripted model under every sort of fault.

Whatever happens: no budget is overrun, what the run says it spent is what the provider counted,
what was drawn is not lost, the end has its reason, the same seed gives the same, and so does a
replay of the record.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from lift_sys_cascade.plugin import CascadeOptions
from lift_sys_cascade.router import Cascade

from lift_sys.errors import AuthenticationFailed, ProviderUnavailable, RequestRejected
from lift_sys.interfaces import (
    CallMade,
    CandidateDrawn,
    Completion,
    Limits,
    Price,
    Reply,
    RunStarted,
    Score,
    StrategyRef,
    StrategyStopped,
    Usage,
)
from lift_sys.pipeline.again import Replay
from lift_sys.pipeline.identity import request_digest
from lift_sys.pipeline.recorded import RunRecord
from lift_sys.pipeline.scoring import Composite, Weighted
from lift_sys.pipeline.session import RunSettings
from lift_sys.pipeline.strategies import Anytime
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.runs import make_plan, make_route, make_session
from lift_sys.testing.samples import IR_TEXT, TASK, asks_for_ir
from lift_sys.testing.simulated import ByVisibleChecks

PRICE = Price(input=1.0, output=3.0)
CAN = ANYTHING.model_copy(
    update={"n": 2, "price": PRICE, "constraints": frozenset({"json_schema"})}
)
CRITIQUE = '{"issues": [{"category": "logic", "description": "odd", "fix": "x"}], "quality": %d}'
WINNER = '{"reason": "so", "winner": "%s"}'
TESTS = '{"tests": ["double(3) == 6", "result >= %d", "double(1) == 2"]}'
BODIES = ("2 * x", "x + 3", "x * x", "x + x")
ESCAPES = "\x1b[2J\x1b[31m<script>alert('x')</script>\u202e\x00"
Text = Callable[[Any, int], str]


def said(request: Any, dice: int) -> str:
    """What a model of middling skill says; the same for the same request, seed and place."""
    system = request.messages[0].content
    if system.startswith("You review"):
        return "no critique" if dice % 5 == 0 else CRITIQUE % (dice % 10)
    if system.startswith("You are told"):
        return WINNER % ("A", "B", "neither")[dice % 3]
    if system.startswith("You write tests"):
        return TESTS % -(dice % 9)
    if not asks_for_ir(request):
        body = f"    return {BODIES[dice % 4]}  # {dice % 3}"
        return f"```python\ndef double(x: int) -> int:\n{body}\n```"
    if request.constraint is None:
        return f"thought {dice % 7}"
    return IR_TEXT.replace("2 * x", ("2 * x", "x + x", "x * 3")[dice % 3])


class Model(ScriptedProvider):
    """Counts what it is asked and what that costs, to be held against what the run says."""

    def __init__(self, fault: "Fault") -> None:
        super().__init__(self._answer_to, capabilities=CAN)
        self._fault = fault
        self._tries: dict[str, int] = {}
        self.usd = 0.0
        self.stalled = asyncio.Event()

    async def complete(self, requests: Any) -> Any:
        if self._fault.stalls_after is not None and self.calls >= self._fault.stalls_after:
            self.stalled.set()
            await asyncio.Event().wait()
        for _ in range(int(request_digest(requests[0])[:1], 16)):
            await asyncio.sleep(0)
        return await super().complete(requests)

    def _answer_to(self, request: Any) -> Any:
        key = f"{request_digest(request)}/{request.sampling.seed}"
        dice = int(request_digest(request)[:6], 16) + (request.sampling.seed or 0)
        self._tries[key] = self._tries.get(key, 0) + 1
        error = self._fault.error(dice, self._tries[key])
        if error is not None:
            return error
        count = self._fault.completions(request.sampling.n)
        texts = [self._fault.text(request, dice + place) for place in range(count)]
        usage = Usage(input_tokens=100, output_tokens=10 * count)
        self.usd += PRICE.of(usage) or 0.0
        return Reply(
            completions=tuple(Completion(text=text, logprobs=(-0.1,)) for text in texts),
            usage=usage,
            model="m",
        )


class Scoring(NamedTuple):
    """A scorer that says this of whatever it is shown."""

    value: float | None

    async def score(self, problem: Any, candidates: Any, ctx: Any) -> Any:
        if self.value == -1:
            raise RuntimeError("the scorer has a bug")
        return [Score(self.value, "so it says") for _ in candidates]


@dataclass(frozen=True)
class Fault:
    text: Text = said
    error: Callable[[int, int], Any] = lambda dice, tries: None
    completions: Callable[[int], int] = lambda n: n
    stalls_after: int | None = None
    limits: Limits = field(default_factory=Limits)
    scorer: Any = field(default_factory=ByVisibleChecks)


def busy(dice: int, tries: int) -> Any:
    return ProviderUnavailable("busy") if dice % 3 == 0 and tries < 3 + dice % 4 else None


def refused(dice: int, tries: int) -> Any:
    return RequestRejected("not this one") if dice % 3 == 0 else None


def garbage(request: Any, dice: int) -> str:
    return ("", "{", "```python\ndef", "null", "[" * 3000)[dice % 5]


def odd(request: Any, dice: int) -> str:
    text = said(request, dice)
    return text.replace("Double a number", "Double " + json.dumps(ESCAPES)[1:-1]).replace(
        "def double", f"# {ESCAPES[:-1]}\ndef double"
    )


FAULTS = {
    "none": Fault(),
    "busy": Fault(error=busy),
    "refused": Fault(error=refused),
    "copies": Fault(text=lambda request, dice: said(request, 1)),
    "garbage": Fault(text=lambda request, dice: (said, garbage)[dice % 2](request, dice)),
    "all garbage": Fault(text=garbage),
    "huge": Fault(text=lambda request, dice: said(request, dice) + "\n# " + "y" * 300_000),
    "escapes": Fault(text=odd),
    "fewer": Fault(completions=lambda n: 1),
    "empty replies": Fault(completions=lambda n: 0),
    "no opinion": Fault(scorer=Scoring(None)),
    "a scorer raises": Fault(scorer=Scoring(-1)),
    "a score of NaN": Fault(scorer=Scoring(float("nan"))),
    "a score of 2": Fault(scorer=Scoring(2.0)),
    **{f"{n} calls": Fault(limits=Limits(calls=n)) for n in (0, 1, 4, 8)},
    **{f"${n}": Fault(limits=Limits(usd=n)) for n in (0.004, 0.012)},
    "tokens": Fault(limits=Limits(tokens=9000)),
    **{f"hangs at {n}": Fault(stalls_after=n, limits=Limits(seconds=0.4)) for n in (0, 3)},
}


def strategy(use: str, **options: Any) -> Anytime:
    ref = StrategyRef.model_validate({"use": use, **options})
    return Anytime(use, TestParts.installed().strategy(ref))


THOUGHT = {"use": "refine", "rounds": 1, "inner": "chain-of-thought"}
ROUTES: dict[str, Callable[[], dict[str, Any]]] = {
    "best-of-n over refine over chain-of-thought": lambda: {
        "specify": strategy("best-of-n", n=4, inner=THOUGHT),
        "implement": strategy("best-of-n", n=4, inner=THOUGHT, stop_at="pass"),
    },
    "the same on whole attempts": lambda: {"attempt": strategy("best-of-n", n=3, inner=THOUGHT)},
    "distinguish over self-consistency": lambda: {
        "implement": strategy(
            "distinguish", n=3, inner={"use": "self-consistency", "n": 4, "weights": "score"}
        ),
    },
    "dual-agreement over best-of-n": lambda: {
        "specify": strategy("self-consistency", n=4, inner={"use": "single", "retries": 1}),
        "implement": strategy(
            "dual-agreement", n=3, sets=2, inner={"use": "best-of-n", "n": 3, "stop_at": 1}
        ),
    },
    "refine over distinguish": lambda: {
        "implement": strategy("refine", rounds=2, inner={"use": "distinguish", "n": 3})
    },
}
TIERS = [{"route": "default", "usd": 0.001, "passes": 0.9}, {"route": "strong", "usd": 0.002}]


def plan_parts(name: str, fault: Fault) -> dict[str, Any]:
    scorer = Composite([Weighted("told", fault.scorer)])
    if name == "cascade over best-of-n":
        routes = {
            route: make_route(
                implement=strategy("best-of-n", n=n, stop_at="pass"),
                provider="model" if route == "default" else "strong",
                scorer=scorer,
            )
            for route, n in (("default", 2), ("strong", 4))
        }
        router = Cascade(CascadeOptions.model_validate({"tiers": TIERS}), TestParts.installed())
        return {"routes": routes, "router": router}
    return {"routes": make_route(**ROUTES[name](), scorer=scorer)}


class Told(NamedTuple):
    event: Any
    at: float = 0.0


async def ran(name: str, fault: Fault, *, cancelled: bool = False) -> tuple[Any, Any, list[Model]]:
    """The result, the events, and the models with what they counted."""
    models = [Model(fault), Model(fault)]
    events: list[Any] = []
    session = make_session(
        dict(zip(("model", "strong"), models, strict=True)),
        **plan_parts(name, fault),
        settings=RunSettings(task_budget=fault.limits),
        events=events,
    )
    session.begin(
        RunStarted(
            run="test",
            started="2026-01-01T00:00:00+00:00",
            config={},
            distributions={},
            seed=0,
            providers={"model": CAN, "strong": CAN},
        )
    )
    solving = asyncio.create_task(session.solve(TASK))
    if cancelled:
        stalled = asyncio.create_task(models[0].stalled.wait())
        await asyncio.wait((solving, stalled), return_when=asyncio.FIRST_COMPLETED)
        stalled.cancel()
        solving.cancel()
        await asyncio.gather(solving, stalled, return_exceptions=True)
        result = session.interrupted[TASK.id] if solving.cancelled() else solving.result()
    else:
        result = await solving
    session.end("done")
    return result, events, models


def without_seconds(document: Any) -> Any:
    """Without what depends on the clock."""
    if isinstance(document, dict):
        return {key: without_seconds(item) for key, item in document.items() if key != "seconds"}
    return [without_seconds(one) for one in document] if isinstance(document, list) else document


def told(result: Any) -> str:
    return json.dumps(without_seconds(result.to_json()), sort_keys=True)


def check(result: Any, events: list[Any], models: list[Model], fault: Fault) -> None:
    spend, limits = result.spend, fault.limits
    made = [event for event in events if isinstance(event, CallMade)]
    waiting = sum(event.error == "cancelled" for event in made)
    assert spend.calls == len(made)
    assert spend.calls - waiting == sum(len(model.requests) for model in models)
    assert spend.usd == pytest.approx(sum(model.usd for model in models))
    for most, spent in (
        (limits.calls, spend.calls),
        (limits.usd, spend.usd),
        (limits.tokens, spend.input_tokens + spend.output_tokens),
    ):
        assert most is None or spent <= most
    assert result.why.strip()
    for event in events:
        if isinstance(event, StrategyStopped):
            assert event.why.strip()
            assert event.distinct <= event.drawn
    drawn = [event for event in events if isinstance(event, CandidateDrawn) and not event.failure]
    stages = {event.stage for event in drawn}
    solution = result.solution
    assert (solution is not None) == bool(stages), "what was drawn is lost, or was never drawn"
    if "implement" in stages:
        assert solution.code is not None, "code that was drawn is lost"
    if any(attempt.verdict.passed for attempt in result.attempts):
        assert solution.verdict.passed


COMPOSITIONS = [*ROUTES, "cascade over best-of-n"]


@pytest.mark.parametrize("name", COMPOSITIONS)
@pytest.mark.parametrize("kind", list(FAULTS))
async def test_whatever_happens(name: str, kind: str) -> None:
    fault = FAULTS[kind]
    async with asyncio.timeout(60):
        result, events, models = await ran(name, fault)
    check(result, events, models, fault)
    if fault.limits.seconds is None:
        again, _, _ = await ran(name, fault)
        assert told(again) == told(result)
    record = RunRecord.of(map(Told, events))
    replay = Replay(
        record, make_plan(**plan_parts(name, fault)), RunSettings(task_budget=fault.limits)
    )
    async with asyncio.timeout(60):
        found = [told(each) async for each in replay.results()]
    assert found == [told(result)]
    assert replay.differences == []


@pytest.mark.parametrize("name", COMPOSITIONS)
@pytest.mark.parametrize("calls", [0, 2, 5])
async def test_a_cancel_at_any_call(name: str, calls: int) -> None:
    fault = Fault(stalls_after=calls)
    async with asyncio.timeout(60):
        result, events, models = await ran(name, fault, cancelled=True)
    check(result, events, models, fault)


@pytest.mark.parametrize("name", COMPOSITIONS)
async def test_a_key_that_ends_midway_ends_the_run(name: str) -> None:
    def ended(dice: int, tries: int) -> Any:
        return AuthenticationFailed("no key") if dice % 5 == 0 else None

    fault = Fault(error=ended)
    with pytest.raises(AuthenticationFailed):
        await ran(name, fault)
