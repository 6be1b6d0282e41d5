"""Money is reserved before a call: whatever escalates at once, fails and is tried again, no limit
of the run or of a task is overrun by a cent."""

import asyncio
from random import Random

import pytest
from lift_sys_cascade.plugin import CascadeOptions
from lift_sys_cascade.router import Cascade

from lift_sys.errors import ProviderUnavailable
from lift_sys.interfaces import (
    Capabilities,
    Completion,
    Health,
    Limits,
    Outcome,
    Price,
    Reply,
    Usage,
)
from lift_sys.pipeline.config import CallSettings, SamplingConfig
from lift_sys.pipeline.session import RunSettings
from lift_sys.testing.runs import make_route, make_session
from lift_sys.testing.samples import IR_TEXT, TASK, WRONG_TEXT, asks_for_ir

PRICES = {"cheap": Price(input=2, output=8), "strong": Price(input=10, output=40)}
MOST = 300
"""Tokens of one completion."""
TASKS = [
    TASK.model_copy(update={"id": f"t{n}", "request": f"{TASK.request}, {n} of many"})
    for n in range(10)
]


class Erratic:
    """Bills up to the most that was allowed, in no order, and fails one call of four."""

    def __init__(self, name):
        self.name = name
        self.dice = Random(name)
        self.usd, self.tokens, self.calls = 0.0, 0, 0

    def capabilities(self):
        return Capabilities(model=self.name, n=4, price=PRICES[self.name])

    async def complete(self, requests):
        await asyncio.sleep(self.dice.random() * 0.004)
        return [self._answer(request) for request in requests]

    def _answer(self, request):
        if self.dice.random() < 0.25:
            return ProviderUnavailable("it is down")
        said = IR_TEXT if asks_for_ir(request) else WRONG_TEXT
        completions = tuple(Completion(text=said) for _ in range(request.sampling.n))
        most = request.sampling.n * request.sampling.max_tokens
        usage = Usage(
            input_tokens=Usage.estimate(request.messages, ()).input_tokens,
            output_tokens=most if self.dice.random() < 0.5 else self.dice.randrange(most),
        )
        self.usd += PRICES[self.name].of(usage)
        self.tokens += usage.input_tokens + usage.output_tokens
        self.calls += 1
        return Reply(completions=completions, usage=usage, model=self.name)

    async def health(self):
        return Health(ok=True)

    async def aclose(self):
        pass


class Several:
    """Draws two at a time, three times."""

    async def run(self, problem, ctx, want=1):
        for _ in range(2):
            await problem.draw(ctx, 2)
        drawn = await problem.draw(ctx, 2)
        valid = tuple(each for each in drawn if each.value is not None)
        return Outcome(valid, "drew", tuple(drawn))


@pytest.mark.parametrize(
    ("run_budget", "task_budget"),
    [
        (Limits(usd=0.6), Limits()),
        (Limits(usd=0.4), Limits(usd=0.07)),
        (Limits(calls=55), Limits(tokens=9_000, calls=7)),
        (Limits(usd=0.7, tokens=60_000, calls=60), Limits(usd=0.12, tokens=8_000)),
    ],
)
async def test_no_limit_is_overrun_by_what_escalates_at_once(run_budget, task_budget):
    providers = {name: Erratic(name) for name in PRICES}
    sampling = SamplingConfig(max_tokens=MOST)
    routes = {
        name: make_route(provider=provider, implement=Several(), sampling=sampling)
        for name, provider in (("default", "cheap"), ("strong", "strong"))
    }
    tiers = [{"route": "default", "usd": 1e-6}, {"route": "strong", "usd": 2e-6}]
    session = make_session(
        providers,
        routes=routes,
        router=Cascade(CascadeOptions.model_validate({"tiers": tiers}), parts=None),
        settings=RunSettings(run_budget=run_budget, task_budget=task_budget),
        calls=CallSettings(backoff=0.0, attempts=3),
    )
    results = await asyncio.gather(*(session.solve(task) for task in TASKS))
    billed = {
        what: sum(getattr(provider, what) for provider in providers.values())
        for what in ("usd", "tokens", "calls")
    }
    told = {what: sum(getattr(each.spend, what) for each in results) for what in billed}
    assert told["usd"] == pytest.approx(billed["usd"])
    assert told["tokens"] == billed["tokens"]
    for what, most in run_budget.model_dump(exclude_none=True).items():
        assert billed[what] <= most * (1 + 1e-9), f"{what} of the run"
    for what, most in task_budget.model_dump(exclude_none=True).items():
        for result in results:
            assert getattr(result.spend, what) <= most * (1 + 1e-9), f"{what} of {result.task.id}"
    assert providers["strong"].calls, "something escalated"
    assert any("used up" in result.why for result in results), "the limit was met"
    limits = run_budget.model_dump(exclude_none=True)
    assert max(billed[what] / most for what, most in limits.items()) > 0.5, "and it was no bluff"
