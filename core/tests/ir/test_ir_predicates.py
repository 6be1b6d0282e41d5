import ast
import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift_sys.ir import PredicateError, parse_predicate

PARAMETERS = ["items", "n"]


def parse(text, parameters=PARAMETERS, function="f", **more):
    return parse_predicate(text, parameters, function, **more)


def holds(text, parameters=PARAMETERS, **values):
    """Run what a sandbox would run; these texts are our own."""
    scope = {}
    exec(parse(text, parameters).compile_source(), scope)
    return scope["holds"](**values)


@pytest.mark.parametrize(
    "text",
    [
        "result == sorted(items)",
        "len(result) <= len(items) and n > 0 or result is None",
        "all(x in items for x in result)",
        "result == [x * 2 for x in items if x % 2 == 0]",
        "{k: v for k, v in zip(items, result)} == {}",
        "sum(1 for a, *b in items) == n",
        "items == old_items",
        "isinstance(result, (int, str)) and not isinstance(result, bool)",
        "type(result) is int",
        "result[-1] == items[0] and items[1:] == result[::2]",
        "sorted(items, key=lambda t: t[1]) == result",
        "max(items, key=len) == result",
        "all(map(str.isdigit, items))",
        "math.isclose(result, math.sqrt(n), rel_tol=1e-9)",
        "Counter(result) == Counter(items)",
        "result == f'{n}-{n:.2f}-{items!r}'",
        "result == 'a' if n > 0 else result == 'b'",
        "' '.join(items).split(sep=None) == result",
        "max(*items, n) == result",
        "result == {**items, **n}",
        "any(x > 0 for items in [[1]] for x in items)",
        "result == 1_000 and 0 < n <= 0x10",
        "result != b'x'",
    ],
)
def test_useful_predicates_are_let_through(text):
    assert parse(parse(text).source).source == parse(text).source


def test_what_it_reads_and_says_is_told():
    predicate = parse("result in ['a', 1, True, 'a'] and old_n == n")
    assert predicate.names == {"result", "old_n", "n"}
    assert [repr(one) for one in predicate.literals] == ["'a'", "1", "True"]
    assert not predicate.is_example
    assert not predicate.about_inputs_only
    assert parse("n > 0").about_inputs_only


def test_the_source_for_a_sandbox_says_what_the_predicate_says():
    assert holds("result == old_n + 1", result=3, old_n=2) is True
    assert holds("math.isclose(result, 0.3)", result=0.1 + 0.2) is True
    assert holds("Counter(items) == Counter(result)", items=[1, 2], result=[2, 1]) is True
    assert holds("items", items=[]) is False
    assert holds("True") is True
    assert holds("bool > 1", ["bool"], bool=2) is True
    assert holds("[x for x in items if x > n] == result", items=[1, 5], n=2, result=[5]) is True
    assert holds("math == result", ["math"], math=1, result=1) is True


def test_an_example_of_a_plain_answer():
    example = parse("safe('abc', n=-1) == {'a': [1, (2.5,)]}", ["s", "n"], "safe").example
    assert (example.args, example.kwargs) == (("abc",), (("n", -1),))
    assert example.expected == {"a": [1, (2.5,)]}
    assert (example.raises, example.condition) == (None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(1) is None", None),
        ("f(1) is True", True),
        ("3 == f(1)", 3),
        ("f(1) == (1, 1)", (1, 1)),
        ("f(1) == set()", set()),
        ("f(1) == 'ab' * 2 + '!'", "abab!"),
        ("f(1) == -2 ** 3 + 10**2", 92),
        ("f(1) == float('inf')", math.inf),
        ("f(1) == {1, 2}", {1, 2}),
        ("f(1) == 1 + 2j", 1 + 2j),
        ("f(1) == list(range(3))", [0, 1, 2]),
    ],
)
def test_answers_are_literals_worked_out_here(text, expected):
    example = parse(text, ["x"]).example
    assert example.expected == expected
    assert type(example.expected) is type(expected)
    assert example.condition is None


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("not f('')", "not result"),
        ("f(1)", "result"),
        ("f(9) > 2", "result > 2"),
        ("f(9) in (1, 2)", "result in (1, 2)"),
        ("isinstance(f(1), int)", "isinstance(result, int)"),
        ("abs(f(2) - 1.414) < 1e-3", "abs(result - 1.414) < 0.001"),
        ("f(1) == sorted([2, 1])", "result == sorted([2, 1])"),
        ("f(1) == 1 == 1", "result == 1 == 1"),
    ],
)
def test_other_examples_are_conditions_on_the_result(text, condition):
    predicate = parse(text, ["x"])
    assert predicate.example.condition == condition
    assert predicate.example.args
    assert "result" in predicate.compile_source()


def test_an_example_that_raises():
    predicate = parse("f('x') raises ValueError", ["x"])
    assert predicate.example.raises == "ValueError"
    assert predicate.source == "f('x') raises ValueError"
    with pytest.raises(PredicateError, match="called, not evaluated"):
        predicate.compile_source()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("f(1) == f(2)", "calls the function once"),
        ("f(f(1)) == 1", "calls the function once|literals"),
        ("f(n) == 1", "stands for itself"),
        ("f(1) == result", "stands for itself"),
        ("f() == 1", "leaves out x"),
        ("f(1, 2) == 1", "2 arguments for 1"),
        ("f(y=1) == 1", "no parameter y"),
        ("f(1, x=1) == 1", "given twice"),
        ("f(len([])) == 1", "literals"),
        ("f([x for x in range(3)]) == 1", "literals"),
        ("all(f(i) for i in range(3))", "not in a loop"),
        ("list(map(f, [1])) == [1]", "may only be called"),
        ("f(1) raises Error", "no exception"),
        ("f(1) raises ValueErorr", "did you mean ValueError"),
        ("f(1) == 2 raises ValueError", "not a Python expression"),
        ("len(f(1)) raises ValueError", "one call"),
        ("f(10**10**10) == 1", "bits"),
        ("f('a' * 10**9) == 1", "items"),
        ("f([[0] * 10000] * 10000) == 1", "items"),
        ("f({[]: 1}) == 1", "cannot be a key"),
        ("f(range(1, 2, 0)) == 1", "range"),
    ],
)
def test_examples_that_are_none_say_why(text, why):
    with pytest.raises(PredicateError, match=why):
        parse(text, ["x"] if "n)" not in text else ["n"])


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("resul > 0", "did you mean `result`"),
        ("itmes == []", "did you mean `items`"),
        ("zzz", "known here: items, n, result, old_items, old_n"),
        ("lenn(items)", "did you mean `len`"),
        ("items.uper()", r"did you mean `.upper\(\)`"),
    ],
)
def test_unknown_names_are_told_with_the_nearest_right_one(text, hint):
    with pytest.raises(PredicateError, match=hint):
        parse(text)


def test_a_condition_knows_no_outcome():
    for text in ("result > 0", "old_n == 1", "f(1) == 2"):
        with pytest.raises(PredicateError):
            parse(text, outcome=False)
    assert parse("n > limit", outcome=False, holes=["limit"]).names == {"n", "limit"}


def test_a_function_may_be_called_like_a_builtin():
    assert parse("abs(-3) == 3", ["x"], "abs").example.args == (-3,)


ESCAPES = [
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "items.__class__",
    "items.__len__()",
    "''.__class__.__mro__",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "open('/etc/passwd').read()",
    "getattr(items, '__class__')",
    "setattr(items, 'a', 1)",
    "globals()",
    "locals()",
    "vars()",
    "dir()",
    "input()",
    "breakpoint()",
    "help()",
    "print(1)",
    "exit()",
    "super()",
    "object()",
    "memoryview(b'')",
    "type('X', (), {})",
    "type('X', (object,), dict(a=1))",
    "type(*['X', (), {}])",
    "(lambda: 1)()",
    "[lambda: 1]",
    "sorted(items, key=lambda *a: 1)",
    "sorted(items, key=lambda x=open: x)",
    "sorted(items, cmp=lambda x: x)",
    "map(lambda x: x, items)",
    "(x := 1)",
    "[y := 1, y]",
    "await items",
    "(yield 1)",
    "(yield from items)",
    "[x async for x in items]",
    "'{0.__class__}'.format(items)",
    "'{x}'.format_map({})",
    "str.format('{0.__class__}', items)",
    "f'{items.__class__}'",
    "f'{items:{n}}'",
    "f'{n:>999999999}'",
    "f'{open(1)}'",
    "items.append(1)",
    "items.clear()",
    "items.sort()",
    "items.pop()",
    "math.__loader__",
    "math.sqrt.__self__",
    "math.os",
    "str.__subclasses__()",
    "int.mro()",
    "Counter.__init__",
    "Counter(items).update(items)",
    "map(type, ['X'], [()], [{}])",
    "[open(x) for open in items]",
    "[x for x.y in items]",
    "[x for items[0] in items]",
    "[len for len in items]",
    "[result for result in items]",
    "[x(1) for x in items]",
    "items(1)",
    "(len if n else open)(items)",
    "[len][0](items)",
    "len(items)(1)",
    "dict(**items)",
    "...",
    "import os",
    "1; 2",
    "a = 1",
    "del items",
    "raise ValueError",
    "assert n",
    "def f(): pass",
    "lambda: 1",
    "items.gi_frame",
    "(x for x in items).gi_code",
    "\uff45\uff56\uff41\uff4c('1')",
    "items.__\uff43lass__",
    "items\n.__class__",
    "*items",
    "n\0",
    "",
    "  ",
    "(" * 500,
    "-" * 1500 + "1",
    "not " * 400 + "n",
    "[" * 60 + "]" * 60,
    "+".join(["n"] * 900),
    "'" + "a" * 2000 + "'",
    "9" * 1999 + "+" * 2,
    "n if",
    "'\\N{nothing}'",
    "hash(items)",
    "id(items)",
    "iter(items)",
    "next(items)",
    "callable(items)",
    "hasattr(items, 'x')",
    "__debug__",
    "__builtins__",
    "NotImplemented",
    "copyright",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_hostile_predicates_are_refused(text):
    with pytest.raises(PredicateError):
        parse(text)


def test_there_are_enough_hostile_predicates():
    assert len(set(ESCAPES)) >= 90


@pytest.mark.parametrize("text", [*ESCAPES, "result == sorted(items)", "f(1, 2) == 3"])
def test_what_is_let_through_has_no_dunder_and_no_unlisted_call(text):
    try:
        source = parse(f"({text}) or n").source
    except PredicateError:
        return
    for node in ast.walk(ast.parse(source, mode="eval")):
        assert not (isinstance(node, ast.Attribute | ast.Name) and "__" in ast.unparse(node))


@given(st.text(max_size=80))
def test_no_text_makes_another_error(text):
    with contextlib.suppress(PredicateError):
        parse(text)


tokens = st.sampled_from(
    [
        "items",
        "n",
        "result",
        "old_n",
        "f",
        "len",
        "sorted",
        "str",
        "math",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ":",
        "==",
        "<",
        "+",
        "-",
        "*",
        "**",
        "not",
        "in",
        "is",
        "if",
        "else",
        "for",
        "lambda",
        "and",
        "or",
        "1",
        "'a'",
        "raises",
        "ValueError",
        "join",
        "__class__",
        "f'{n}'",
        ":=",
        "await",
    ]
)


@given(st.lists(tokens, max_size=14).map(" ".join))
def test_what_is_let_through_reads_the_same_again_and_compiles(text):
    try:
        predicate = parse(text)
    except PredicateError:
        return
    again = parse(predicate.source)
    assert again.source == predicate.source
    assert again.names == predicate.names
    if predicate.example is None or predicate.example.condition is not None:
        compile(predicate.compile_source(), "p", "exec")
