"""What it gains and what it spares, on a model whose truth is known."""

import math

import pytest
from lift_sys_best_of_n.plugin import BestOfNOptions
from lift_sys_best_of_n.strategy import BestOfN

from lift_sys.interfaces import Limits, Price
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.simulated import (
    SimulatedModel,
    SimulatedProvider,
    Skill,
    pass_rate,
    simulate,
    simulated_tasks,
)


async def solve(model, tasks, limits=None, false_accept=0.0, **options):
    strategy = BestOfN(BestOfNOptions(**options), TestParts.installed())
    provider = SimulatedProvider(model, tasks)
    return await simulate(strategy, tasks, provider, limits=limits, false_accept=false_accept)


@pytest.mark.parametrize(
    ("n", "rounds", "copies"), [(1, "one", 0.0), (8, "growing", 0.0), (4, "one", 0.6)]
)
async def test_its_gain_is_that_of_the_closed_form(n, rounds, copies):
    tasks = simulated_tasks(300)
    model = SimulatedModel(skill=Skill(success=0.25, copies=copies))
    solved = await solve(model, tasks, n=n, rounds=rounds, distinct=0)
    expected = pass_rate(0.25, n, copies=copies)
    found = sum(each.right for each in solved) / len(solved)
    assert abs(found - expected) <= 3 * math.sqrt(expected * (1 - expected) / len(solved))


async def test_wrong_answers_that_the_check_accepts_bound_the_gain():
    tasks = simulated_tasks(200)
    solved = await solve(
        SimulatedModel(skill=Skill(success=0.25)), tasks, false_accept=0.3, n=8, distinct=0
    )
    # The first accepted draw wins: right with p / (p + (1 - p) a), where any is accepted.
    accepted = 0.25 + 0.75 * 0.3
    expected = 0.25 / accepted * (1 - (1 - accepted) ** 8)
    found = sum(each.right for each in solved) / len(solved)
    assert abs(found - expected) <= 3 * math.sqrt(expected * (1 - expected) / len(solved))


async def test_where_most_tasks_draw_only_copies_it_notices_in_the_first_batches():
    tasks = simulated_tasks(18)
    stuck = Skill(success=0.778, copies=1.0, stubborn=1.0)
    model = SimulatedModel(
        skill=Skill(success=0.778), by_task={task.id: stuck for task in tasks[:15]}
    )
    solved = await solve(model, tasks)
    for each in solved[:15]:
        assert "nothing new after 8 of 16 draws" in each.outcome.stopped
        assert (each.outcome.diversity.drawn, each.outcome.diversity.textual) == (8, 1)
    assert all(each.outcome.stopped.startswith("drew all 16") for each in solved[15:])


async def test_no_budget_is_overrun_whatever_it_is():
    tasks = simulated_tasks(20)
    model = SimulatedModel(skill=Skill(success=0.2), price=Price(input=10, output=30), n=1)
    for limits in (Limits(calls=5), Limits(usd=0.05), Limits(tokens=2000)):
        for each in await solve(model, tasks, limits=limits, n=32):
            assert each.spend.calls <= (limits.calls or 32)
            assert each.spend.usd <= (limits.usd or 1)
            assert each.spend.tokens <= (limits.tokens or 100_000)
            assert each.outcome.best is not None
            assert each.outcome.cut_short
