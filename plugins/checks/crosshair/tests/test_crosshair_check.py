from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lift_sys_crosshair.check import CrosshairCheck
from lift_sys_crosshair.plugin import CrosshairOptions

from lift_sys.checking.examiner import Examiner
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.errors import SandboxRefused
from lift_sys.interfaces import Finding, Sandbox
from lift_sys.testing.conformance import CheckConformance
from lift_sys.testing.programs import RIGHT, Program

WRONG = {
    "a number that is worked out": (
        Program(
            "successor(x: int) -> int",
            ("result == x + 1",),
            "return 0 if x * 3 + 1 == 23758 else x + 1",
        ),
        "successor(7919)",
    ),
    "two letters in their places": (
        Program(
            "tell_length(text: str) -> int",
            ("result == len(text)",),
            "if len(text) > 3 and ord(text[1]) == 113 and ord(text[3]) == 122:\n"
            "    return 0\nreturn len(text)",
        ),
        None,
    ),
    "members that add up": (
        Program(
            "pair(items: list[int]) -> int",
            ("len(items) >= 2", "result == items[0]"),
            "return items[0] + (items[0] - items[1] == 4321)",
        ),
        None,
    ),
    "a precondition that leaves one way": (
        Program(
            "weigh(a: int; b: int) -> int",
            ("2 * a + 3 * b == 7776", "result == a + b"),
            "return a if a == 2 * b + 3 and b > 9 else a + b",
        ),
        "weigh(2223, 1110)",
    ),
}


class TestConformance(CheckConformance):
    component = "crosshair"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    made = default_sandbox()
    yield made
    await made.aclose()


async def findings_on(program: Program, sandbox: Sandbox, **options: float) -> list[Finding]:
    chosen = {"condition_seconds": 20, "seconds": 120, **options}
    check = CrosshairCheck(CrosshairOptions.model_validate(chosen))
    return list(await check.examine(program.subject(), sandbox))


@pytest.mark.parametrize("what", WRONG)
async def test_a_planted_mistake_is_found_that_the_plain_inputs_miss(what: str, sandbox: Sandbox):
    program, call = WRONG[what]
    subject = program.subject()
    plain = await Examiner(subject.task, subject.ir, sandbox).examine(program.code())
    assert not plain.failures
    (finding,) = await findings_on(program, sandbox)
    assert finding.severity == "error", finding
    assert "found by crosshair, confirmed" in finding.message
    assert finding.counterexample is not None
    assert call in (None, finding.counterexample)


async def test_right_programs_are_let_pass(sandbox: Sandbox):
    check = CrosshairCheck(CrosshairOptions(condition_seconds=0.5, seconds=60))
    for program in RIGHT:
        (finding,) = await check.examine(program.subject(), sandbox)
        assert finding.severity == "info", f"{program.name}: {finding}"
        assert "did not start" not in finding.message, finding


async def test_a_search_says_how_far_it_came(sandbox: Sandbox):
    program = Program(
        "double(x: int) -> int", ("result == 2 * x", "result >= x or x < 0"), "return x + x"
    )
    (finding,) = await findings_on(program, sandbox, condition_seconds=1)
    assert "no counter-example found for 2 of 2 claims searched" in finding.message
    assert (finding.code, "2 of them on every path" in finding.message) == (
        "every-path-searched",
        True,
    )


async def test_a_search_that_leaves_paths_out_does_not_say_that_it_saw_all(sandbox: Sandbox):
    """A loop has no last path, and floats are no reals."""
    loop = "total = 0\nfor k in range(n):\n    total += 2\nreturn total"
    for program in (
        Program("twice(n: int) -> int", ("n >= 0", "result == 2 * n"), loop),
        Program("same(x: float) -> float", ("result == x",), "return x"),
    ):
        (finding,) = await findings_on(program, sandbox, condition_seconds=1)
        assert finding.code in ("symbolic-execution", "nothing-searched"), finding


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n    pass",
        "return len([0] * 10**12)",
        "import os\nos._exit(0)",
        "import time\ntime.sleep(1000)",
        "raise SystemExit",
    ],
)
async def test_hostile_code_ends_with_the_time_given(body: str, sandbox: Sandbox):
    program = Program("f(x: int) -> int", ("result == x",), body)
    (finding,) = await findings_on(program, sandbox, condition_seconds=1, seconds=5)
    assert finding.severity == "info", finding
    assert "0 of 1 claims" in finding.message or "1 of 1 claims" in finding.message


async def test_code_reaches_neither_files_nor_programs_while_it_is_searched(
    sandbox: Sandbox, tmp_path: Path
):
    target = tmp_path / "written"
    body = (
        f"try:\n    open({str(target)!r}, 'w').close()\nexcept Exception:\n    pass\n"
        f"try:\n    __import__('os').system('touch {target}')\nexcept Exception:\n    pass\n"
        "return x"
    )
    program = Program("f(x: int) -> int", ("result == x",), body)
    await findings_on(program, sandbox, condition_seconds=1, seconds=10)
    assert not target.exists()


async def test_what_is_found_is_believed_only_when_it_is_confirmed(sandbox: Sandbox):
    """The code is another one while CrossHair is there."""
    body = "import sys\nreturn x if 'crosshair' not in sys.modules else 0"
    program = Program("f(x: int) -> int", ("result == x",), body)
    (finding,) = await findings_on(program, sandbox, condition_seconds=2)
    assert finding.severity == "info"
    assert "inputs that it suspected show no mistake" in finding.message


async def test_without_guards_it_refuses(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "lift_sys.checking.sandbox.SubprocessSandbox.guards", lambda self: ("cpu limit",)
    )
    with pytest.raises(SandboxRefused, match="leave `crosshair` out"):
        await findings_on(WRONG["a number that is worked out"][0], sandbox)
