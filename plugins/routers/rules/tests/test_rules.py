import pytest
from lift_sys_rules.plugin import Rule, RulesOptions
from lift_sys_rules.router import Rules
from pydantic import ValidationError

from lift_sys.interfaces import Attempt, Failure, Limits, Spend, Task, Verdict
from lift_sys.testing.conformance import RouterConformance

FAILED = Verdict(status="fail", failures=(Failure(category="wrong_output", message="wrong"),))
OPTIONS = {
    "rules": [
        {"category": ["strings", "lists"], "route": "strong"},
        {"difficulty": "hard", "metadata": {"team": "a"}, "route": "careful", "then": ["strong"]},
        {"metadata": {"team": ["a", "b"]}, "route": "team"},
    ],
    "otherwise": {"route": "cheap", "then": ["strong", "strong"]},
}


class TestRules(RouterConformance):
    component = "rules"
    options = OPTIONS


class TestWithoutRules(RouterConformance):
    component = "rules"


def task(category=None, difficulty=None, **metadata):
    return Task(id="t", request="Add", category=category, difficulty=difficulty, metadata=metadata)


def routes(asked):
    router = Rules(RulesOptions.model_validate(OPTIONS), parts=None)
    history, taken = [], []
    while route := router.next(asked, history, Limits()):
        taken.append((route.name, route.reason))
        history.append(Attempt(route.name, FAILED, "implement", Spend()))
    return taken


@pytest.mark.parametrize(
    ("asked", "name", "reason"),
    [
        (task("lists"), "strong", "rule 1: category is lists"),
        (task("strings", "hard", team="a"), "strong", "rule 1: category is strings"),
        (task("maths", "hard", team="a"), "careful", "rule 2: difficulty is hard, team is a"),
        (task("maths", "easy", team="a"), "team", "rule 3: team is a"),
        (task(None, "hard", team="b"), "team", "rule 3: team is b"),
        (task(None, "hard", team="c"), "cheap", "no rule fits"),
        (task("list"), "cheap", "no rule fits"),
        (task(), "cheap", "no rule fits"),
    ],
)
def test_the_first_rule_that_fits_counts(asked, name, reason):
    assert routes(asked)[0] == (name, reason)


def test_after_a_failure_the_same_rule_goes_on_and_ends():
    assert routes(task(None, "hard", team="a")) == [
        ("careful", "rule 2: difficulty is hard, team is a"),
        ("strong", "careful failed (wrong_output); rule 2: difficulty is hard, team is a"),
    ]
    assert [name for name, _ in routes(task())] == ["cheap", "strong", "strong"]


def test_a_rule_that_fits_everything_is_a_mistake():
    with pytest.raises(ValidationError, match="say `otherwise` instead"):
        Rule.model_validate({"route": "strong"})
