"""Reading YAML: what it means, where it stands, and what is refused."""

import contextlib
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_sys.errors import ConfigError, Mistake
from lift_sys.pipeline import source
from lift_sys.pipeline.source import parse
from lift_sys.pipeline.tree import Node


def tree(text: str) -> Node:
    return parse(text, "p.yaml", Path("/base"))


def mistakes(text: str) -> tuple[Mistake, ...]:
    with pytest.raises(ConfigError) as caught:
        tree(text)
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("true", True),
        ("FALSE", False),
        ("1e-4", 1e-4),
        ("+1.5E3", 1500.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("-3", -3),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2001-01-01", "2001-01-01"),
        ("~", None),
        ("", None),
        ("null", None),
        ("nul", "nul"),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("'5'", "5"),
        ('"true"', "true"),
        ("!!str 5", "5"),
        ("! 5", "5"),
        ("!!float 5", 5.0),
        ("!!int 5", 5),
        ("9" * 5000, "9" * 5000),
        ("=", "="),
    ],
)
def test_a_scalar_means_what_yaml_1_2_says(text: str, value: object) -> None:
    found = tree(f"key: {text}").plain()["key"]
    assert found == value
    assert type(found) is type(value)


def test_nan_is_a_number() -> None:
    assert math.isnan(tree("x: .nan").plain()["x"])


def test_a_key_is_the_text_that_is_written() -> None:
    assert tree("on: 1\n1: 2\nnull: 3\ntrue: 4").plain() == {"on": 1, "1": 2, "null": 3, "true": 4}


def test_a_yaml_1_1_directive_changes_nothing() -> None:
    assert tree("%YAML 1.1\n---\nkey: yes\n").plain() == {"key": "yes"}


def test_nodes_know_the_line_of_their_key_or_item() -> None:
    found = tree("a: 1\nb:\n  c:\n    d: 2\n  e:\n    - x\n    - y\n")
    assert found.nearest(("b", "c")).place.line == 3
    assert found.nearest(("b", "c", "d")).place.line == 4
    assert found.nearest(("b", "e", 1)).place.line == 7


def test_all_duplicate_keys_are_told_with_both_lines() -> None:
    first, second = mistakes("a: 1\nb: {c: 1, c: 2}\na: 3\n")
    assert (first.line, "'c'" in first.cause, "line 2" in first.remedy) == (2, True, True)
    assert (second.line, "'a'" in second.cause, "line 1" in second.remedy) == (3, True, True)


def test_an_alias_is_its_anchor_at_the_place_of_the_key() -> None:
    found = tree("a: &x {n: 1}\nb: *x\n")
    assert found.plain() == {"a": {"n": 1}, "b": {"n": 1}}
    assert found.nearest(("b",)).place.line == 2


def test_a_bomb_of_aliases_is_refused_without_being_built() -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    (mistake,) = mistakes("\n".join(["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", *levels]))
    assert "aliases" in mistake.cause
    assert mistake.line is not None


def test_an_alias_to_what_it_stands_in_is_refused() -> None:
    (mistake,) = mistakes("a: &a [1, *a]")
    assert "*a" in mistake.cause


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(opening: str) -> None:
    (mistake,) = mistakes(opening * 5000)
    assert str(source.MAX_DEPTH) in mistake.cause


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object:os.system x",
        "a: !mine 1",
        "a: !!binary aGk=",
        "a: !!int x",
        "a: !!set {x}",
        "a: !!timestamp 2001-01-01",
    ],
)
def test_tags_are_refused(text: str) -> None:
    (mistake,) = mistakes(text)
    assert mistake.line == 1
    assert "tag" in mistake.cause


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("a: [1", "not YAML", 1),
        ("ok: 1\na: b: c", "not YAML", 2),
        ("a: 1\n\tb: 2", "not YAML", 2),
        ("a: *nowhere", "*nowhere", 1),
        ("a: 1\n---\nb: 2", "second document", 2),
        ("a: \0", "control characters", 1),
        ("a: 1\nb: \x1b[31m", "control characters", 2),
        ('a: "\\ud800"', "surrogate", 1),
        ("? [a]\n: 1", "key", 1),
        ("b: {x: 1}\n<<: {a: 1}", "`<<`", 2),
    ],
)
def test_what_is_not_yaml_is_told_in_a_sentence_with_its_line(
    text: str, words: str, line: int
) -> None:
    mistake = mistakes(text)[0]
    assert words in mistake.cause
    assert mistake.line == line
    assert "\n" not in str(mistake)


@given(st.text(max_size=200))
def test_any_text_is_a_tree_or_a_mistake(text: str) -> None:
    with contextlib.suppress(ConfigError):
        assert isinstance(tree(text), Node)
        return
    told = mistakes(text)
    assert told
    assert all("\n" not in mistake.cause for mistake in told)
