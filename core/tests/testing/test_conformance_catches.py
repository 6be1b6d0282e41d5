"""The conformance suites are checks too: each must catch what is planted for it."""

import asyncio
import itertools
from contextlib import suppress
from dataclasses import replace
from itertools import islice

import pytest
from pydantic import BaseModel

from lift_sys.engines import FarEnd
from lift_sys.errors import BudgetExhausted, InputError, LiftError
from lift_sys.interfaces import (
    Diversity,
    Example,
    Health,
    Hidden,
    Order,
    Outcome,
    Reply,
    Route,
    Score,
    Suite,
    Told,
    Usage,
)
from lift_sys.plugins import Component, Options
from lift_sys.testing import conformance
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.samples import TASK


def failures(suite, factory, options=Options):
    """The names of the suite's tests that fail on what `factory` makes."""

    class Planted(suite):
        component = "planted"

        def described(self):
            return Component("planted", factory, "A planted component", options)

        def make(self):
            return factory()

        def make_over(self, inner):
            return factory()

    failed = set()
    for name in dir(Planted):
        if not name.startswith("test_") or name == "test_its_plugin_module_imports_nothing_heavy":
            continue
        try:
            getattr(Planted(), name)()
        except (AssertionError, AttributeError, LiftError, TimeoutError, TypeError, ValueError):
            failed.add(name)
    return failed


class GoodStrategy:
    async def run(self, problem, ctx, want=1):
        drawn = tuple(await problem.draw(ctx, want))
        valid = tuple(candidate for candidate in drawn if candidate.value is not None)
        return Outcome(valid, "done", drawn)


class TooMany(GoodStrategy):
    async def run(self, problem, ctx, want=1):
        return await super().run(problem, ctx, want + 1)


class Silent(GoodStrategy):
    async def run(self, problem, ctx, want=1):
        return replace(await super().run(problem, ctx, want), stopped=" ")


class CrownsInvalid(GoodStrategy):
    async def run(self, problem, ctx, want=1):
        drawn = tuple(await problem.draw(ctx, want))
        return Outcome(drawn, "done", drawn)


class Forgetful(GoodStrategy):
    async def run(self, problem, ctx, want=1):
        return replace(await super().run(problem, ctx, want), candidates=())


class Swallows(GoodStrategy):
    async def run(self, problem, ctx, want=1):
        try:
            return await super().run(problem, ctx, want)
        except (LiftError, asyncio.CancelledError):
            return Outcome((), "whatever", ())


class Dice(GoodStrategy):
    flips = itertools.count()

    async def run(self, problem, ctx, want=1):
        outcome = await super().run(problem, ctx, want)
        marked = [replace(w, text=f"{w.text}{next(self.flips)}") for w in outcome.winners]
        return replace(outcome, winners=tuple(marked))


class DeafToInner(Options):
    inner: str = "none"
    """An inner strategy that it never asks."""


class Spendthrift(GoodStrategy):
    """Goes round the budget by asking the provider itself."""

    async def run(self, problem, ctx, want=1):
        try:
            return await super().run(problem, ctx, want)
        except BudgetExhausted:
            gateway = next(iter(ctx.scope.gateways.values()))
            await gateway._provider.complete([])
            raise


class OffersInvalid(GoodStrategy):
    """Spends on a second draw, and meanwhile puts forward what is no result."""

    async def run(self, problem, ctx, want=1):
        for candidate in await problem.draw(ctx, want):
            ctx.offer(replace(candidate, value=None))
        return await super().run(problem, ctx, want)


class Boastful(GoodStrategy):
    async def run(self, problem, ctx, want=1):
        return replace(await super().run(problem, ctx, want), diversity=Diversity(1, 9))


class AlwaysOne(GoodStrategy):
    async def run(self, problem, ctx, want=1):
        return await super().run(problem, ctx, 1)


class KeepsOne(GoodStrategy):
    async def run(self, problem, ctx, want=1):
        outcome = await super().run(problem, ctx, want)
        return replace(outcome, winners=outcome.winners[:1])


def test_a_good_strategy_passes():
    assert failures(conformance.StrategyConformance, GoodStrategy) == set()


@pytest.mark.parametrize(
    ("broken", "caught_by"),
    [
        (TooMany, "test_it_gives_no_more_winners_than_are_wanted"),
        (AlwaysOne, "test_it_gives_several_where_several_are_wanted_and_to_be_had"),
        (KeepsOne, "test_it_gives_several_where_several_are_wanted_and_to_be_had"),
        (Silent, "test_it_says_why_it_stopped"),
        (CrownsInvalid, "test_invalid_draws_never_win"),
        (Forgetful, "test_its_winners_were_drawn"),
        (Swallows, "test_an_error_that_every_call_meets_is_passed_on"),
        (Swallows, "test_a_cancel_goes_through_at_once"),
        (Dice, "test_the_same_seed_gives_the_same_winners"),
        (Spendthrift, "test_it_never_overruns_its_budget_and_keeps_its_best"),
        (OffersInvalid, "test_it_never_overruns_its_budget_and_keeps_its_best"),
        (OffersInvalid, "test_whenever_it_is_stopped_its_best_so_far_is_there"),
        (Boastful, "test_it_says_what_it_spent_and_how_many_draws_differed"),
    ],
)
def test_a_broken_strategy_is_caught(broken, caught_by):
    assert caught_by in failures(conformance.StrategyConformance, broken)


def test_a_strategy_deaf_to_its_inner_one_is_caught():
    caught = failures(conformance.StrategyConformance, GoodStrategy, DeafToInner)
    assert caught == {"test_it_asks_its_inner_strategy_where_it_takes_one"}


class Open(BaseModel):
    """Takes any option and says of none what it is."""

    n: int = 1


def test_an_open_options_model_is_caught():
    caught = failures(conformance.StrategyConformance, GoodStrategy, Open)
    assert caught == {"test_its_options_are_closed_documented_and_have_a_schema"}


class GoodScorer:
    async def score(self, problem, candidates, ctx):
        return [Score(0.0 if c.value is None else 1.0, "valid or not") for c in candidates]


class Unbounded(GoodScorer):
    async def score(self, problem, candidates, ctx):
        return [Score(7.0, "lucky") for _ in candidates]


class Speechless(GoodScorer):
    async def score(self, problem, candidates, ctx):
        return [Score(0.0) for _ in candidates]


class Short(GoodScorer):
    async def score(self, problem, candidates, ctx):
        return [Score(0.0, "only the first") for _ in candidates[:1]]


class Moody(GoodScorer):
    mood = itertools.count()

    async def score(self, problem, candidates, ctx):
        return [Score(1 / (2 + next(self.mood)), "a feeling") for _ in candidates]


class Optimist(GoodScorer):
    async def score(self, problem, candidates, ctx):
        return [Score(1.0, "all is well") for _ in candidates]


def test_a_good_scorer_passes():
    assert failures(conformance.ScorerConformance, GoodScorer) == set()


@pytest.mark.parametrize(
    ("broken", "caught_by"),
    [
        (Unbounded, "test_its_scores_lie_between_0_and_1_with_a_reason"),
        (Speechless, "test_its_scores_lie_between_0_and_1_with_a_reason"),
        (Short, "test_it_gives_one_score_for_each_candidate_in_order"),
        (Moody, "test_the_same_candidates_get_the_same_scores"),
        (Optimist, "test_it_bears_candidates_without_a_value"),
    ],
)
def test_a_broken_scorer_is_caught(broken, caught_by):
    assert caught_by in failures(conformance.ScorerConformance, broken)


class GoodRouter:
    def next(self, task, history, left):
        return None if len(history) > 2 else Route(name="default", reason="the only one")


class Endless(GoodRouter):
    def next(self, task, history, left):
        return Route(name="default", reason="again")


class Idle(GoodRouter):
    def next(self, task, history, left):
        return None


class Remembers(GoodRouter):
    def __init__(self):
        self.asked = 0

    def next(self, task, history, left):
        self.asked += 1
        return None if self.asked > 2 else Route(name="default", reason="counted")


class Nameless(GoodRouter):
    def next(self, task, history, left):
        return None if history else Route(name="default", reason="")


def test_a_good_router_passes():
    assert failures(conformance.RouterConformance, GoodRouter) == set()


@pytest.mark.parametrize(
    ("broken", "caught_by"),
    [
        (Endless, "test_it_begins_and_it_ends"),
        (Idle, "test_it_begins_and_it_ends"),
        (Remembers, "test_it_is_pure"),
        (Nameless, "test_every_route_has_a_name_and_a_reason"),
    ],
)
def test_a_broken_router_is_caught(broken, caught_by):
    assert caught_by in failures(conformance.RouterConformance, broken)


LIMITED = ANYTHING.model_copy(update={"seed": False, "logprobs": False, "temperature": False})


class GoodProvider(ScriptedProvider):
    def __init__(self):
        super().__init__(lambda request: "hello")

    async def complete(self, requests):
        await asyncio.sleep(0)
        return await super().complete(requests)


class OneForAll(GoodProvider):
    async def complete(self, requests):
        return (await super().complete(requests))[:1]


class IgnoresN(GoodProvider):
    def _answer(self, request):
        return Reply(
            completions=({"text": "hi"},), usage=Usage(input_tokens=1, output_tokens=1), model="m"
        )


class CountsNothing(GoodProvider):
    def _answer(self, request):
        return super()._answer(request).model_copy(update={"usage": Usage()})


class Quiet(GoodProvider):
    def capabilities(self):
        return LIMITED


class Ill(GoodProvider):
    async def health(self):
        return Health(ok=False, detail="cold")


class ClosesOnce(GoodProvider):
    async def aclose(self):
        if self.closed:
            raise ValueError("closed already")
        self.closed = True


def test_a_good_provider_passes():
    assert failures(conformance.ProviderConformance, GoodProvider) == set()


@pytest.mark.parametrize(
    ("broken", "caught_by"),
    [
        (OneForAll, "test_it_answers_each_request_in_order"),
        (IgnoresN, "test_it_gives_as_many_completions_as_it_says_it_can"),
        (CountsNothing, "test_it_counts_its_tokens"),
        (Quiet, "test_it_keeps_what_it_cannot_honour_in_ignored"),
        (Ill, "test_it_tells_its_health_without_raising"),
        (ClosesOnce, "test_it_can_be_closed_twice_and_unused"),
    ],
)
def test_a_broken_provider_is_caught(broken, caught_by):
    assert caught_by in failures(conformance.ProviderConformance, broken)


class GoodSource:
    suite = Suite(name="good", version="1")

    def tasks(self):
        return iter([TASK, TASK.model_copy(update={"id": "other"})])

    def hidden(self, ids):
        tests = (Example(args=(9,), expected=18),)
        return {i: Hidden(task=i, tests=tests) for i in ids if i in ("double", "other")}


class Twins(GoodSource):
    def tasks(self):
        return iter([TASK, TASK])


class ShowsAll(GoodSource):
    def hidden(self, ids):
        return {i: Hidden(task=i, tests=TASK.examples) for i in ids if i in ("double", "other")}


class Invents(GoodSource):
    def hidden(self, ids):
        return {i: Hidden(task=i, tests=TASK.examples) for i in ids}


class Nameless(GoodSource):
    @property
    def suite(self):
        return "good"


def test_a_good_data_source_passes():
    assert failures(conformance.DataSourceConformance, GoodSource) == set()


@pytest.mark.parametrize(
    ("broken", "caught_by"),
    [
        (Twins, "test_it_yields_tasks_with_distinct_ids"),
        (ShowsAll, "test_no_hidden_test_is_visible"),
        (Invents, "test_hidden_tests_are_of_the_tasks_asked_for"),
        (Nameless, "test_it_says_which_suite_its_tasks_are_of"),
    ],
)
def test_a_broken_data_source_is_caught(broken, caught_by):
    assert caught_by in failures(conformance.DataSourceConformance, broken)


class GoodEngine:
    """One at a time, by orders that a far end in a thread obeys."""

    def __init__(self):
        self.far = FarEnd()

    async def run(self, work, keys, concurrency):
        for key in keys:
            async for result in self.results(work, key):
                yield result

    async def results(self, work, key):
        for told in await self.obeyed(await work.order(key)):
            result = work.hear(told)
            if result is not None:
                yield result

    async def obeyed(self, order):
        """What goes there and back is text."""
        sent = Order.model_validate_json(order.model_dump_json())
        obeyed = await asyncio.to_thread(lambda: [*self.far.obey(sent)])
        return [Told.model_validate_json(told.model_dump_json()) for told in obeyed]

    async def aclose(self):
        await asyncio.to_thread(self.far.close)


class LosesWorkers(GoodEngine):
    """The first of each key after its first word; later on, all that it had to say arrives too.
    What the second says arrives twice."""

    async def results(self, work, key):
        late = await self.obeyed(await work.order(key))
        assert work.hear(late[0]) is None
        order = await work.order(key)
        for told in await self.obeyed(order):
            for each in (told, *late, told):
                result = work.hear(each)
                if result is not None:
                    yield result


class Loses(GoodEngine):
    async def run(self, work, keys, concurrency):
        async for result in super().run(work, islice(keys, 1, None), concurrency):
            yield result


class Repeats(GoodEngine):
    async def results(self, work, key):
        async for result in super().results(work, key):
            yield result
            yield result


class Swallows(GoodEngine):
    async def results(self, work, key):
        with suppress(InputError):
            async for result in super().results(work, key):
                yield result


class Greedy(GoodEngine):
    async def run(self, work, keys, concurrency):
        for order in [await work.order(key) for key in islice(keys, 100)]:
            for told in await self.obeyed(order):
                result = work.hear(told)
                if result is not None:
                    yield result


@pytest.mark.parametrize("good", [GoodEngine, LosesWorkers])
def test_a_good_engine_passes(good):
    assert failures(conformance.EngineConformance, good) == set()


@pytest.mark.parametrize(
    ("broken", "caught_by"),
    [
        (Loses, "test_each_job_is_done_exactly_once"),
        (Repeats, "test_each_job_is_done_exactly_once"),
        (Swallows, "test_an_error_of_the_work_ends_the_batch_as_it_is"),
        (Greedy, "test_it_takes_no_more_jobs_than_it_may_have_under_way"),
    ],
)
def test_a_broken_engine_is_caught(broken, caught_by):
    assert caught_by in failures(conformance.EngineConformance, broken)


def test_a_missing_method_is_caught():
    class Nothing:
        pass

    caught = failures(conformance.ObserverConformance, Nothing)
    assert "test_what_it_makes_has_the_interface_of_its_kind" in caught
