"""Planted mistakes, at least three for each finding, and near misses that are none."""

from lift_sys.ir import IR

from .interpreter_specs import effect, loop, must_return, position, spec

TYPES = "name_of(value: Any) -> str"
INT = effect("int", "int", when="isinstance(value, int)")
STR = effect("str", "str", when="isinstance(value, str)")
BOOL = effect("bool", "bool", when="isinstance(value, bool)")
OTHER = effect("other", "other")

HOLE = {"id": "limit", "kind": "value", "type": "int", "description": "how many"}

WRONG: dict[str, list[IR]] = {
    "ambiguous-name": [
        spec("size(size: int) -> int", "result == 1"),
        spec("f(x: int) -> int", holes=[HOLE | {"id": "x"}]),
        spec("f(x: int) -> int", holes=[HOLE | {"id": "result"}]),
    ],
    "unreadable-predicate": [
        spec("f(x: int) -> int", "the result is positive"),
        spec("f(x: int) -> int", "result == eval('x')"),
        spec("f(x: int) -> int", effects=[effect("big", when="x is large")]),
    ],
    "unfilled-hole": [
        spec("f(x: int) -> int", "result <= limit", holes=[HOLE]),
        spec("f(x: int) -> int", holes=[HOLE | {"kind": "effect"}]),
        spec("f(x: int) -> int", effects=[effect("up to ?limit", holes=[HOLE])]),
    ],
    "contradictory-returns": [
        spec(
            "f(x: int) -> str",
            effects=[effect("a", "a", when="x > 0"), effect("b", "b", when="x > 0")],
        ),
        spec(
            "f(x: int) -> str",
            effects=[effect("a", "a", when="x > 0"), effect("b", "b", when="0 < x")],
        ),
        spec(
            "f(x: int) -> int",
            effects=[
                effect("a", 1, when="x == 0"),
                effect("b", when="x == 0", raises="ValueError"),
            ],
        ),
    ],
    "duplicate-branch": [
        spec(
            "f(x: int) -> str",
            effects=[effect("a", "a", when="x > 0"), effect("b", "a", when="x > 0")],
        ),
        spec(
            "f(x: int) -> int", effects=[effect("a", 1, when="not x"), effect("b", 1, when="not x")]
        ),
        spec(
            "f(x: int) -> int", effects=[effect("a", 1, when="x==3"), effect("b", 1, when="3 == x")]
        ),
    ],
    "duplicate-return-value": [
        spec("f(x: int) -> str", effects=[effect("a", "a", "a")]),
        spec("f(x: int) -> int", effects=[effect("a", 1, 2, 1, when="x > 0")]),
        spec("f(x: int) -> bool", effects=[effect("a", True, True)]),
    ],
    "answers-without-condition": [
        spec("f(x: int) -> bool", effects=[effect("yes", True), effect("no", False)]),
        spec("f(x: int) -> str", effects=[effect("a", "a"), effect("b", "b"), effect("c", "c")]),
        spec("f(x: int) -> int", effects=[effect("a", 1), effect("b", raises="ValueError")]),
    ],
    "ladder-gap": [
        spec(
            "grade(score: int) -> str",
            effects=[effect("A", "A", when="score >= 90"), effect("B", "B", when="score >= 80")],
        ),
        spec(
            "sign(x: float) -> int",
            "result in (-1, 0, 1)",
            effects=[effect("neg", -1, when="x < 0"), effect("pos", 1, when="x > 0")],
        ),
        spec(TYPES, effects=[INT, STR]),
        spec("f(x: int) -> int", effects=[effect("nought", 0, when="x == 0")]),
        spec(
            "f(x: int) -> int", "isinstance(result, int)", effects=[effect("0", 0, when="x == 0")]
        ),
        spec(
            "kind(text: str) -> str",
            effects=[
                effect("empty", "empty", when="text == ''"),
                effect("digits", "digits", when="text.isdigit()"),
            ],
        ),
    ],
    "branch-overlap": [
        spec(
            "f(x: int) -> str",
            effects=[effect("a", "a", when="x > 0"), effect("b", "b", when="x < 9")],
        ),
        spec(
            "f(x: int, y: bool) -> int",
            effects=[effect("a", 1, when="x > 0"), effect("b", 2, when="y"), effect("c", 3)],
        ),
        spec(
            "f(s: str) -> str",
            effects=[effect("a", "a", when="len(s) < 2"), effect("b", "b", when="s.isupper()")],
        ),
    ],
    "unreachable-branch": [
        spec(
            "grade(score: int) -> str",
            effects=[
                effect("D", "D", when="score >= 60"),
                effect("A", "A", when="score >= 90"),
                effect("F", "F"),
            ],
        ),
        spec(
            "fizzbuzz(n: int) -> str",
            effects=[
                effect("Fizz", "Fizz", when="n % 3 == 0"),
                effect("Both", "FizzBuzz", when="n % 15 == 0"),
                effect("n"),
            ],
        ),
        spec(
            "f(s: str) -> str",
            effects=[
                effect("a", "a", when="len(s) > 1"),
                effect("b", "b", when="len(s) > 1 and s.isalpha()"),
                effect("c", "c"),
            ],
        ),
    ],
    "branch-never-taken": [
        spec("f(x: int) -> int", effects=[effect("a", 1, when="x != x"), effect("b", 2)]),
        spec("f(s: str) -> int", effects=[effect("a", 1, when="len(s) < 0"), effect("b", 2)]),
        spec("f(x: int) -> int", effects=[effect("a", 1, when="5 < x < 6"), effect("b", 2)]),
    ],
    "condition-raises": [
        spec("f(x: list[int]) -> int", effects=[effect("a", 1, when="x[0] == 1"), effect("b", 2)]),
        spec("f(x: Any) -> int", effects=[effect("a", 1, when="x > 0"), effect("b", 2)]),
        spec(
            "f(a: int, b: int) -> int", effects=[effect("a", 1, when="a % b == 0"), effect("b", 2)]
        ),
    ],
    "bool-after-int": [
        spec(TYPES, effects=[INT, BOOL, OTHER]),
        spec(
            TYPES,
            effects=[STR, effect("n", "n", when="isinstance(value, (int, float))"), BOOL, OTHER],
        ),
        spec(
            "check(value: object) -> int",
            effects=[
                effect("int", 1, when="isinstance(value, int)"),
                effect("no bool", when="isinstance(value, bool)", raises="TypeError"),
                effect("other", 0),
            ],
        ),
    ],
    "bool-taken-for-int": [
        spec(TYPES, "name_of(True) == 'other'", effects=[INT, STR, OTHER]),
        spec(TYPES, "name_of(False) == 'bool'", effects=[STR, INT, OTHER]),
        spec(
            "half(value: Any) -> int",
            "half(True) raises TypeError",
            effects=[effect("int", 1, when="isinstance(value, int)"), effect("else", 0)],
        ),
    ],
    "bool-unmentioned": [
        spec(TYPES, effects=[INT, OTHER]),
        spec(TYPES, "name_of(3) == 'int'", effects=[STR, INT, OTHER]),
        spec(
            "f(x: object) -> int",
            effects=[effect("n", 1, when="isinstance(x, (int, float))"), effect("e", 0)],
        ),
    ],
    "missing-return": [
        spec("f(x: int) -> int", effects=[effect("double", hint="print(2 * x)")]),
        spec(
            "f(x: int) -> str",
            effects=[effect("nothing", when="x < 0", hint="pass"), effect("e", "e")],
        ),
        spec("f(x: int) -> list[int]", effects=[effect("a", hint="y = [x]\nprint(y)")]),
    ],
    "return-type-mismatch": [
        spec("f(x: int) -> int", effects=[effect("a", "none", when="x < 0"), effect("b", 1)]),
        spec("f(x: int) -> str", effects=[effect("a", None, when="x < 0"), effect("b", "b")]),
        spec("f(x: int) -> bool", "f(1) == 1"),
        spec("f(x: int) -> tuple[int, int]", "f(1) == (1, 'a')"),
    ],
    "must-return-broken": [
        spec(
            "f(x: int) -> str",
            effects=[effect("a", None, when="x < 0"), effect("b", "b")],
            constraints=[must_return()],
        ),
        spec(
            "f(x: int) -> str",
            effects=[effect("a", "a", when="x < 0"), effect("b", "b", when="x > 0")],
            constraints=[must_return()],
        ),
        spec("f(x: int) -> None", constraints=[must_return("the sum is returned")]),
    ],
    "contradictory-examples": [
        spec("f(x: int) -> int", "f(1) == 1", "f(1) == 2"),
        spec("f(x: int) -> int", "f(1) == 1", "f(x=1) raises ValueError"),
        spec("f(x: int) -> int", "f(1) raises KeyError", "f(1) raises ValueError"),
        spec("f(x: int) -> int", "f(1) == 1", "f(1) > 4"),
    ],
    "example-denies-branch": [
        spec(
            "f(x: int) -> str",
            "f(5) == 'neg'",
            effects=[effect("p", "pos", when="x > 0"), effect("n", "neg")],
        ),
        spec(
            "f(x: int) -> str",
            "f(0) raises ValueError",
            effects=[effect("p", "p", when="x > 0"), effect("n", "n")],
        ),
        spec(
            "f(x: int) -> int",
            "f(0) == 7",
            effects=[effect("r", when="x == 0", raises="ValueError")],
        ),
        spec(
            "grade(s: int) -> str",
            "grade(90) == 'A'",
            effects=[effect("A", "A", when="s > 90"), effect("B", "B")],
        ),
    ],
    "example-denies-assertion": [
        spec("double(x: int) -> int", "result == 2 * x", "double(2) == 5"),
        spec("f(x: list[int]) -> list[int]", "len(result) == len(x)", "f([1, 1]) == [1]"),
        spec("f(s: str) -> str", "result.isupper()", "f('a') == 'a'"),
    ],
    "branch-denies-assertion": [
        spec(
            "f(x: int) -> str",
            "result in ('a', 'b')",
            effects=[effect("c", "c", when="x > 0"), effect("a", "a")],
        ),
        spec(
            "find(items: list[int], value: int) -> int",
            "items[result] == value",
            "not items or result >= 0",
            effects=[effect("found", when="value in items"), effect("not", -1)],
        ),
        spec(
            "f(x: int) -> int",
            "result > x",
            effects=[effect("zero", 0, when="x == 0"), effect("more")],
        ),
    ],
    "contradictory-assertions": [
        spec("f(x: int) -> str", "result == 'a'", "result == 'b'"),
        spec("f(x: int) -> int", "result == x + 1", "result == x + 2"),
        spec(
            "f(items: list[int]) -> list[int]", "result == items + [1]", "len(result) == len(items)"
        ),
        spec("f() -> int", "result == 1", "result > 1"),
    ],
    "clashing-assertions": [
        spec("f(x: int) -> int", "result == x", "result >= 0"),
        spec("f(s: str) -> str", "result == s.lower()", "len(result) > 0"),
        spec("f(a: int, b: int) -> int", "result == a if a > b else result == b", "result > b"),
    ],
    "tautological-assertion": [
        spec("f(x: int) -> int", "result == result", "f(1) == 2"),
        spec("f(x: int) -> int", "result is None or result is not None", "f(1) == 2"),
        spec("f(x: int) -> str", "str(result) != 0", "f(1) == '1'"),
    ],
    "never-evaluable": [
        spec("f(x: int) -> int", "len(result) == x"),
        spec("f(x: int) -> int", "result == x + 'a'"),
        spec("f(x: str) -> int", "result > x"),
    ],
    "never-true": [
        spec("f(x: int) -> int", "result < 0 and result > 0"),
        spec("f(x: int) -> str", "len(result) < 0"),
        spec("f(x: list[int]) -> list[int]", "len(result) > 10000"),
    ],
    "too-weak": [
        spec("is_prime(n: int) -> bool", "isinstance(result, bool)"),
        spec("f(x: int) -> int", "result >= 0"),
        spec("double(x: int) -> int", "double(2) == 4"),
        spec("clamp(x: int) -> int", "0 <= result <= 10", "x != 5 or result == 5"),
        spec("f(s: str) -> str", "result in ('yes', 'no')", "f('a') == 'no'", "f('') == 'no'"),
        spec("f(x: int) -> int", "result >= x"),
        spec("f(s: str) -> str", "result.lower() == s.lower()", "f('ab') == 'ab'"),
        spec("f(x: int) -> int", effects=[effect("nought", 0, when="x == 0")]),
        spec("f(x: int) -> int", "result > x - 1", effects=[effect("0", 0, when="x == 0")]),
        spec("pick(a: int, b: int) -> int", "result in (a, b)", "pick(a=1, b=0) == 1"),
    ],
    "nothing-to-check": [
        spec("f(x: int) -> int"),
        spec("f(x: int) -> int", "x > 0"),
        spec("f(x: int) -> int", effects=[effect("the double")]),
    ],
    "excludes-everything": [
        spec("f(x: int) -> int", "False", "result == x"),
        spec("f(x: int) -> int", "1 > 2"),
        spec("f(s: str) -> int", "len('abc') == 4", "result == 1"),
    ],
    "excludes-every-input": [
        spec("f(x: int) -> int", "x > 5 and x < 3", "result == x"),
        spec("f(s: str) -> int", "len(s) < 0"),
        spec("f(a: int, b: int) -> int", "a > b", "b > a", "result == a"),
    ],
    "reads-as-precondition": [
        spec("sort(items: list[int]) -> None", "items == sorted(items)"),
        spec("clean(data: dict[str, int]) -> None", "all(v > 0 for v in data.values())"),
        spec(
            "take(items: list[int]) -> int",
            "len(items) > 0",
            "items == old_items[:-1]",
            "result > 0",
        ),
    ],
    "example-outside-precondition": [
        spec("f(x: int) -> int", "x > 0", "f(0) == 1"),
        spec("f(items: list[int]) -> int", "len(items) > 0", "f([]) == 0"),
        spec("f(s: str) -> str", "s.isalpha()", "f('a1') == 'a'"),
    ],
    "loop-contradicted": [
        spec(
            "index(xs: list[int], v: int) -> int",
            "index([1, 2, 1], 1) == 2",
            constraints=[loop("first")],
        ),
        spec(
            "index(xs: list[int], v: int) -> int",
            "result == -1 or v not in xs[result + 1:]",
            "result == -1 or xs[result] == v",
            "(result == -1) == (v not in xs)",
            constraints=[loop("first")],
        ),
        spec(
            "find(text: str, char: str) -> int",
            "find('abca', 'a') == 0",
            constraints=[loop("last")],
        ),
        spec(
            "where(xs: list[str], v: str) -> list[int]",
            "where(['a', 'b', 'a'], 'a') == [0, 2]",
            constraints=[loop("first")],
        ),
        spec(
            "get(pairs: list[tuple[str, int]], key: str) -> int",
            "get([('a', 1), ('a', 2)], 'a') == 2",
            constraints=[loop("first")],
        ),
    ],
    "loop-type": [
        spec("f(xs: list[int]) -> int", constraints=[loop("all")]),
        spec("f(xs: list[int]) -> bool", constraints=[loop("all")]),
        spec("f(xs: list[str]) -> str", constraints=[loop("all")]),
    ],
    "position-ignored": [
        spec(
            "is_email(email: str) -> bool",
            "result == ('@' in email and '.' in email)",
            constraints=[position("a dot comes after the @")],
        ),
        spec(
            "has(items: list[int]) -> bool",
            "result == (len(items) > 2)",
            constraints=[position("the third item counts")],
        ),
        spec(
            "is_path(text: str) -> bool",
            effects=[effect("yes", True, when="'/' in text"), effect("no", False)],
            constraints=[position("a slash comes first")],
        ),
    ],
}

NEAR: dict[str, list[IR]] = {
    "branch-overlap": [
        spec(
            "f(x: int) -> str",
            effects=[effect("A", "A", when="x >= 90"), effect("B", "B", when="x >= 80")],
        ),
        spec(
            "f(x: int) -> str",
            effects=[effect("a", "a", when="x > 0"), effect("b", "a", when="x < 9")],
        ),
    ],
    "contradictory-returns": [
        spec(
            "f(x: int) -> str",
            effects=[effect("a", "a", when="x > 0"), effect("b", "b", when="x >= 0")],
        ),
        spec(
            "f(x: int) -> str",
            effects=[effect("a", "a", "b", when="x > 0"), effect("b", "b", when="x > 0")],
        ),
        spec(
            "f(x: int) -> str",
            effects=[effect("log it", when="x > 0"), effect("b", "b", when="x > 0")],
        ),
    ],
    "duplicate-return-value": [spec("f(x: int) -> Any", effects=[effect("a", 1, True, 1.0)])],
    "ladder-gap": [
        spec(
            "f(x: int) -> str",
            effects=[effect("a", "a", when="x > 0"), effect("b", "b", when="x <= 0")],
        ),
        spec(
            "f(x: int) -> str",
            "x != 0",
            effects=[effect("a", "a", when="x > 0"), effect("b", "b", when="x < 0")],
        ),
        spec(
            "f(x: int) -> str",
            "f(0) raises ValueError",
            effects=[effect("a", "a", when="x > 0"), effect("b", "b", when="x < 0")],
        ),
        spec("f(x: int) -> None", effects=[effect("a", when="x > 0"), effect("b", when="x < 0")]),
        spec("f(x: int) -> int", "result % 2 == 0", effects=[effect("0", 0, when="x == 0")]),
        spec("f(x: int) -> int", "f(3) == 9", effects=[effect("0", 0, when="x == 0")]),
        spec("f(x: int) -> int", effects=[effect("a remark", when="x == 0")]),
        spec(
            "f(x: int) -> str", effects=[effect("a", "a", when="x > 0"), effect("print and go on")]
        ),
    ],
    "unreachable-branch": [
        spec(
            "f(x: int) -> str",
            effects=[effect("a", "a", when="x >= 90"), effect("b", "b", when="x >= 80")],
        ),
        spec(
            "f(x: int) -> str",
            effects=[
                effect("a", "a", when="x > 10"),
                effect("b", "b", when="x >= 10"),
                effect("c", "c"),
            ],
        ),
        spec(
            "f(s: str) -> str",
            effects=[
                effect("a", "a", when="len(s) < 30"),
                effect("b", "b", when="s.isupper()"),
                effect("c", "c"),
            ],
        ),
    ],
    "bool-after-int": [
        spec(TYPES, effects=[BOOL, INT, OTHER]),
        spec(
            "f(a: Any, b: Any) -> str",
            effects=[
                effect("i", "i", when="isinstance(a, int)"),
                effect("b", "b", when="isinstance(b, bool)"),
            ],
        ),
        spec(
            TYPES,
            effects=[
                effect("n", "n", when="isinstance(value, (bool, int))"),
                BOOL | {"return_values": ["n"]},
            ],
        ),
    ],
    "bool-taken-for-int": [
        spec(TYPES, "name_of(True) == 'int'", effects=[INT, OTHER]),
        spec(TYPES, "name_of(True) == 'bool'", effects=[BOOL, INT, OTHER]),
    ],
    "missing-return": [
        spec("f(x: int) -> None", effects=[effect("shout", hint="print(x)")]),
        spec("f(x: int) -> int", effects=[effect("a", hint="print(x)\nreturn x")]),
        spec("f(x: int) -> int", effects=[effect("a", hint="sorted(x)")]),
        spec("f(x: int) -> int | None", effects=[effect("a", hint="print(x)")]),
    ],
    "return-type-mismatch": [
        spec("f(x: int) -> float", effects=[effect("a", 0)]),
        spec("f(x: int) -> int | None", effects=[effect("a", None, when="x > 0"), effect("b", 1)]),
        spec("f(x: int) -> list[int]", effects=[effect("a", 1, 2)]),
        spec("f(x: int) -> Sequence[int]", "f(1) == [1]"),
        spec("f(x: int) -> Point", "f(1) == (1, 2)"),
    ],
    "must-return-broken": [
        spec(
            "f(x: int) -> str | None",
            effects=[effect("a", None, when="x < 0"), effect("b", "b")],
            constraints=[must_return()],
        ),
    ],
    "contradictory-examples": [
        spec("f(x: Any) -> int", "f(1) == 1", "f(True) == 2", "f(1.0) == 3"),
        spec("f(x: int) -> float", "f(1) == 1", "f(1) == 1.0"),
        spec("f(x: int) -> float", "f(1) raises ValueError", "f(1) raises Exception"),
    ],
    "example-denies-branch": [
        spec(
            "f(x: int) -> float",
            "f(0) == 0.0",
            effects=[effect("z", 0, when="x == 0"), effect("e", 1)],
        ),
        spec(
            "f(x: int) -> int",
            "f(0) raises ZeroDivisionError",
            effects=[effect("r", when="x == 0", raises="ArithmeticError")],
        ),
    ],
    "example-denies-assertion": [
        spec(
            "mean(x: list[float]) -> float", "result == sum(x) / len(x)", "mean([0.1, 0.2]) == 0.15"
        ),
        spec("f(x: int) -> float", "isinstance(result, float)", "f(1) == 1"),
        spec("f(x: int) -> int", "x > 0", "result == x", "f(-1) == 0"),
    ],
    "branch-denies-assertion": [
        spec(
            "f(x: int) -> float",
            "isinstance(result, float)",
            effects=[effect("z", 0, when="x == 0"), effect("e")],
        ),
        spec(
            "f(x: int) -> int",
            "x > 0",
            "result > 0",
            effects=[effect("z", 0, when="x == 0"), effect("e", 1)],
        ),
    ],
    "contradictory-assertions": [
        spec("f(x: int) -> float", "result == 1", "isinstance(result, float)"),
        spec("f(x: int) -> bool", "result == 1", "result is True"),
        spec("f(x: int) -> int", "result == x", "result >= 0"),
        spec("f(x: int) -> int", "x < 0 or result == 1", "x >= 0 or result == 2"),
        spec("f(x: float) -> float", "result == x / 3", "result * 3 == x"),
    ],
    "clashing-assertions": [
        spec("f(x: int) -> int", "x >= 0", "result == x", "result >= 0"),
        spec("f(x: int) -> int", "result == abs(x)", "result >= 0"),
        spec(
            "f(x: int) -> int",
            "result == x",
            "result >= 0",
            effects=[effect("no", when="x < 0", raises="ValueError")],
        ),
    ],
    "tautological-assertion": [
        spec("f(x: int) -> int", "isinstance(result, int)"),
        spec("f(x: list[int]) -> int", "result >= 0"),
    ],
    "never-evaluable": [
        spec("f(x: Any) -> Any", "len(result) == 2"),
        spec("f(x: str) -> dict[str, dict[str, int]]", "result['a']['b'] == 1"),
    ],
    "too-weak": [
        spec("f(x: int) -> bool", "f(1) is True", "f(2) is False"),
        spec("f(x: int) -> bool", "result == (x > 0)"),
        spec("f() -> int", "result > 0"),
        spec("f(x: int) -> int", "result == 0", effects=[effect("always nought", 0)]),
        spec("f(x: int) -> int", "result > x"),
        spec("f(x: Any) -> Any", "result == x"),
        spec("f(x: int) -> int", "x != 0", "result == x", effects=[effect("0", 0, when="x == 0")]),
        spec("f(x: int) -> int", "f(1) == 1", "f(0) raises ValueError"),
    ],
    "excludes-every-input": [
        spec("f(s: str) -> int", "s.startswith('2024-') and len(s) == 10", "f('2024-01-01') == 1"),
        spec("f(x: int) -> int", "x > 10**30", "f(10**31) == 1"),
    ],
    "reads-as-precondition": [
        spec("biggest(items: list[int]) -> int", "len(items) > 0", "result == max(items)"),
        spec("tell(name: str) -> None", "len(name) > 0"),
        spec(
            "take(items: list[int]) -> int",
            "len(old_items) > 0",
            "items == old_items[:-1]",
            "result == old_items[-1]",
        ),
    ],
    "example-outside-precondition": [spec("f(x: int) -> int", "x > 0", "f(0) raises ValueError")],
    "loop-contradicted": [
        spec(
            "index(xs: list[int], v: int) -> int",
            "index([1, 2, 1], 1) == 0",
            constraints=[loop("first")],
        ),
        spec(
            "index(xs: list[int], v: int) -> int",
            "index([1, 2], 1) == 0",
            constraints=[loop("last")],
        ),
        spec(
            "best(xs: list[int], v: int) -> int",
            "best([1, 2, 1], 1) == 7",
            constraints=[loop("first")],
        ),
    ],
    "position-ignored": [
        spec(
            "is_email(email: str) -> bool",
            "result == ('.' in email.partition('@')[2])",
            constraints=[position("a dot comes after the @")],
        ),
        spec(
            "ordered(items: list[int]) -> list[int]",
            "result == sorted(items)",
            constraints=[position("rising order")],
        ),
        spec(
            "is_email(email: str) -> bool",
            "isinstance(result, bool)",
            "is_email('a@b.c') is True",
            constraints=[position("a dot comes after the @")],
        ),
    ],
}
