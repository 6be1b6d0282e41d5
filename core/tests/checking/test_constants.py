import pytest

from lift_sys.checking.constants import constants_of_code, constants_of_ir, same_constant
from lift_sys.ir import IR, Assertion, Effect, Intent, Parameter, Signature


def test_an_ir_is_read_where_it_can_be_held_against_code():
    ir = IR(
        intent=Intent(summary="Says 'in prose'"),
        signature=Signature(
            name="f", parameters=(Parameter(name="x", type="str"),), returns="object"
        ),
        effects=(
            Effect(
                description="Returns 'described'",
                when="len(x) < 8",
                return_values=("short", None),
                implementation_hint="return 'hinted'",
            ),
        ),
        assertions=(
            Assertion(predicate="result in ('short', -1)", rationale="not 'rationale'"),
            Assertion(predicate="f('asked') == ['answered', {'k': 2}]"),
            Assertion(predicate="'inner' in f('outer')"),
            Assertion(predicate="x != 'about inputs'"),
            Assertion(predicate="import os"),
        ),
    )
    found = constants_of_ir(ir)
    assert set(found.outcomes) == {"short", None, -1, "answered", "k", 2, "inner"}
    assert {8, "asked", "outer", "about inputs"} <= set(found.every)


CODE = '''
"""module"""
LIMIT = -5
def f(x="default", *, y=0.5):
    """docstring"""
    # comment
    'nobody uses it'
    match x:
        case "matched":
            return f"part {x!r:>10} and"
    return {"key": b"bytes"} if x else None
'''


def test_code_is_read_but_for_what_does_nothing():
    expected = {-5, "default", 0.5, "matched", "part ", ">10", " and", "key", b"bytes", None}
    assert set(constants_of_code(CODE).every) == expected
    assert constants_of_code("def f(:").every == ()


def test_long_sums_are_read_too():
    total = " + ".join(map(str, range(2000)))
    assert constants_of_code(f"def f():\n    return {total}\n").every == (*range(2000),)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a", "a", True),
        ("a", "A", False),
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (True, True, True),
        (None, None, True),
        (None, 0, False),
        ("1", 1, False),
        ("a", b"a", False),
    ],
)
def test_constants_are_the_same_by_value_and_kind(one, other, same):
    assert same_constant(one, other) is same
