"""`--set path=value`."""

from pathlib import Path
from typing import Any

import pytest

from lift_sys.errors import ConfigError, Mistake
from lift_sys.pipeline.overrides import override
from lift_sys.pipeline.tree import Node, Place, from_data

TREE = {
    "seed": 0,
    "budget": None,
    "stages": {
        "specify": {
            "strategy": {"use": "best-of-n", "n": 3, "inner": {"use": "single"}},
            "scorers": ["schema", {"use": "judge", "weight": 2}],
        },
        "implement": {"strategy": "single"},
    },
    "providers": {"gpt-4.1": {"use": "openai"}},
}


def with_set(*assignments: str) -> Node:
    place = Place("p.yaml", 3, 0, Path("/base"))
    return override(from_data(TREE, place), assignments, Path("/here"))


@pytest.mark.parametrize(
    ("assignment", "path", "value"),
    [
        ("seed=7", "seed", 7),
        ("stages.specify.strategy.n=5", "stages.specify.strategy.n", 5),
        ("stages.specify.strategy.n='5'", "stages.specify.strategy.n", "5"),
        ("stages.implement.strategy.retries=2", "stages.implement.strategy.retries", 2),
        ("stages.implement.strategy.retries=2", "stages.implement.strategy.use", "single"),
        ("stages.specify.scorers.0.weight=3", "stages.specify.scorers.0.weight", 3),
        ("stages.specify.scorers.0.weight=3", "stages.specify.scorers.0.use", "schema"),
        ("stages.specify.scorers.1.weight=3", "stages.specify.scorers.1.weight", 3),
        ("stages.specify.scorers=[schema]", "stages.specify.scorers", ["schema"]),
        ("stages.specify.strategy={use: x}", "stages.specify.strategy", {"use": "x"}),
        ("stages.specify.strategy.use=other", "stages.specify.strategy", {"use": "other"}),
        ("stages.specify.strategy.use=best-of-n", "stages.specify.strategy.n", 3),
        ("stages.specify.strategy.inner.use=x", "stages.specify.strategy.n", 3),
        ("budget.usd=0.5", "budget", {"usd": 0.5}),
        ("router.use=x", "router", {"use": "x"}),
        ("sandbox=", "sandbox", None),
        (r"providers.gpt-4\.1.model=a=b", r"providers.gpt-4\.1.model", "a=b"),
        ("seed=${SEED}", "seed", "${SEED}"),
    ],
)
def test_one_value(assignment: str, path: str, value: Any) -> None:
    found: Any = with_set(assignment).plain()
    for step in path.replace(r"\.", "\0").split("."):
        found = found[int(step) if step.isdecimal() else step.replace("\0", ".")]
    assert found == value


def test_what_is_set_stands_on_the_command_line_and_the_rest_where_it_did() -> None:
    tree = with_set("stages.specify.strategy.n=5", "stages.specify.scorers.0.weight=2")
    place = tree.nearest(("stages", "specify", "strategy", "n")).place
    assert (place.file, place.line) == ("--set stages.specify.strategy.n", None)
    assert place.base == Path("/here")
    assert tree.nearest(("stages", "specify", "scorers", 0, "use")).place.file == "p.yaml"
    assert tree.nearest(("stages", "specify", "strategy")).place.line == 3


def test_later_ones_win() -> None:
    assert with_set("seed=1", "seed=2").plain()["seed"] == 2


def mistakes(*assignments: str) -> tuple[Mistake, ...]:
    with pytest.raises(ConfigError) as caught:
        with_set(*assignments)
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("seed", "path=value"),
        ("=5", "empty part"),
        ("stages..n=5", "empty part"),
        ("seed.deeper=1", "single value"),
        ("stages.specify.scorers.7.weight=1", "has 2 items"),
        ("stages.specify.scorers.first=1", "'first'"),
        ("stages.specify.scorers.-1=x", "'-1'"),
        ("seed=[1", "not YAML"),
        ("seed={a: 1, a: 2}", "twice"),
    ],
)
def test_nonsense_is_told_at_its_assignment(assignment: str, words: str) -> None:
    (mistake,) = mistakes(assignment)
    assert words in mistake.cause
    assert mistake.file == f"--set {assignment.partition('=')[0]}"
    assert mistake.line is None


def test_all_assignments_are_looked_at_and_none_shows_its_value() -> None:
    told = mistakes("seed.a=sk-hidden", "stages.specify.scorers.9=sk-hidden", "x=[sk-hidden")
    assert len(told) == 3
    assert "sk-hidden" not in str(ConfigError(told))
