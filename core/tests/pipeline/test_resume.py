"""A run that was broken off at any place goes on to the same end, and is paid for once."""

import asyncio
import json

import pytest
from doubles import until
from recorded_world import (
    Told,
    providers,
    replay_of,
    replayed,
    resumed,
    session_of,
    started,
    tasks,
    undisturbed,
    without_seconds,
)

from lift_sys.errors import RecordError
from lift_sys.interfaces import CallMade, Limits, TaskStarted
from lift_sys.pipeline.recorded import RunRecord
from lift_sys.pipeline.session import RunSettings
from lift_sys.testing.providers import SlowProvider


def bill(events):
    calls = {}
    for event in events:
        if isinstance(event, CallMade):
            assert event.call.id not in calls, "told twice"
            calls[event.call.id] = (event.call.usage, event.call.cost)
    return calls


def by_task(results):
    return {result["task"]: json.dumps(without_seconds(result)) for result in results}


async def goes_on(events):
    """What is left of two tasks."""
    begun = {event.task for event in events if isinstance(event, TaskStarted)}
    return await resumed(events, [task for task in tasks(2) if task.id not in begun])


def same_end(expected, whole, results, events):
    assert by_task(results) == by_task(expected)
    assert bill(events) == bill(whole)
    record = RunRecord.of(map(Told, events))
    assert record.complete
    spent = record.ended.spend
    assert without_seconds(spent.model_dump()) == without_seconds(whole[-1].spend.model_dump())


async def test_cut_at_every_place_it_goes_on_to_the_same_end():
    expected, whole = await undisturbed(2)
    kinds = {event.kind for event in whole if not isinstance(event, CallMade)}
    assert len(whole) > 50
    assert {"attempt_ended", "strategy_stopped"} <= kinds
    assert {"busy", "not this one"} <= {e.error for e in whole if isinstance(e, CallMade)}
    for place in range(1, len(whole)):
        events = whole[:place]
        same_end(expected, whole, await goes_on(events), events)


@pytest.mark.parametrize("second", [1, 5, 12, 20])
async def test_cut_again_while_it_goes_on(second):
    expected, whole = await undisturbed(2)
    events = whole[:25]
    await goes_on(events)
    again = events[: 25 + second]
    same_end(expected, whole, await goes_on(again), again)
    replay = replay_of(again)
    assert sorted(map(str, await replayed(replay))) != []
    assert replay.differences == []


async def test_what_is_finished_is_not_done_again():
    expected, whole = await undisturbed(2)
    events = whole[:-1]
    assert by_task(await goes_on(events)) == by_task(expected)
    assert [event.kind for event in events[len(whole) - 1 :]] == ["run_resumed", "run_ended"]


async def test_an_interrupted_run_goes_on_and_the_lost_call_is_paid_for():
    held = asyncio.Event()
    events = []
    given = {name: SlowProvider(each, held.wait) for name, each in providers().items()}
    session = session_of(events, providers=given)
    session.begin(started())
    work = asyncio.create_task(session.solve(tasks(1)[0]))
    await until(lambda: given["cheap"].in_flight > 0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    session.end("cancelled")
    lost = [event for event in events if isinstance(event, CallMade)]
    assert {event.error for event in lost} == {"cancelled"}
    expected, whole = await undisturbed(1)
    (result,) = await resumed(events)
    assert result["status"] == expected[0]["status"]
    assert result["spend"]["calls"] == expected[0]["spend"]["calls"] + len(lost)
    assert len(bill(events)) == len(bill(whole)) + len(lost)
    replay = replay_of(events)
    assert await replayed(replay) == [result]
    assert replay.differences == []


async def test_the_budget_of_a_resumed_run_counts_what_it_had_spent():
    _, whole = await undisturbed(1)
    place = next(i for i, event in enumerate(whole) if event.kind == "attempt_ended")
    events = whole[:place]
    spent = RunRecord.of(map(Told, events)).spend.calls
    settings = RunSettings(run_budget=Limits(calls=spent))
    (result,) = await resumed(events, settings=settings)
    assert "used up" in result["why"]
    assert RunRecord.of(map(Told, events)).spend.calls == spent


async def test_a_task_that_is_asked_twice_keeps_its_two_records():
    task = tasks(1)[0]
    events = []
    session = session_of(events)
    session.begin(started())
    both = [(await session.solve(task)).to_json() for _ in range(2)]
    labels = [event.task for event in events if isinstance(event, TaskStarted)]
    assert labels == ["t0", "t0#2"]
    session.end("all tasks done")
    assert await replayed(replay_of(events)) == both


async def test_the_time_a_task_had_used_counts():
    _, whole = await undisturbed(1)
    told = [Told(event, 7.0 if place else 0.0) for place, event in enumerate(whole[:10])]
    record = RunRecord.of(told)
    assert record.tasks["t0"].seconds == 0.0, "it began at 7"
    told.append(Told(whole[10], 9.5))
    assert RunRecord.of(told).tasks["t0"].seconds == 2.5


@pytest.mark.parametrize("events", [[], [TaskStarted(task="t", request="x", document={})]])
def test_what_is_no_record_of_a_run_is_told(events):
    with pytest.raises(RecordError, match=r"empty|does not begin"):
        RunRecord.of(map(Told, events))
