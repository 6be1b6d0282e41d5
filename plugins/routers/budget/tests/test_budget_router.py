import pytest
from lift_sys_budget.plugin import BudgetOptions
from lift_sys_budget.router import BestAffordable
from pydantic import ValidationError

from lift_sys.interfaces import Attempt, Failure, Limits, Spend, Task, Verdict
from lift_sys.testing.conformance import RouterConformance

TASK = Task(id="t", request="Add")
FAILED = Verdict(status="fail", failures=(Failure(category="wrong_output", message="wrong"),))
OPTIONS = {
    "routes": [
        {"route": "strong", "expected": {"usd": 0.015, "seconds": 20}},
        {"route": "middle", "expected": {"tokens": 4000}},
        {"route": "cheap", "expected": {"usd": 0.0056, "tokens": 2000}, "attempts": 2},
    ]
}


class TestBudget(RouterConformance):
    component = "budget"
    options = OPTIONS


def spent(route, **spend):
    return Attempt(route, FAILED, "implement", Spend(**spend))


def chosen(left, history=(), **options):
    router = BestAffordable(BudgetOptions.model_validate({**OPTIONS, **options}), parts=None)
    route = router.next(TASK, history, left)
    return None if route is None else (route.name, route.reason)


@pytest.mark.parametrize(
    ("left", "name", "reason"),
    [
        (Limits(), "strong", "strong is the best, and nothing limits"),
        (Limits(usd=0.015), "strong", "strong, at about $0.015, fits into $0.015"),
        (
            Limits(usd=0.01),
            "middle",
            "strong takes about $0.015; middle, whose cost is not known yet, fits into $0.01",
        ),
        (
            Limits(usd=0.01, tokens=3000),
            "cheap",
            (
                "strong takes about $0.015; middle takes about 4000 tokens; "
                "cheap, at about $0.0056, 2000 tokens, fits into $0.01, 3000 tokens"
            ),
        ),
        (
            Limits(seconds=5, tokens=9000),
            "middle",
            (
                "strong takes about 20 seconds; "
                "middle, at about 4000 tokens, fits into 9000 tokens, 5 seconds"
            ),
        ),
        (
            Limits(usd=0.001, tokens=10),
            "cheap",
            "none fits into $0.001, 10 tokens; cheap is the last resort",
        ),
    ],
)
def test_the_best_that_is_left_is_taken(left, name, reason):
    assert chosen(left) == (name, reason)


def test_after_a_failure_it_looks_at_what_is_left_and_stops_where_nothing_fits():
    failed = spent("strong", usd=0.015)
    assert chosen(Limits(usd=0.01, tokens=2500), [failed]) == (
        "cheap",
        (
            "strong has failed; middle takes about 4000 tokens; "
            "cheap, at about $0.0056, 2000 tokens, fits into $0.01, 2500 tokens"
        ),
    )
    assert chosen(Limits(usd=0.001, tokens=2500), [failed]) is None


def test_what_an_attempt_really_took_counts_where_it_is_more_than_was_stated():
    dear = spent("cheap", usd=0.02, output_tokens=1500)
    tried = [spent("strong"), spent("middle"), dear]
    assert chosen(Limits(usd=0.015), tried) is None
    assert chosen(Limits(usd=0.03), tried)[1].endswith("cheap, at about $0.02, fits into $0.03")


def test_what_nobody_stated_is_learnt_from_the_tasks_own_attempts():
    options = {"routes": [{"route": "only", "attempts": 3}]}
    assert chosen(Limits(usd=0.001), **options)[0] == "only"
    history = [spent("only", usd=0.002), spent("only", usd=0.004)]
    assert chosen(Limits(usd=0.002), history, **options) is None
    assert "only, at about $0.003, fits" in chosen(Limits(usd=0.004), history, **options)[1]


def test_a_reserve_asks_for_more_than_is_expected():
    assert chosen(Limits(usd=0.02), reserve=1.5)[0] == "middle"
    assert chosen(Limits(usd=0.0226), reserve=1.5)[0] == "strong"


def test_attempts_are_counted_by_route():
    tried = [spent("strong"), spent("cheap"), spent("middle")]
    assert chosen(Limits(), tried)[0] == "cheap"
    assert chosen(Limits(), [*tried, spent("cheap")]) is None


def test_a_route_listed_twice_is_a_mistake():
    with pytest.raises(ValidationError, match="listed twice: a; say `attempts: 2` instead"):
        BudgetOptions.model_validate({"routes": [{"route": "a"}, {"route": "a"}]})
