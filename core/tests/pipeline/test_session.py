"""A run over tasks: results as they come, so many at once, and what one task costs the others."""

import asyncio
import gc
import re

import pytest
from doubles import until

from lift_sys.engines import LocalEngine
from lift_sys.errors import (
    AuthenticationFailed,
    BrokenPlugin,
    InputError,
    RecordError,
    SandboxFailed,
    SandboxRefused,
)
from lift_sys.interfaces import Limits, TaskEnded
from lift_sys.pipeline.concurrency import all_of
from lift_sys.pipeline.session import RunSettings
from lift_sys.testing.providers import ScriptedProvider, SlowProvider
from lift_sys.testing.runs import make_route, make_session
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, TASK, asks_for_ir, scripted_model
from lift_sys.testing.sandboxes import TrustingSandbox


def tasks(count: int):
    return [
        TASK.model_copy(update={"id": f"t{i}", "request": f"Double a number {i}"})
        for i in range(count)
    ]


def place(request) -> int:
    said = "\n".join(message.content for message in request.messages)
    return int(re.findall(r"Double a number (\d+)", said)[-1])


async def within(work):
    async with asyncio.timeout(60):
        return await work


async def collect_into(seen, results):
    async for result in results:
        seen.append(result)


async def collect(session, work, concurrency=4):
    return [result async for result in session.solve_all(work, concurrency)]


async def test_results_come_as_they_are_ready():
    gate = asyncio.Event()

    class FirstIsSlow(ScriptedProvider):
        async def complete(self, requests):
            if place(requests[0]) == 0:
                await gate.wait()
            return await super().complete(requests)

    def answer(request):
        return IR_TEXT if asks_for_ir(request) else RIGHT_TEXT

    session = make_session(FirstIsSlow(answer))
    seen = []
    async for result in session.solve_all(tasks(5), 5):
        seen.append(result.task.id)
        if len(seen) == 4:
            gate.set()
    assert seen[-1] == "t0"
    assert sorted(seen) == [f"t{i}" for i in range(5)]


async def test_a_bare_request_will_do_and_one_that_cannot_be_asked_is_told():
    session = make_session(scripted_model())
    result = await session.solve("Create a function that doubles a number")
    assert result.task.request == "Create a function that doubles a number"
    assert result.solution is not None
    with pytest.raises(InputError, match="the request is empty"):
        await session.solve(" ")


@pytest.mark.parametrize(("stated", "concurrency"), [(1, 1), (3, 3), (None, 2)])
async def test_no_more_tasks_at_once_than_wanted_and_none_taken_early(stated, concurrency):
    taken = 0

    def given():
        nonlocal taken
        for task in tasks(9):
            taken += 1
            yield task

    class Counting:
        def __init__(self):
            self.at_once = self.peak = 0

        async def run(self, problem, ctx, want=1):
            self.at_once += 1
            self.peak = max(self.peak, self.at_once)
            await asyncio.sleep(0.001)
            try:
                return await inner.strategy.run(problem, ctx, want)
            finally:
                self.at_once -= 1

    inner = make_route()
    counting = Counting()
    session = make_session(
        scripted_model(),
        routes=make_route(attempt=counting),
        settings=RunSettings(concurrency=2),
    )
    done = 0
    async for _ in session.solve_all(given(), stated):
        done += 1
        assert taken <= done + concurrency
    assert done == 9
    assert counting.peak == concurrency


async def test_no_tasks_are_no_results():
    assert await collect(make_session(scripted_model()), []) == []


async def test_cancelling_keeps_what_was_done_and_ends_all_calls():
    slow = SlowProvider(scripted_model(), asyncio.Event().wait)
    events = []
    session = make_session(slow, events=events)
    work = asyncio.create_task(collect(session, tasks(6), 3))
    await until(lambda: slow.in_flight == 3)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await within(work)
    assert slow.in_flight == 0
    assert sorted(session.interrupted) == ["t0", "t1", "t2"]
    ended = [event for event in events if isinstance(event, TaskEnded)]
    assert [event.status for event in ended] == ["cancelled"] * 3


async def test_a_consumer_that_stops_early_ends_the_rest():
    slow = SlowProvider(scripted_model(), 0.001)
    session = make_session(slow)
    results = session.solve_all(tasks(9), 3)
    async for _ in results:
        break
    await results.aclose()
    assert slow.in_flight == 0


async def test_two_tasks_that_fail_at_once_are_one_error(caplog):
    """The second must not surface later, as an error that nobody looked at."""

    class Refused:
        async def run(self, problem, ctx, want=1):
            raise AuthenticationFailed(f"no key for {problem.task.id}")

    session = make_session(scripted_model(), routes=make_route(attempt=Refused()))
    with pytest.raises(AuthenticationFailed):
        await collect(session, tasks(3), 3)
    del session
    gc.collect()
    assert caplog.records == []


async def test_a_result_that_is_ready_is_given_before_the_error_that_ends_the_run():
    async def work(key):
        if key == "t0":
            raise AuthenticationFailed("no key")
        return key

    seen = []
    with pytest.raises(AuthenticationFailed):
        await collect_into(seen, LocalEngine().run(work, ["t0", "t1", "t2"], 3))
    assert sorted(seen) == ["t1", "t2"]


class Breaks:
    """A strategy that breaks on one task."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    async def run(self, problem, ctx, want=1):
        if problem.task.id == "t1":
            raise self.error
        return await make_route().strategy.run(problem, ctx, want)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (TypeError("bad sum"), "TypeError: bad sum ("),
        (BrokenPlugin("scorer x gave 2"), "scorer x gave 2"),
        (SandboxFailed("the zygote died", remedy="look"), "the zygote died: look"),
    ],
)
async def test_what_breaks_on_one_task_costs_this_task(error, why):
    events = []
    session = make_session(
        scripted_model(), routes=make_route(attempt=Breaks(error)), events=events
    )
    results = {result.task.id: result for result in await collect(session, tasks(3))}
    assert [results[f"t{i}"].status for i in range(3)] == ["pass", "error", "pass"]
    assert results["t1"].why.startswith(why)
    ended = {e.task: e.status for e in events if isinstance(e, TaskEnded)}
    assert ended == {"t0": "pass", "t1": "error", "t2": "pass"}


async def test_a_bug_is_told_with_the_place_it_was_met_at():
    session = make_session(scripted_model(), routes=make_route(attempt=Breaks(KeyError("x"))))
    (result,) = [r for r in await collect(session, tasks(2)) if r.status == "error"]
    assert "test_session.py, line " in result.why


@pytest.mark.parametrize("error", [SandboxRefused("no guard"), RecordError("disk full")])
async def test_what_every_task_would_meet_ends_the_run(error):
    events = []
    session = make_session(
        scripted_model(), routes=make_route(attempt=Breaks(error)), events=events
    )
    with pytest.raises(type(error)):
        await collect(session, tasks(3), 1)
    assert events[-1].kind == "task_ended"
    assert (events[-1].task, events[-1].status) == ("t1", "error")


async def test_a_sandbox_that_fails_once_costs_one_task():
    class Shaky(TrustingSandbox):
        failed = False

        async def run(self, job):
            if not self.failed:
                self.failed = True
                raise SandboxFailed("died")
            return await super().run(job)

    results = await collect(make_session(scripted_model(), sandbox=Shaky()), tasks(3), 1)
    assert [result.status for result in results].count("pass") >= 2


async def test_tasks_at_once_never_overrun_the_budget_of_the_run():
    slow = SlowProvider(scripted_model(), 0.001)
    settings = RunSettings(run_budget=Limits(calls=7))
    results = await collect(make_session(slow, settings=settings), tasks(8), 8)
    assert len(results) == 8
    assert slow.inner.calls == 7
    assert sum(result.spend.calls for result in results) == 7
    assert {result.status for result in results} <= {"pass", "error", "fail", "unverified"}


async def test_the_first_failure_of_several_is_raised_as_it_is():
    ended = []

    async def fails():
        raise KeyError("x")

    async def waits():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    with pytest.raises(KeyError):
        await within(all_of([waits(), fails(), waits()]))
    assert ended == [True, True]
    assert await all_of([]) == []
