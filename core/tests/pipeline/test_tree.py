"""Merging: what a layer keeps of the one below it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_sys.pipeline.tree import Place, from_data, merge

PLACE = Place("x", None, 0, Path())
KEYS = st.sampled_from(["a", "b", "c", "use"])
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["x", "y"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
MAPS = st.dictionaries(KEYS, TREES, max_size=4)
TABLES = st.dictionaries(
    st.sampled_from("abc"),
    st.dictionaries(st.sampled_from("xyz"), st.integers() | st.lists(st.integers(), max_size=2)),
)


def merged(*layers: Any) -> Any:
    node = from_data(layers[0], PLACE)
    for layer in layers[1:]:
        node = merge(node, from_data(layer, PLACE))
    return node.plain()


@pytest.mark.parametrize(
    ("below", "above", "result"),
    [
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}}, {"a": {"x": 1, "y": 3}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"x": 1}}, {"a": None}, {"a": None}),
        ({"s": {"use": "b", "n": 5}}, {"s": {"use": "c"}}, {"s": {"use": "c"}}),
        (
            {"s": {"use": "b", "n": 5}},
            {"s": {"use": "b", "m": 1}},
            {"s": {"use": "b", "n": 5, "m": 1}},
        ),
        ({"s": {"use": "b", "n": 5}}, {"s": {"n": 6}}, {"s": {"use": "b", "n": 6}}),
        ({"s": {"use": "b", "n": 5}}, {"s": "c"}, {"s": {"use": "c"}}),
        ({"s": {"use": "b", "n": 5}}, {"s": "b"}, {"s": {"use": "b", "n": 5}}),
        ({"s": "b"}, {"s": {"n": 5}}, {"s": {"use": "b", "n": 5}}),
        ({"s": "b"}, {"s": {"use": "c", "n": 5}}, {"s": {"use": "c", "n": 5}}),
        (
            {"s": {"use": "b", "inner": {"use": "x", "k": 1}}},
            {"s": {"inner": {"use": "y"}}},
            {"s": {"use": "b", "inner": {"use": "y"}}},
        ),
    ],
)
def test_layers(below: Any, above: Any, result: Any) -> None:
    assert merged(below, above) == result


@given(MAPS)
def test_an_empty_layer_changes_nothing(tree: Any) -> None:
    assert merged(tree, {}) == tree
    assert merged({}, tree) == tree


@given(MAPS)
def test_a_layer_over_itself_changes_nothing(tree: Any) -> None:
    assert merged(tree, tree) == tree


@given(MAPS, MAPS)
def test_every_key_above_is_kept(below: Any, above: Any) -> None:
    assert above.keys() <= merged(below, above).keys()


@given(TABLES, TABLES, TABLES)
def test_in_plain_tables_the_grouping_of_layers_is_no_matter(a: Any, b: Any, c: Any) -> None:
    assert merged(merged(a, b), c) == merged(a, merged(b, c))


def test_what_has_no_place_in_a_file() -> None:
    with pytest.raises(TypeError, match="a bytes has no place"):
        from_data({"a": b"x"}, PLACE)
