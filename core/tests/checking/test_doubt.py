"""A basis on which wrong code would stand as well is no ground for a pass."""

from typing import Any

import pytest

from lift_sys.checking.examiner import Examiner
from lift_sys.interfaces import Code, Example, Task, Verdict
from lift_sys.ir import IR
from lift_sys.testing.sandboxes import TrustingSandbox

from .interpreter.interpreter_specs import effect, spec

ZERO = effect("nought", 0, when="x == 0")
ONE = effect("seven", 7, when="x == 1")
INT = "f(x: int) -> int"
STR = "f(x: str) -> str"
BIGGEST = ["result is None or result in x", "x == [] or result >= max(x)"]
MAYBE = "f(x: list[int]) -> int | None"
MAXIMUM = "return max(x, default=None)"
LIST = "f(x: list[int]) -> list[int]"
SAME, CONSTANT = "return x", "return 0"
RAISING = "if x < 0: raise ValueError(x)\n    return 999"


async def judged(ir: IR, body: str, *examples: Example) -> Verdict:
    names = ", ".join(parameter.name for parameter in ir.signature.parameters)
    code = Code(name="f", source=f"def f({names}):\n    {body}\n")
    task = Task(id="t", request="Do it", examples=examples)
    return await Examiner(task, ir, TrustingSandbox()).examine(code)


@pytest.mark.parametrize(
    ("head", "asserted", "effects", "body"),
    [
        (INT, [], [ZERO], SAME),
        (INT, [], [ZERO], CONSTANT),
        (INT, ["isinstance(result, int)"], [ZERO], SAME),
        (INT, [], [ZERO, ONE], "return {0: 0, 1: 7}.get(x, 999)"),
        (INT, [], [effect("refuse", when="x < 0", raises="ValueError")], RAISING),
        (INT, ["result == result"], [], SAME),
        (INT, ["isinstance(result, int)"], [], SAME),
        (INT, ["result is not None", "type(result) is int"], [], CONSTANT),
        (INT, ["result >= 0"], [], "return 999"),
        (INT, ["result >= x"], [], SAME),
        (INT, ["x == 0 or result != 0"], [], "return 5"),
        (STR, ["len(result) >= 0"], [], SAME),
        (STR, ["isinstance(result, str)", "len(result) >= 0"], [], "return ''"),
        (STR, ["len(result) == len(x)"], [], SAME),
        (LIST, ["len(result) <= len(x)"], [], "return []"),
        (LIST, ["sorted(result) == sorted(x)"], [], "return list(x)"),
        ("f(x: int) -> bool", ["result in (True, False)"], [], "return False"),
        ("f(x: int, y: int) -> int", ["x <= y", "x <= result <= y"], [], SAME),
        ("f(x: Any) -> Any", ["f(0) == 0", "f(1) == 1"], [], SAME),
        (INT, ["f(2) == 2", "f(3) > 2"], [], SAME),
        (
            MAYBE,
            BIGGEST,
            [],
            "return None",
        ),
    ],
)
async def test_what_an_impostor_fulfils_is_no_pass(
    head: str, asserted: list[str], effects: list[dict[str, Any]], body: str
) -> None:
    verdict = await judged(spec(head, *asserted, effects=effects), body)
    assert verdict.status == "unverified", verdict
    told = ("would fulfil all claims", "nothing says", "cannot be evaluated on what")
    assert any(phrase in note for note in verdict.notes for phrase in told)


@pytest.mark.parametrize(
    ("head", "asserted", "effects", "body"),
    [
        ("f(x: int, y: int) -> int", ["result == x + y"], [], "return x + y"),
        (INT, ["result == x"], [], SAME),
        ("f(x: Any) -> Any", ["result == x"], [], SAME),
        (INT, ["result == 0"], [], CONSTANT),
        ("f() -> int", ["0 < result < 9"], [], "return 5"),
        (INT, [], [ZERO, effect("else", 1)], "return int(x != 0)"),
        (LIST, ["result == sorted(x)"], [], "return sorted(x)"),
        (MAYBE, BIGGEST, [], MAXIMUM),
        ("f(x: list[int]) -> None", ["x == sorted(old_x)"], [], "x.sort()"),
        (INT, ["result >= 0", "f(2) == 4"], [ZERO], "return x * x"),
    ],
)
async def test_what_only_right_code_fulfils_is_a_pass(
    head: str, asserted: list[str], effects: list[dict[str, Any]], body: str
) -> None:
    verdict = await judged(spec(head, *asserted, effects=effects), body)
    assert verdict.passed, verdict
    assert verdict.notes == ()


async def test_an_input_of_which_nothing_speaks_is_told_beside_a_pass() -> None:
    ir = spec("f(x: list[int]) -> int", "x == [] or result == max(x)")
    verdict = await judged(ir, "return max(x, default=0)")
    assert verdict.passed
    assert "such as f([]), nothing says what is returned" in verdict.notes[0]
    verdict = await judged(spec(INT, "f(2) == 4", "f(-3) == 9"), "return x * x")
    assert verdict.passed
    assert "on 20 of 20 inputs tried" in verdict.notes[0]


async def test_examples_that_a_person_gave_pass_with_the_doubt_beside_them() -> None:
    shown = Example(args=(0,), expected=0), Example(args=(2,), expected=2)
    verdict = await judged(spec(INT, effects=[ZERO]), SAME, *shown)
    assert verdict.passed
    assert verdict.notes == ("a function that returns its argument x would fulfil all claims too",)
    verdict = await judged(spec(INT), "return x * x", *shown[:1], Example(args=(3,), expected=9))
    assert verdict.passed
    assert verdict.notes == ()


async def test_a_failure_is_one_whatever_the_basis() -> None:
    verdict = await judged(spec(INT, effects=[ZERO]), "return x + 1")
    assert verdict.status == "fail"
    assert not any("fulfil" in note for note in verdict.notes)
