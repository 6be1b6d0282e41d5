"""What there is of an attempt whose stages are stopped in the middle of their draws."""

import asyncio

import pytest
from doubles import BestOf

from lift_sys.pipeline.strategies import PlainDraws
from lift_sys.testing.conformance.strategy import Stalling
from lift_sys.testing.providers import ANYTHING
from lift_sys.testing.runs import make_route, make_session
from lift_sys.testing.samples import RIGHT_TEXT, SPECIFICATION, TASK, WRONG_TEXT, scripted_model

ONE_BY_ONE = ANYTHING.model_copy(update={"n": 1})


class OneByOne(PlainDraws):
    """Draws and checks, again and again; the best by the checks is on offer."""

    async def run(self, problem, ctx, want=1):
        passing = None
        for _ in range(9):
            outcome = await super().run(problem, ctx)
            if (await problem.check(outcome.best.value)).passed:
                passing = outcome.best
            if passing is not None:
                ctx.offer(passing)
        return outcome


async def stopped_after(calls, **route):
    model = scripted_model(
        lambda place, _: RIGHT_TEXT if place == 1 else WRONG_TEXT, capabilities=ONE_BY_ONE
    )
    provider = Stalling(model, calls)
    session = make_session(provider, routes=make_route(**route))
    running = asyncio.create_task(session.solve(TASK))
    await provider.stalled.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    return session.interrupted[TASK.id].solution


async def test_specifications_drawn_so_far_are_there():
    solution = await stopped_after(2, specify=BestOf(4, PlainDraws()))
    assert (solution.ir, solution.code) == (SPECIFICATION, None)


async def test_code_drawn_so_far_is_there_and_said_to_be_unchecked():
    solution = await stopped_after(2, implement=BestOf(4, PlainDraws()))
    assert "x + 3" in solution.code.source
    assert solution.verdict.status == "unverified"
    assert solution.verdict.notes == ("it was stopped before it was checked",)


async def test_what_was_found_to_pass_is_known_to():
    solution = await stopped_after(4, implement=OneByOne())
    assert "2 * x" in solution.code.source
    assert solution.verdict.passed
