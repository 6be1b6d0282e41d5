"""Examples of a function that nothing else is known of."""

import pytest

from lift_sys.ir import ExampleCall, PredicateError, parse_example


@pytest.mark.parametrize(
    ("text", "name", "call"),
    [
        ("f(3) == 'x'", "f", ExampleCall((3,), (), "x")),
        ("'x' == f(3)", "f", ExampleCall((3,), (), "x")),
        ("f([], b=-1) is None", "f", ExampleCall(([],), (("b", -1),), None)),
        ("f() == set()", "f", ExampleCall((), (), set())),
        ("f('x') raises ValueError", "f", ExampleCall(("x",), (), raises="ValueError")),
        ("f(' raises ') == 1", "f", ExampleCall((" raises ",), (), 1)),
    ],
)
def test_what_says_what_a_call_does_is_an_example(text, name, call):
    assert parse_example(text) == (name, call)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "this is empty"),
        ("f(", "not a Python expression"),
        ("1 == 1", "calls no function"),
        ("s.f(1) == 1", "calls no function"),
        ("max([1]) == 1", "max is a function of Python's"),
        ("f(1)", "does not say what one call returns"),
        ("f(9) > 2", "does not say what one call returns"),
        ("not f('')", "does not say what one call returns"),
        ("f(1) == 2 == 2", "does not say what one call returns"),
        ("f(x) == 1", "a literal is expected here (at column 3)"),
        ("f(1) == x", "a literal is expected here (at column 9)"),
        ("f(1) == g(1)", "a literal is expected here"),
        ("f(1) == __import__('os')", "a literal is expected here"),
        ("f(1) == 10**10**10", "more than 4096 bits"),
        ("f(**{'a': 1}) == 1", "`**` is not allowed"),
        ("f(*[1]) == 1", "a literal is expected here"),
        ("f(1) raises Valueerror", "did you mean ValueError?"),
        ("f(" * 300 + ")" * 300, "not a Python expression"),
    ],
)
def test_what_does_not_is_told(text, cause):
    with pytest.raises(PredicateError) as caught:
        parse_example(text)
    assert cause in str(caught.value)
