"""An assert becomes a hidden example only where both say exactly the same."""

import ast

import pytest
from lift_sys_datasets.asserts import exact_examples, literal_call

from lift_sys.interfaces import Example


def examples(text):
    return exact_examples(ast.parse(text).body, "f")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("assert f(1) == 'a'", "a"),
        ("assert f(1) == None", None),
        ("assert f(1) is True, 'why'", True),
        ("assert f(1) is None", None),
        ("assert f(1) == ['a', ('b', None), {'k': 'v'}]", ["a", ("b", None), {"k": "v"}]),
        ("'''docs'''\nassert True\nassert f(1) == []\npass", []),
    ],
)
def test_exact(text, expected):
    assert examples(text) == [Example(args=(1,), expected=expected)]


@pytest.mark.parametrize(
    "text",
    [
        "assert f(1) == True",  # 1 is equal to it
        "assert f(1) == 1",  # so are 1.0 and True
        "assert f(1) == 1.0",
        "assert f(1) == [1]",
        "assert f(1) == {'a'}",  # a frozenset is equal to it
        "assert f(1) == b'a'",  # a bytearray is
        "assert f(1) is 1",
        "assert f(1)",
        "assert not f(1)",
        "assert f(1) != 'a'",
        "assert f(1) == 'a' == 'a'",
        "assert f(x) == 'a'",
        "assert f(1) == g(1)",
        "assert g(1) == 'a'",
        "assert f(*[1]) == 'a'",
        "assert f(**{'a': 1}) == 'a'",
        "assert f(1) == 'a'\nx = f(2)",
        "for i in 'ab':\n    assert f(i) == i",
        "assert True",
    ],
)
def test_not_exact(text):
    assert examples(text) is None


def test_a_call_with_its_answer():
    node = ast.parse("assert f(-1, [2.5], b={'x': None}) == {1}").body[0]
    wanted = Example(args=(-1, [2.5]), kwargs={"b": {"x": None}}, expected={1})
    assert literal_call(node, "f") == wanted
