import math
from pathlib import Path

import pytest
from lift_sys_cascade.plugin import CascadeOptions
from lift_sys_cascade.router import Cascade

from lift_sys.interfaces import Attempt, Failure, Feedback, Limits, Price, Spend, Task, Verdict
from lift_sys.pipeline.load import load
from lift_sys.plugins import PluginManager
from lift_sys.testing.conformance import RouterConformance
from lift_sys.testing.runs import make_context, make_route, make_session
from lift_sys.testing.samples import TASK, WRONG_TEXT, scripted_model
from lift_sys.testing.simulated import (
    SimulatedModel,
    SimulatedProblem,
    SimulatedProvider,
    Skill,
    simulated_tasks,
)

FAILED = Verdict(status="fail", failures=(Failure(category="wrong_output", message="wrong"),))
CHEAP = {"route": "cheap", "usd": 0.0056, "passes": 0.778, "by_category": {"strings": 0.333}}
STRONG = {"route": "strong", "usd": 0.015}
TWO = {"tiers": [CHEAP, STRONG]}


class TestCascade(RouterConformance):
    component = "cascade"
    options = TWO


class TestCascadeWithSeveralAttempts(RouterConformance):
    component = "cascade"
    options = {"tiers": [{**CHEAP, "attempts": 3}, STRONG], "start": "specify"}


def router(**options):
    return Cascade(CascadeOptions.model_validate({**TWO, **options}), parts=None)


def task(category=None):
    return Task(id="t", request="Add", category=category)


def taken(router, category=None, left=None):
    history, routes = [], []
    while route := router.next(task(category), history, left or Limits()):
        routes.append(route)
        history.append(Attempt(route.name, FAILED, "implement", Spend()))
    return routes


def test_it_starts_cheap_where_the_chance_beats_the_price_ratio_and_escalates():
    first, second = taken(router(), "maths")
    assert (first.name, first.reason) == (
        "cheap",
        "P(pass | maths) 0.78 is above the price ratio 0.37",
    )
    assert (second.name, second.reason) == (
        "strong",
        "cheap failed (wrong_output); escalated at about $0.015",
    )
    assert second.start is None


def test_it_starts_strong_where_the_chance_does_not():
    (only,) = taken(router(), "strings")
    assert only.name == "strong"
    assert only.reason == (
        "the strongest tier; cheap is skipped: P(pass | strings) 0.33 is not above 0.37"
    )


@pytest.mark.parametrize(("passes", "name"), [(0.37, "strong"), (0.374, "cheap")])
def test_the_border_is_the_price_ratio(passes, name):
    tiers = [{"route": "cheap", "usd": 0.0056, "passes": passes}, STRONG]
    assert taken(router(tiers=tiers))[0].name == name


def test_each_tier_is_held_against_what_solving_costs_above_it():
    """$3 buys the middle tier 0.5 of $10; $4 for the low one is then 0.5 of $8: not worth it at
    0.45, worth it at 0.55, though both would beat its ratio to the strongest tier."""
    above = [{"route": "middle", "usd": 3, "passes": 0.5}, {"route": "strong", "usd": 10}]
    for passes, names in (
        (0.45, ["middle", "strong"]),
        (0.55, ["low", "middle", "strong"]),
    ):
        tiers = [{"route": "low", "usd": 4, "passes": passes}, *above]
        assert [route.name for route in taken(router(tiers=tiers))] == names


def test_attempts_on_a_tier_come_before_the_next_one():
    routes = taken(router(tiers=[{**CHEAP, "attempts": 2}, STRONG], start="specify"))
    assert [(route.name, route.start) for route in routes] == [
        ("cheap", None),
        ("cheap", None),
        ("strong", "specify"),
    ]
    assert routes[1].reason == "cheap failed (wrong_output); 2 of 2 here"


def test_it_stops_where_the_next_tier_is_not_paid_for_and_always_begins():
    assert [route.name for route in taken(router(), left=Limits(usd=0.01))] == ["cheap"]
    assert [route.name for route in taken(router(), "strings", Limits(usd=0.01))] == ["strong"]


N = 2000
PASSES = {"cheap": 0.778, "strong": 0.64}
DOLLARS = {"cheap": 0.0056, "strong": 0.015}


def simulated(route, tasks):
    """A model that is right as often, and costs as much, as the route's."""
    per_million = DOLLARS[route] / 100 * 1e6
    model = SimulatedModel(
        name=route,
        skill=Skill(success=PASSES[route]),
        price=Price(input=0, output=per_million),
        output_tokens=100,
    )
    return SimulatedProvider(model, tasks)


async def solved(false_accept=0.0):
    """Of N tasks: the share solved, the share said to be, and the dollars a task."""
    tasks, cascade = simulated_tasks(N), router()
    providers = {route: simulated(route, tasks) for route in PASSES}
    right = said = dollars = 0.0
    for each in tasks:
        problem, history, passed = SimulatedProblem(each, false_accept), [], False
        while not passed and (route := cascade.next(each, history, Limits())):
            ctx = make_context(providers[route.name])
            (candidate,) = await problem.draw(ctx, 1)
            verdict = await problem.check(candidate.value)
            spent = ctx.budget.spent
            history.append(Attempt(route.name, verdict, "implement", spent))
            passed, dollars = verdict.passed, dollars + spent.usd
            problem = problem.with_feedback(Feedback(candidate, verdict.failures))
        right, said = right + (passed and candidate.value.right), said + passed
    return right / N, said / N, dollars / N


def within(share, expected):
    """Inside the 99.9 % interval of a mean of N."""
    return abs(share - expected) < 3.3 * math.sqrt(expected * (1 - expected) / N)


def escalated(dollars):
    """The share of tasks that the strong model was asked for."""
    return (dollars - DOLLARS["cheap"]) / DOLLARS["strong"]


async def test_with_a_perfect_verifier_it_lands_on_its_aim():
    right, said, dollars = await solved()
    assert right == said
    assert within(right, 0.92)
    assert within(escalated(dollars), 0.222)
    assert within(escalated(dollars), escalated(0.0089))


async def test_false_accepts_are_a_loss_that_it_cannot_see():
    right, said, dollars = await solved(false_accept=0.25)
    failed = 0.222 * 0.75
    assert within(right, 0.778 + failed * 0.64)
    assert within(said, 1 - failed * 0.36 * 0.75)
    assert within(escalated(dollars), failed)
    assert right < 0.90 < 0.94 < said, "it reports more than its aim and misses it"


async def test_the_stronger_model_is_told_what_failed():
    weak, strong = scripted_model(lambda place, request: WRONG_TEXT), scripted_model()
    events = []
    session = make_session(
        {"weak": weak, "strong": strong},
        routes={"default": make_route(provider="weak"), "strong": make_route(provider="strong")},
        router=router(tiers=[{**CHEAP, "route": "default"}, STRONG]),
        events=events,
    )
    result = await session.solve(TASK)
    assert result.status == "pass"
    assert [attempt.route for attempt in result.attempts] == ["default", "strong"]
    assert "double(2)" in strong.requests[0].messages[-1].content, "the failing call is shown"
    reasons = [event.reason for event in events if event.kind == "route_taken"]
    assert reasons[1] == "default failed (wrong_output); escalated at about $0.015"


def test_the_example_starts_strings_strong_and_the_rest_small():
    file = Path(__file__).parents[4] / "examples" / "cascade" / "pipeline.yaml"
    resolved = load(file, registry=PluginManager.installed(), environ={"OPENAI_API_KEY": "k"})
    options = resolved.of(resolved.settings.router).options
    cascade = Cascade(options, parts=None)
    starts = {
        category: cascade.next(task(category), (), Limits()).name
        for category in options.tiers[0].by_category
    }
    assert starts.pop("string_manipulation") == "strong"
    assert set(starts.values()) == {"default"}
