"""Budgets: never overrun, whatever runs at once; whoever waits is woken; no parent forgotten."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lift_sys.errors import BudgetExhausted
from lift_sys.interfaces import Limits, Spend
from lift_sys.pipeline.budget import Budget, Need

ONE_CALL = Need(tokens=10, usd=0.1)


def spend(tokens: int = 0, usd: float = 0.0, calls: int = 1) -> Spend:
    return Spend(calls=calls, output_tokens=tokens, usd=usd)


async def test_what_is_settled_is_spent_in_every_budget_above():
    run = Budget("run_budget", Limits(calls=10))
    task = Budget("budget", Limits(), run)
    route = Budget("route", Limits(tokens=100), task)
    (await route.reserve(ONE_CALL)).settle(spend(tokens=7, usd=0.05))
    assert [each.spent.tokens for each in (route, task, run)] == [7, 7, 7]
    assert route.left == Limits(calls=9, tokens=93)
    assert run.left == Limits(calls=9)


async def test_left_is_the_tightest_of_all():
    run = Budget("run_budget", Limits(calls=3, usd=1.0))
    task = Budget("budget", Limits(calls=5, usd=0.5, tokens=20), run)
    assert task.left == Limits(calls=3, usd=0.5, tokens=20)


async def test_a_reservation_that_is_left_unsettled_is_freed():
    budget = Budget("budget", Limits(calls=1))
    with pytest.raises(RuntimeError), await budget.reserve(ONE_CALL):
        raise RuntimeError
    assert budget.spent == Spend()
    with await budget.reserve(ONE_CALL) as reservation:
        reservation.settle(spend(usd=0.1))
    assert budget.spent.calls == 1, "settled once, not again when the block is left"


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(calls=0), "calls"),
        (Limits(tokens=9), "tokens"),
        (Limits(usd=0.09), "usd"),
        (Limits(seconds=0), "seconds"),
    ],
)
async def test_what_no_waiting_can_help_is_refused_with_the_remedy(limits, what):
    budget = Budget("run_budget", limits)
    child = Budget("budget", Limits(), budget)
    with pytest.raises(BudgetExhausted, match=rf"raise run_budget\.{what}"):
        await child.reserve(ONE_CALL)


async def test_seconds_end_by_the_clock():
    now = [0.0]
    budget = Budget("budget", Limits(seconds=5), clock=lambda: now[0])
    (await budget.reserve(ONE_CALL)).settle(Spend())
    now[0] = 4.0
    assert budget.left.seconds == 1.0
    now[0] = 6.0
    assert budget.left.seconds == 0.0
    with pytest.raises(BudgetExhausted, match="5 s are over"):
        await budget.reserve(ONE_CALL)


async def test_who_must_wait_goes_on_when_enough_is_freed():
    run = Budget("run_budget", Limits(tokens=10))
    first = await Budget("budget", Limits(), run).reserve(ONE_CALL)
    waiting = asyncio.create_task(Budget("budget", Limits(), run).reserve(ONE_CALL))
    await asyncio.sleep(0)
    assert not waiting.done()
    first.settle(spend(tokens=0))
    async with asyncio.timeout(10):
        (await waiting).settle(spend(tokens=10))
    assert run.spent.tokens == 10


async def test_who_must_wait_is_refused_when_the_others_used_it_up():
    budget = Budget("budget", Limits(tokens=10))
    first = await budget.reserve(ONE_CALL)
    waiting = asyncio.create_task(budget.reserve(ONE_CALL))
    await asyncio.sleep(0)
    first.settle(spend(tokens=10))
    async with asyncio.timeout(10):
        with pytest.raises(BudgetExhausted, match=r"may take 10 tokens, 0 tokens are left"):
            await waiting


async def test_who_gives_up_waiting_leaves_no_trace():
    budget = Budget("budget", Limits(calls=1))
    first = await budget.reserve(ONE_CALL)
    waiting = asyncio.create_task(budget.reserve(ONE_CALL))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    first.settle(Spend())
    async with asyncio.timeout(10):
        (await budget.reserve(ONE_CALL)).settle(spend())


async def test_rounding_never_blocks_what_nothing_under_way_could_free():
    """0.2 + 0.4 + 0.3 - 0.2 - 0.4 - 0.3 is more than 0 in floats."""
    budget = Budget("budget", Limits(usd=1.0))
    held = [await budget.reserve(Need(tokens=1, usd=usd)) for usd in (0.2, 0.4, 0.3)]
    for reservation in held:
        reservation.settle(Spend())
    async with asyncio.timeout(10):
        (await budget.reserve(Need(tokens=1, usd=1.0))).settle(Spend())


limits = st.builds(
    Limits,
    calls=st.none() | st.integers(0, 12),
    tokens=st.none() | st.integers(0, 120),
    usd=st.none() | st.floats(0, 1.5, allow_subnormal=False),
)
calls = st.lists(
    st.tuples(
        st.integers(0, 2),  # which budget
        st.integers(1, 40),  # tokens at most
        st.floats(0, 0.4, allow_subnormal=False),  # dollars at most
        st.floats(0, 1),  # the share of these that it really takes
        st.integers(0, 3),  # how long it takes
        st.sampled_from(["settle", "fail", "cancel"]),
    ),
    max_size=25,
)


@settings(max_examples=200, deadline=None)
@given(run_limits=limits, task_limits=st.lists(limits, min_size=3, max_size=3), calls=calls)
def test_whatever_runs_at_once_no_limit_is_overrun_and_nobody_waits_for_ever(
    run_limits, task_limits, calls
):
    async def scenario() -> None:
        run = Budget("run_budget", run_limits)
        budgets = [Budget("budget", each, run) for each in task_limits]
        under_way = [0] * 3
        spent = [Spend()] * 3
        refused = 0

        def within(budget: Budget, most: Limits, calls: int) -> None:
            assert most.calls is None or budget.spent.calls + calls <= most.calls
            assert most.tokens is None or budget.spent.tokens <= most.tokens
            assert most.usd is None or budget.spent.usd <= most.usd + 1e-9

        async def call(place, tokens, usd, share, turns, how) -> None:
            nonlocal refused
            try:
                reservation = await budgets[place].reserve(Need(tokens, usd))
            except BudgetExhausted:
                refused += 1
                return
            with reservation:
                under_way[place] += 1
                try:
                    within(budgets[place], task_limits[place], under_way[place])
                    within(run, run_limits, sum(under_way))
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    if how == "settle":
                        took = spend(int(tokens * share), usd * share)
                        reservation.settle(took)
                        spent[place] = Spend(
                            calls=spent[place].calls + 1,
                            output_tokens=spent[place].tokens + took.tokens,
                            usd=spent[place].usd + took.usd,
                        )
                finally:
                    under_way[place] -= 1

        tasks = [asyncio.create_task(call(*each)) for each in calls]
        await asyncio.sleep(0)
        for task, each in zip(tasks, calls, strict=True):
            if each[-1] == "cancel":
                task.cancel()
        async with asyncio.timeout(20):
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        broken = [e for e in ended if isinstance(e, Exception)]
        assert not broken, broken
        for budget, most, told in zip(budgets, task_limits, spent, strict=True):
            within(budget, most, 0)
            assert (budget.spent.calls, budget.spent.tokens) == (told.calls, told.tokens)
        assert run.spent.calls == sum(each.calls for each in spent)
        assert run.spent.tokens == sum(each.tokens for each in spent)
        within(run, run_limits, 0)
        if run_limits == Limits() and all(most == Limits() for most in task_limits):
            assert not refused

    asyncio.run(scenario())
