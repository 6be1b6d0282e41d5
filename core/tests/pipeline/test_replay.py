"""A replay gives what the run gave, to the byte, with no provider and by no clock of its own."""

import asyncio
import json

import pytest
from doubles import Again, BestOf, Refine, until
from recorded_world import (
    PRICED,
    Told,
    replay_of,
    replayed,
    session_of,
    started,
    undisturbed,
)

from lift_sys.errors import AuthenticationFailed, RecordError
from lift_sys.interfaces import (
    EVENT,
    CallMade,
    Limits,
    Observation,
    Outcome,
    Price,
    Report,
    TaskEnded,
)
from lift_sys.pipeline.past import Past
from lift_sys.pipeline.recorded import RunRecord
from lift_sys.pipeline.session import RunSettings
from lift_sys.pipeline.strategies import PlainDraws
from lift_sys.testing.providers import ANYTHING, ScriptedProvider, SlowProvider
from lift_sys.testing.runs import make_route
from lift_sys.testing.samples import IR_TEXT, TASK, WRONG_TEXT, scripted_model
from lift_sys.testing.sandboxes import TrustingSandbox


def text(results) -> str:
    return json.dumps(results)


async def run(events, provider, **parts):
    """One task through one route, to the JSON of its result."""
    given = {"routes": make_route(), "router": Again(2), **parts}
    session = session_of(events, providers=provider, **given)
    session.begin(started())
    try:
        result = await session.solve(TASK)
    except asyncio.CancelledError:
        result = session.interrupted[TASK.id]
    session.end("done")
    return [result.to_json()]


async def same_again(events, expected, **parts):
    given = {"routes": make_route(), "router": Again(0), **parts}
    replay = replay_of(events, **given)
    assert text(await replayed(replay)) == text(expected)
    assert replay.differences == []


async def test_several_tasks_with_all_that_can_happen():
    expected, events = await undisturbed(3, concurrency=3)
    replay = replay_of(events)
    assert text(await replayed(replay)) == text(expected)
    assert replay.differences == []


async def test_the_record_may_have_been_json_in_between():
    expected, events = await undisturbed(1)
    events = [EVENT.validate_json(event.model_dump_json()) for event in events]
    assert text(await replayed(replay_of(events))) == text(expected)


class Clock:
    """Runs out when it is told to."""

    def __init__(self, monkeypatch) -> None:
        self.patch = monkeypatch
        self.limit = None
        watch = Past.watch

        def watched(past, attempt, limit, answer):
            self.limit = limit
            watch(past, attempt, limit, answer)

        monkeypatch.setattr(Past, "watch", watched)

    async def runs_out(self):
        if self.limit is not None:
            self.limit.reschedule(asyncio.get_running_loop().time())
        await asyncio.Event().wait()

    def goes_on(self) -> None:
        self.patch.undo()


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


async def never():
    await asyncio.Event().wait()


class Stuck(ScriptedProvider):
    """Says so many things, and nothing after that."""

    def __init__(self, *replies: str, then=never) -> None:
        self.left = len(replies)
        self.then = then
        super().__init__(replies, capabilities=PRICED)

    async def complete(self, requests):
        if not self.left:
            await self.then()
        self.left -= 1
        return await super().complete(requests)


@pytest.mark.parametrize("said", [(), (IR_TEXT,), (IR_TEXT, WRONG_TEXT), ("nonsense",)])
async def test_a_time_out_happens_where_it_happened(said, clock):
    """Also where the machine that replays is faster, or has no time limit at all."""
    route = make_route(implement=Refine(3, PlainDraws()))
    events = []
    expected = await run(events, {"model": Stuck(*said, then=clock.runs_out)}, routes=route)
    assert "cut_off" in [event.kind for event in events]
    assert "the time of the budget is over" in expected[0]["why"]
    clock.goes_on()
    await same_again(events, expected, routes=route)


class SlowSandbox(TrustingSandbox):
    """The first so many checks are quick, the next one never ends."""

    def __init__(self, quick: int, then=never) -> None:
        self.quick = quick
        self.then = then

    async def run(self, job):
        await asyncio.sleep(0)
        self.quick -= 1
        if self.quick < 0:
            await self.then()
        return await super().run(job)


@pytest.mark.parametrize("quick", range(6))
async def test_a_time_out_in_the_middle_of_a_check_happens_there(quick, clock):
    route = make_route(implement=Refine(2, PlainDraws()))
    model = scripted_model(lambda place, request: f"{WRONG_TEXT}\n# {place}", capabilities=PRICED)
    sandbox = SlowSandbox(quick, clock.runs_out)
    events = []
    expected = await run(events, {"model": model}, routes=route, sandbox=sandbox)
    assert sandbox.quick == -1
    assert any(event.kind == "cut_off" for event in events)
    clock.goes_on()
    await same_again(events, expected, routes=route, sandbox=SlowSandbox(10_000))


async def test_an_interrupted_task_is_interrupted_again():
    slow = SlowProvider(Stuck(IR_TEXT), 0)
    events = []
    work = asyncio.create_task(run(events, {"model": slow}))
    await until(lambda: any(event.kind == "candidate_drawn" for event in events))
    await until(lambda: slow.in_flight == 1)
    work.cancel()
    expected = await work
    assert expected[0]["status"] == "cancelled"
    assert expected[0]["solution"] is not None
    await same_again(events, expected)


async def test_what_no_budget_covered_is_not_covered_again():
    settings = RunSettings(task_budget=Limits(calls=3))
    events = []
    model = scripted_model(lambda i, _: WRONG_TEXT, capabilities=ANYTHING)
    route = make_route(attempt=BestOf(4, PlainDraws()))
    expected = await run(events, {"model": model}, settings=settings, routes=route)
    assert "used up" in expected[0]["why"]
    await same_again(events, expected, routes=route)


async def test_an_error_that_ended_the_run_ends_the_replay():
    events = []
    model = ScriptedProvider([IR_TEXT, AuthenticationFailed("no key", remedy="set one")])
    with pytest.raises(AuthenticationFailed) as met:
        await run(events, {"model": model})
    session_end = session_of(events)
    session_end.end("an error ended it")
    with pytest.raises(AuthenticationFailed) as again:
        await replayed(replay_of(events, routes=make_route(), router=Again(0)))
    assert (again.value.cause, again.value.remedy) == (met.value.cause, met.value.remedy)


class LooksAtTheClock:
    """Does as much as there is time for, and says how much it saw."""

    async def run(self, problem, ctx, want=1):
        seen = []
        for _ in range(2):
            left = ctx.left
            seen.append((left.seconds, left.calls))
            drawn = await problem.draw(ctx, want)
        return Outcome(tuple(drawn), f"saw {seen}", tuple(drawn))


async def test_what_a_strategy_read_of_the_clock_it_reads_again():
    settings = RunSettings(
        task_budget=Limits(seconds=1000), run_budget=Limits(calls=50, seconds=2000)
    )
    route = make_route(attempt=LooksAtTheClock())
    events = []
    expected = await run(events, {"model": scripted_model()}, settings=settings, routes=route)
    readings = [event.left for event in events if event.kind == "left_read"]
    assert readings[0].seconds > readings[1].seconds
    again = []
    replay = replay_of(events, routes=route, router=Again(0))
    replay._session._stream.watch("again", Collects(again))
    assert text(await replayed(replay)) == text(expected)
    assert [event.left for event in again if event.kind == "left_read"] == readings
    stops = [[e.why for e in told if e.kind == "strategy_stopped"] for told in (events, again)]
    assert stops[0] == stops[1] != []


class Collects:
    def __init__(self, events) -> None:
        self.on_event = events.append

    def close(self) -> None:
        pass


async def test_a_sample_that_is_not_recorded_is_named():
    _, events = await undisturbed(1)
    lost = next(e for e in events if isinstance(e, CallMade) and e.samples)
    events.remove(lost)
    with pytest.raises(RecordError) as missing:
        await replayed(replay_of(events))
    assert (
        f"no sample {lost.first} of the request {lost.request} to provider cheap"
        in missing.value.cause
    )
    assert "freeze" in missing.value.remedy


async def test_a_verdict_that_comes_out_otherwise_is_told():
    class Breaks(TrustingSandbox):
        async def run(self, job):
            return Report(loaded=Observation(outcome="crash", detail="gone"))

    events = []
    expected = await run(events, {"model": scripted_model(capabilities=PRICED)})
    replay = replay_of(events, routes=make_route(), router=Again(0), sandbox=Breaks())
    (result,) = await replayed(replay)
    assert (expected[0]["status"], result["status"]) == ("pass", "fail")
    told = {each.what: each for each in replay.differences}
    assert {"the verdict of attempt 1", "its status", "its why", "its solution"} <= set(told)
    assert str(told["its status"]) == "double: its status was 'pass', and is 'fail' now"
    assert "status 'pass'" in told["the verdict of attempt 1"].recorded
    assert "status 'fail'" in told["the verdict of attempt 1"].now


async def test_what_was_broken_off_is_to_be_resumed_first():
    _, events = await undisturbed(1)
    for cut in (events[:-1], [e for e in events if not isinstance(e, TaskEnded)]):
        with pytest.raises(RecordError, match="broken off") as refused:
            replay_of(cut)
        assert "lift runs resume test" in refused.value.remedy


async def test_costs_are_those_of_then():
    events = []
    model = scripted_model(capabilities=PRICED)
    expected = await run(events, {"model": model})
    cheaper = events[0].model_copy(
        update={
            "providers": {"model": ANYTHING.model_copy(update={"price": Price(input=0, output=0)})}
        }
    )
    assert expected[0]["spend"]["usd"] > 0
    await same_again([cheaper, *events[1:]], expected)
    assert RunRecord.of(map(Told, events)).spend.usd == expected[0]["spend"]["usd"]
