"""What becomes of findings: errors fail a specification, warnings are notes of its verdict."""

import pytest

from lift_sys.checking.claims import Claims
from lift_sys.checking.examiner import Examiner
from lift_sys.checking.interpreter import Stated, interpret
from lift_sys.checking.sandbox.factories import default_sandbox
from lift_sys.checking.specification import check_specification
from lift_sys.interfaces import Example, Verdict
from lift_sys.ir import IR
from lift_sys.testing.sandboxes import TrustingSandbox

from .interpreter_specs import effect, spec, task

TASK = task("Sign of a number", Example(args=(3,), expected="pos"))


async def verdict_on(ir: IR, *stated: Stated) -> Verdict:
    return await check_specification(TASK, ir, Examiner(TASK, ir, TrustingSandbox()), stated)


async def test_an_error_fails_the_specification_with_its_input():
    ir = spec(
        "sign(x: int) -> str",
        "sign(-1) == 'negative'",
        effects=[effect("p", "pos", when="x > 0"), effect("n", "neg")],
    )
    verdict = await verdict_on(ir)
    assert verdict.status == "fail"
    assert [(f.category, f.input) for f in verdict.failures] == [("specification", "sign(-1)")]
    assert "example-denies-branch" in verdict.failures[0].message


async def test_a_warning_is_a_note_and_fails_nothing():
    ir = spec(
        "sign(x: int) -> str",
        "sign(5) == 'pos'",
        effects=[effect("p", "pos", when="x > 0"), effect("n", "neg", when="x < 0")],
    )
    verdict = await verdict_on(ir, Stated("zero", returned=True))
    assert verdict.passed
    assert [note.split(": ")[1] for note in verdict.notes] == ["ladder-gap", "missing-literal"]


async def test_a_predicate_that_eats_memory_or_time_costs_its_own_findings_only():
    ir = spec(
        "f(x: int) -> int",
        "result == [0] * 10 ** 10",
        "sum(i for i in range(10 ** 9)) == result",
        "result > x",
        "f(1) == 1",
    )
    sandbox = default_sandbox(allow_unsandboxed=True)
    try:
        found = await interpret(task(), ir, Claims.of(ir), sandbox)
    finally:
        await sandbox.aclose()
    assert [f.code for f in found if f.severity == "error"] == ["example-denies-assertion"]


@pytest.mark.parametrize("arguments", ["x: Callable[[int], int]", "x: Point", "x: list[Point]"])
async def test_types_of_which_there_are_no_inputs_are_borne(arguments: str):
    ir = spec(f"f({arguments}) -> Point", "result == x", effects=[effect("a", when="bool(x)")])
    assert await interpret(task(), ir, Claims.of(ir), TrustingSandbox()) == []
