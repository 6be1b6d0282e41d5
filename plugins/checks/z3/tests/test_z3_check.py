import ast
from pathlib import Path
from typing import Any

import pytest
from lift_sys_z3.check import CODES, Z3Check
from lift_sys_z3.plugin import Z3Options

from lift_sys.interfaces import Finding, Subject, Task
from lift_sys.ir import IR
from lift_sys.testing.conformance import CheckConformance
from lift_sys.testing.samples import RIGHT, SPECIFICATION, TASK
from lift_sys.testing.sandboxes import TrustingSandbox

PAGE = Path(__file__).parents[4] / "docs" / "findings.md"


class TestZ3(CheckConformance):
    component = "z3"


def spec(head: str, *asserted: str, effects: list[tuple[Any, ...]] | None = None) -> IR:
    """Effects are (when, answer, ...)."""
    function = ast.parse(f"def {head}: ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert function.returns is not None
    return IR.model_validate(
        {
            "intent": {"summary": "as the name says"},
            "signature": {
                "name": function.name,
                "parameters": [
                    {"name": arg.arg, "type": ast.unparse(arg.annotation)}
                    for arg in function.args.args
                    if arg.annotation is not None
                ],
                "returns": ast.unparse(function.returns),
            },
            "assertions": [{"predicate": each} for each in asserted],
            "effects": [
                {"description": "a branch", "when": when, "return_values": answers}
                for when, *answers in effects or []
            ],
        }
    )


async def findings(ir: IR, **options: Any) -> list[Finding]:
    check = Z3Check(Z3Options(**{"query_ms": 5000, "total_seconds": 60, **options}))
    task = Task(id="t", request="Make it")
    return [*await check.examine(Subject(task=task, ir=ir), TrustingSandbox())]


WRONG = {
    "z3-no-input": [
        spec("f(x: int) -> int", "x > 5", "x < 3"),
        spec("f(s: str) -> int", "s.startswith('a') and len(s) == 0"),
        spec("f(a: int, b: int) -> int", "a < b < a"),
    ],
    "z3-no-result": [
        spec("f(x: int) -> int", "result > x", "result < x"),
        spec("f(x: int) -> str", "result == 'a'", "result == 'b'"),
        spec("f(x: int) -> int", "result % 2 == 0", "result == 2 * x + 1"),
        spec("f(s: str) -> str", "len(result) == len(s) + 1", "result == s"),
        spec("f(x: float) -> float", "0.25 < result", "result <= 0.25"),
        spec("f(s: Literal['a', 'b']) -> Literal['yes', 'no']", "result == 'maybe'"),
    ],
    "z3-gap": [
        spec("f(x: int) -> str", effects=[("x > 0", "p"), ("x < 0", "n")]),
        spec("f(s: str) -> str", effects=[("len(s) < 8", "short"), ("len(s) > 8", "long")]),
        spec("f(x: float) -> str", effects=[("x <= 0", "a"), ("x >= 0.001", "b")]),
        spec(
            "f(x: int) -> str",
            "result in ('a', 'b', 'c')",
            effects=[("x % 7 != 5", "a"), ("x % 7 == 5 and x < 1000", "b")],
        ),
    ],
    "z3-overlap": [
        spec("f(x: int) -> str", effects=[("x > 0", "p"), ("x < 10", "n"), (None, "e")]),
        spec(
            "f(s: str) -> str",
            effects=[("s.startswith('a')", "a"), ("s.endswith('b')", "b"), (None, "c")],
        ),
        spec("f(x: int, y: int) -> int", effects=[("x > y", 1), ("x + y == 777", 2), (None, 3)]),
    ],
    "z3-unreachable": [
        spec("f(x: int) -> str", effects=[("x >= 60", "D"), ("x >= 90", "A"), (None, "F")]),
        spec("f(n: int) -> str", effects=[("n % 3 == 0", "F"), ("n % 15 == 0", "B"), (None, "n")]),
        spec("f(s: str) -> str", effects=[("len(s) < 20", "a"), ("s == 'ab'", "b"), (None, "c")]),
        spec("f(x: int) -> str", effects=[("x < 0", "a"), ("x >= 0", "b"), ("x == 7", "c")]),
        spec("f(x: int) -> str", effects=[("x * x < 0", "a"), (None, "b")]),
    ],
    "z3-redundant": [
        spec("f(x: int) -> int", "result > 5", "result > 3"),
        spec("f(x: int) -> int", "result == abs(x)", "result >= 0"),
        spec("f(s: str) -> str", "result == s + '!'", "len(result) > len(s)"),
    ],
    "z3-skipped": [
        spec("f(x: int) -> int", "result == round(x)"),
        spec("f(s: str) -> str", "result == s.upper()"),
        spec("f(x: list[int]) -> int", "result == sum(x)"),
    ],
}

CORRECT = [
    spec("add(a: int, b: int) -> int", "result == a + b", "add(1, 2) == 3"),
    spec("add(a: float, b: float) -> float", "result == a + b", "result - a <= b + 1"),
    spec("absorb(x: float) -> float", "result == x + 1", "result == x + 1 or x != x"),
    spec("is_nan(x: float) -> str", effects=[("x != x", "nan"), (None, "number")]),
    spec(
        "grade(s: int) -> str",
        "result in ('A', 'B', 'F')",
        effects=[("s >= 90", "A"), ("s >= 80", "B"), (None, "F")],
    ),
    spec("sign(x: float) -> int", effects=[("x < 0", -1), ("x == 0", 0), ("x > 0", 1)]),
    spec("floor(a: int, b: int) -> int", "b == 0 or result == a // b", "b == 0 or a % b * b >= 0"),
    spec("ratio(a: int, b: int) -> float", "result == a / b", "result * b == a"),
    spec("third(x: float) -> float", "result * 3 == x", "result == x / 3", "result != 0.1"),
    spec("sort(items: list[int]) -> None", "items == sorted(old_items)", "result is None"),
    spec("grow(x: int) -> int", "x != old_x", "result == x"),
    spec("root(n: int) -> int", "n >= 0", "result * result <= n < (result + 1) * (result + 1)"),
    spec("f(x: int) -> str", "x != 0", effects=[("x > 0", "p"), ("x < 0", "n")]),
    spec("f(x: int) -> str", "f(0) raises ValueError", effects=[("x > 0", "p"), ("x < 0", "n")]),
    spec("f(x: int) -> int", "result == 2 * x", effects=[("x > 9", 18), ("x < 0", -2)]),
    spec("f(s: str) -> str", effects=[("s == ''", "e"), ("s.isdigit()", "d"), ("len(s) > 0", "x")]),
    spec("f(x: int) -> int", "10 // x == result", "x == 0 or result <= 10"),
    spec("f(flag: bool) -> int", effects=[("flag is True", 1), ("flag is False", 0)]),
    spec("f(c: Literal['r', 'g']) -> str", effects=[("c == 'r'", "stop"), ("c == 'g'", "go")]),
    spec("steps(x: int) -> int", "result == abs(x)", effects=[("x < 0",), ("x % 2 == 0",)]),
]


@pytest.mark.parametrize(("code", "place"), [(c, p) for c in WRONG for p in range(len(WRONG[c]))])
async def test_a_planted_mistake_is_proven(code: str, place: int):
    found = await findings(WRONG[code][place])
    assert code in [finding.code for finding in found], found


@pytest.mark.parametrize("ir", CORRECT, ids=lambda ir: ir.signature.name)
async def test_a_correct_ir_gives_no_error_and_no_warning(ir: IR):
    found = await findings(ir)
    assert [f"{f.code}: {f.message}" for f in found if f.severity != "info"] == []


async def test_a_gap_comes_with_an_input_that_python_confirms():
    (gap,) = await findings(WRONG["z3-gap"][0])
    assert gap.counterexample == "f(0)"


async def test_what_was_left_out_is_told():
    (skipped,) = await findings(WRONG["z3-skipped"][1])
    assert skipped.path == "assertions[0].predicate"
    assert ".upper()" in skipped.message


async def test_the_solver_is_ended_in_time():
    hard = "result ** 3 + x ** 3 + y ** 3 == 33 * 114 + 1 and result * x * y > 10 ** 4"
    ir = spec("f(x: int, y: int) -> int", hard, "result > x ** 4 % (y * y + 7)")
    found = await findings(ir, query_ms=60_000, total_seconds=0.3)
    assert [finding.code for finding in found] == ["z3-gave-up"]


async def test_code_is_none_of_its_business():
    subject = Subject(task=TASK, ir=SPECIFICATION, code=RIGHT)
    assert await Z3Check(Z3Options()).examine(subject, TrustingSandbox()) == []


def test_the_page_of_findings_shows_its_codes():
    rows = [
        f"| `z3-{kind}` | {severity} | {meaning} | {remedy} |"
        for kind, (severity, meaning, remedy) in CODES.items()
    ]
    assert "\n".join(rows) in PAGE.read_text(encoding="utf-8")
