"""A scripted run with all that a record must bear: retries, unusable replies, wrong code that is
asked for again, an escalation to another model, emulated n; and what it takes to do it again."""

import asyncio
from collections import Counter
from typing import NamedTuple

from doubles import BestOf, Cascade, Passes, Refine

from lift_sys.errors import ProviderUnavailable, RequestRejected
from lift_sys.interfaces import (
    CallMade,
    Completion,
    Price,
    Reply,
    RunResumed,
    RunStarted,
    Usage,
)
from lift_sys.pipeline.again import Replay, Resumed
from lift_sys.pipeline.identity import derive_seed, request_digest, sample_key
from lift_sys.pipeline.recorded import RunRecord
from lift_sys.pipeline.session import RunSettings
from lift_sys.pipeline.strategies import PlainDraws
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.runs import make_plan, make_route, make_session
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, TASK, WRONG_TEXT, asks_for_ir

PRICED = ANYTHING.model_copy(update={"n": 2, "price": Price(input=0.7, output=1.3)})


class Told(NamedTuple):
    event: object
    at: float = 0.0


def tasks(count: int):
    return [
        TASK.model_copy(update={"id": f"t{i}", "request": f"{TASK.request} (number {i})"})
        for i in range(count)
    ]


class Moody(ScriptedProvider):
    """What it says depends on what it is asked alone, and on how often that call failed before."""

    def __init__(self, *, strong: bool, tries: Counter[str]) -> None:
        super().__init__(self.answer, capabilities=PRICED.model_copy(update={"model": "m"}))
        self.strong = strong
        self.tries = tries

    async def complete(self, requests):
        await asyncio.sleep(0)
        return await super().complete(requests)

    def answer(self, request):
        dice = int(request_digest(request)[:4], 16) + (request.sampling.seed or 0)
        call = f"{request_digest(request)}/{request.sampling.seed}"
        if dice % 3 == 0 and self.tries[call] < (9 if dice % 2 else 2):
            self.tries[call] += 1
            return ProviderUnavailable("busy")
        if dice % 11 == 0:
            return RequestRejected("not this one")
        texts = [self.text(request, dice + place) for place in range(request.sampling.n)]
        completions = tuple(Completion(text=text, logprobs=(-0.1, -0.2)) for text in texts)
        usage = Usage.estimate(request.messages, completions)
        return Reply(completions=completions, usage=usage, model="m-2026", ignored={"stop"})

    def text(self, request, dice: int) -> str:
        if asks_for_ir(request):
            return "no JSON at all" if dice % 5 == 0 else IR_TEXT
        if dice % 4 == 0:
            return "```python\ndef double(x: int) -> int:\n    retur"
        return RIGHT_TEXT if self.strong and dice % 2 else WRONG_TEXT


def plan_parts():
    draws = PlainDraws()
    cheap = make_route(
        provider="cheap", specify=BestOf(3, draws), implement=Refine(2, draws), scorer=Passes()
    )
    strong = make_route(
        provider="strong",
        attempt=BestOf(2, draws),
        implement=BestOf(3, Refine(2, draws)),
        scorer=Passes(),
    )
    return {"default": cheap, "strong": strong}, Cascade("default", "strong", "strong")


def tries_of(events) -> dict[str, Counter[str]]:
    """What each provider would remember of the calls that are recorded."""
    counted = {"cheap": Counter[str](), "strong": Counter[str]()}
    for event in events:
        if isinstance(event, CallMade) and event.error == "busy":
            name = event.call.provider
            seed = derive_seed(sample_key(name, "m", event.request, 0, 0, event.first))
            counted[name][f"{event.request}/{seed}"] += 1
    return counted


def providers(events=()):
    tries = tries_of(events)
    return {
        "cheap": Moody(strong=False, tries=tries["cheap"]),
        "strong": Moody(strong=True, tries=tries["strong"]),
    }


def session_of(events, past=None, **parts):
    """A run whose events are appended to `events`."""
    routes, router = plan_parts()
    given = {"routes": routes, "router": router, "providers": providers(events), **parts}
    return make_session(events=events, past=past, **given)


def started(settings: RunSettings = RunSettings()) -> RunStarted:
    return RunStarted(
        run="test",
        started="2026-01-01T00:00:00+00:00",
        config={},
        distributions={},
        seed=settings.seed,
        providers=dict.fromkeys(("cheap", "strong", "model"), PRICED),
    )


def replay_of(events, settings: RunSettings = RunSettings(), routes=None, router=None, **parts):
    if routes is None:
        routes, router = plan_parts()
    record = RunRecord.of(map(Told, events))
    return Replay(record, make_plan(routes, router=router, **parts), settings)


async def replayed(replay):
    async with asyncio.timeout(60):
        return [result.to_json() async for result in replay.results()]


async def resumed(events, further=(), concurrency=2, **parts):
    """Goes on from these events; what is told is appended to them."""
    record = RunRecord.of(map(Told, events))
    session = session_of(events, record, **parts)
    session.begin(RunResumed(started="2026-01-02T00:00:00+00:00", distributions={}))
    async with asyncio.timeout(60):
        results = Resumed(session, record).results(further, concurrency)
        told = [result.to_json() async for result in results]
    session.end("all tasks done")
    return told


async def undisturbed(count: int, concurrency: int = 2):
    """The results and the events of a run."""
    events = []
    session = session_of(events)
    session.begin(started())
    async with asyncio.timeout(60):
        done = session.solve_all(tasks(count), concurrency)
        results = [result.to_json() async for result in done]
    session.end("all tasks done")
    return results, events


def without_seconds(document):
    """Without what depends on the clock."""
    if isinstance(document, dict):
        return {k: without_seconds(v) for k, v in document.items() if k != "seconds"}
    return [without_seconds(one) for one in document] if isinstance(document, list) else document
