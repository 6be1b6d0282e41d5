"""What the solver is told of an expression is what Python does with it, value for value."""

import math
import warnings
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from lift_sys_z3.solver import z3
from lift_sys_z3.terms import Unsupported, real, text, variable
from lift_sys_z3.translate import translate

settings.register_profile("untimed", deadline=None, max_examples=200)
settings.load_profile("untimed")

SORTS = {"a": "int", "b": "int", "p": "bool", "q": "bool", "s": "str", "t": "str"}
FLOATS = {"x": "float", "y": "float"}

TEXTS = st.text("ab@.\\u{41}é\n", max_size=4)
EIGHTHS = st.integers(-24, 24).map(lambda n: n / 8)
"""Floats with which nothing is rounded, so that the solver's real numbers are the same."""

ints = st.deferred(
    lambda: st.one_of(
        st.sampled_from("abpq"),
        st.integers(-4, 4).map(str),
        st.builds("({} {} {})".format, ints, st.sampled_from(["+", "-", "*", "//", "%"]), ints),
        st.builds("({} ** {})".format, ints, st.integers(0, 3)),
        st.builds("(-{})".format, ints),
        st.builds("abs({} + 0)".format, ints),
        st.builds("{}({} + 0, {} + 0)".format, st.sampled_from(["min", "max"]), ints, ints),
        st.builds("len({})".format, texts),
        st.builds("{}.find({})".format, texts, texts),
        st.builds("({} if {} else {})".format, ints, tests, ints),
    )
)
floats = st.deferred(
    lambda: st.one_of(
        st.sampled_from("xy"),
        EIGHTHS.map(repr),
        st.builds("({} {} {})".format, floats, st.sampled_from(["+", "-", "*"]), floats),
        st.builds("({} {} {})".format, floats, st.sampled_from(["+", "-", "*"]), ints),
        st.builds("(-{})".format, floats),
        st.builds("abs({})".format, floats),
        st.builds("({} if {} else {})".format, floats, tests, floats),
    )
)
texts = st.deferred(
    lambda: st.one_of(
        st.sampled_from("st"),
        TEXTS.map(repr),
        st.builds("({} + {})".format, texts, texts),
        st.builds("{}[{}]".format, texts, st.integers(-3, 3)),
        st.builds("({} if {} else {})".format, texts, tests, texts),
    )
)
ORDERS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
anything = st.one_of(ints, texts, st.just("None"))
tests = st.deferred(
    lambda: st.one_of(
        st.sampled_from("pq"),
        st.builds("({} {} {})".format, ints, ORDERS, ints),
        st.builds("({} {} {} {} {})".format, ints, ORDERS, ints, ORDERS, ints),
        st.builds("({} {} {})".format, texts, ORDERS, texts),
        st.builds("({} {} {})".format, anything, st.sampled_from(["==", "!=", "<"]), anything),
        st.builds("({} is {})".format, anything, st.just("None")),
        st.builds("(p is {})".format, st.sampled_from(["True", "False", "q"])),
        st.builds("({} in {})".format, texts, texts),
        st.builds("({} not in {})".format, texts, texts),
        st.builds("({} in ({}, {}))".format, anything, anything, anything),
        st.builds("({} not in [{}])".format, anything, anything),
        st.builds("{}.startswith({})".format, texts, texts),
        st.builds("{}.endswith({})".format, texts, texts),
        st.builds("({} {} {})".format, tests, st.sampled_from(["and", "or"]), tests),
        st.builds("(not {})".format, anything),
        st.builds("bool({})".format, anything),
    )
)
predicates = st.one_of(
    tests, st.builds("({} {} {})".format, anything, st.sampled_from(["and", "or"]), anything)
)
float_tests = st.builds(
    "({} {} {} {} {})".format, floats, ORDERS, st.one_of(floats, ints), ORDERS, floats
)


def in_python(source: str, values: dict[str, object]) -> bool | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return bool(eval(source, {"__builtins__": __builtins__}, dict(values)))
    except (ZeroDivisionError, IndexError, TypeError):
        return None


def in_solver(source: str, values: dict[str, object], sorts: dict[str, str]) -> bool | None:
    names = {name: variable(name, sort) for name, sort in sorts.items()}
    term = translate(source, names)
    solver = z3.Solver()
    for name, value in values.items():
        solver.add(names[name].value == solver_value(value))
        if isinstance(value, float):
            solver.add(names[name].nan == math.isnan(value))
    assert solver.check() == z3.sat
    model = solver.model()
    if not z3.is_true(model.eval(term.defined, model_completion=True)):
        return None
    return z3.is_true(model.eval(term.value, model_completion=True))


def solver_value(value: object) -> object:
    match value:
        case bool():
            return z3.BoolVal(value)
        case int():
            return z3.IntVal(value)
        case float():
            return real(Fraction(0 if math.isnan(value) else value))
        case _:
            return text(str(value))


VALUES = st.fixed_dictionaries(
    {
        **dict.fromkeys("ab", st.integers(-5, 5)),
        **dict.fromkeys("pq", st.booleans()),
        **dict.fromkeys("st", TEXTS),
    }
)


@given(predicates, VALUES)
def test_ints_truth_values_and_texts(source: str, values: dict[str, object]):
    try:
        told = in_solver(source, values, SORTS)
    except Unsupported:
        return
    assert told is in_python(source, values), source


@given(
    float_tests,
    VALUES,
    st.fixed_dictionaries(dict.fromkeys("xy", st.one_of(EIGHTHS, st.just(math.nan)))),
)
def test_floats_nan_among_them(source: str, values: dict[str, object], more: dict[str, object]):
    values = values | more
    try:
        told = in_solver(source, values, SORTS | FLOATS)
    except Unsupported:
        return
    assert told is in_python(source, values), source


def test_most_of_the_fragment_is_translated():
    names = {name: variable(name, sort) for name, sort in (SORTS | FLOATS).items()}
    for source in (
        "a // b > 1",
        "a % 3 == 0 and s.startswith('x')",
        "0 <= a < len(s) <= 10",
        "x > 0.5 or y != x",
        "s[0] == '@' and s[-1] != t",
        "min(a, b) <= abs(a) ** 2",
        "a in (1, 2, 3) if p else s in 'abc'",
        "isinstance(a, int) and not isinstance(s, list)",
    ):
        translate(source, names)


def test_what_is_not_the_same_in_the_solver_is_refused():
    names = {name: variable(name, sort) for name, sort in (SORTS | FLOATS).items()}
    for source in (
        "isinstance(a, bool)",
        "isinstance(x, float)",
        "x in (1.0, 2.0)",
        "(a or s) == 1",
        "x // y > 1",
        "a / b > 1 and round(x) == 1",
        "s.upper() == t",
        "s[a] == 'x'",
        "s[True] == 'x'",
        "s < t",
        "a ** b > 0",
        "a is b",
        "[a] == [b]",
        "x > 1e999",
        "'\U000e0041' == s",
    ):
        try:
            translate(source, names)
        except Unsupported:
            continue
        raise AssertionError(source)
