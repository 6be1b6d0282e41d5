import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from lift_sys_hypothesis.check import HypothesisCheck
from lift_sys_hypothesis.generator import Generator
from lift_sys_hypothesis.plugin import HypothesisOptions, lift_sys_checks

from lift_sys.checking.examiner import Examiner
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.interfaces import Finding, Sandbox
from lift_sys.pipeline.pipeline import Pipeline
from lift_sys.pipeline.task_result import TaskResult
from lift_sys.plugins import Component, PluginManager
from lift_sys.testing.conformance import CheckConformance
from lift_sys.testing.programs import RIGHT, Program
from lift_sys.testing.samples import scripted_model

WRONG = {
    "one number is special": (
        Program(
            "successor(x: int) -> int", ("result == x + 1",), "return 0 if x == 7919 else x + 1"
        ),
        "successor(7919)",
    ),
    "two letters together": (
        Program(
            "tell_length(text: str) -> int",
            ("result == len(text)",),
            "return -1 if '~' in text and '^' in text else len(text)",
        ),
        None,
    ),
    "long lists": (
        Program(
            "total(items: list[int]) -> int",
            ("result == sum(items)",),
            "return sum(items) if len(items) <= 8 else sum(items[:8]) + 1",
        ),
        "total([0, 0, 0, 0, 0, 0, 0, 0, 0])",
    ),
    "off by one at a thousand": (
        Program("is_large(x: int) -> bool", ("result == (x >= 10 ** 3)",), "return x > 1000"),
        "is_large(1000)",
    ),
    "a precondition that lets little through": (
        Program(
            "middle(low: int; high: int; items: list[int]) -> int",
            (
                "500 < low < high <= 520",
                "len(items) >= 3",
                "all(item > 900 for item in items)",
                "result == low + high + len(items)",
            ),
            "return low + high + len(items) + (len(items) == 12)",
        ),
        None,
    ),
}


class TestConformance(CheckConformance):
    component = "hypothesis"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    made = default_sandbox()
    yield made
    await made.aclose()


async def findings_on(program: Program, sandbox: Sandbox, **options: float) -> list[Finding]:
    check = HypothesisCheck(HypothesisOptions.model_validate({"seconds": 120, **options}))
    return await _examine(check, program, sandbox)


async def _examine(check: HypothesisCheck, program: Program, sandbox: Sandbox) -> list[Finding]:
    return list(await check.examine(program.subject(), sandbox))


@pytest.mark.parametrize("what", WRONG)
async def test_a_planted_mistake_is_found_that_the_plain_inputs_miss(what: str, sandbox: Sandbox):
    program, smallest = WRONG[what]
    subject = program.subject()
    plain = await Examiner(subject.task, subject.ir, sandbox).examine(program.code())
    assert not plain.failures
    (finding,) = await findings_on(program, sandbox)
    assert finding.severity == "error"
    assert "an assertion does not hold" in finding.message
    assert finding.counterexample is not None
    assert smallest in (None, finding.counterexample)
    assert len(finding.counterexample) < 80, "it is not shrunk"


async def test_right_programs_are_let_pass(sandbox: Sandbox):
    check = HypothesisCheck(HypothesisOptions(seconds=120))
    for program in RIGHT:
        (finding,) = await check.examine(program.subject(), sandbox)
        assert finding.severity == "info", f"{program.name}: {finding}"
        assert "no counter-example among 0 " not in finding.message, finding


async def test_the_same_subject_has_the_same_counterexample(sandbox: Sandbox):
    for program, _ in (WRONG["long lists"], WRONG["a precondition that lets little through"]):
        first, second = [await findings_on(program, sandbox) for _ in range(2)]
        assert first == second
    check = HypothesisCheck(HypothesisOptions(seconds=120))
    program, _ = WRONG["long lists"]
    again = [list(await check.examine(program.subject(), sandbox)) for _ in range(2)]
    assert again[0] == again[1], "a process that is used again draws otherwise"


async def test_it_says_how_many_inputs_were_tried(sandbox: Sandbox):
    program = Program("choose(flag: bool) -> int", ("result == int(flag)",), "return int(flag)")
    (finding,) = await findings_on(program, sandbox)
    assert finding.code == "generated-inputs"
    assert "no counter-example among 2 generated inputs" in finding.message


async def test_what_cannot_be_drawn_is_told(sandbox: Sandbox):
    program = Program("apply(function: Callable[[int], int]) -> int", ("result == 1",), "return 1")
    (finding,) = await findings_on(program, sandbox)
    assert finding.severity == "info"
    assert "no values of Callable are known" in finding.message


async def test_without_claims_or_parameters_there_is_nothing_to_do(sandbox: Sandbox):
    assert await findings_on(Program("f(x: int) -> int", (), "return 1"), sandbox) == []
    assert await findings_on(Program("f() -> int", ("result == 1",), "return 2"), sandbox) == []


async def test_exceptions_and_slowness_are_no_failures(sandbox: Sandbox):
    raises = Program("f(x: int) -> int", ("result == x",), "return 1 // 0 if x > 500 else x")
    hangs = Program(
        "f(x: int) -> int",
        ("result == x",),
        "while x > 1000:\n    pass\nreturn x",
    )
    for program in (raises, hangs):
        (finding,) = await findings_on(program, sandbox)
        assert finding.severity == "info", finding


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n    pass",
        "return len([0] * 10**11)",
        "import os\nos._exit(0)",
        "import time\ntime.sleep(1000)",
    ],
)
async def test_hostile_code_ends_with_the_time_given(body: str, sandbox: Sandbox):
    program = Program("f(x: int) -> int", ("result == x",), body)
    (finding,) = await findings_on(program, sandbox, seconds=3)
    assert finding.severity == "info", finding
    (finding,) = await findings_on(WRONG["one number is special"][0], sandbox)
    assert finding.severity == "error", "the sandbox no longer works"


@pytest.mark.parametrize("moments", [1, 30, 200])
async def test_an_examination_that_is_cancelled_leaves_nothing_running(
    moments: int, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
):
    made: list[Generator] = []
    monkeypatch.setattr(
        "lift_sys_hypothesis.check.Generator", lambda: made.append(Generator()) or made[-1]
    )
    check = HypothesisCheck(HypothesisOptions(seconds=600, max_examples=10_000))
    program, _ = WRONG["long lists"]
    running = asyncio.create_task(_examine(check, program, sandbox))
    for _ in range(moments):
        await asyncio.sleep(0.01)
    assert made
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not any(each.alive for each in made)


async def test_it_leaves_no_files(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    await findings_on(WRONG["two letters together"][0], sandbox)
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_a_pipeline_rejects_what_only_generated_inputs_refute():
    wrong, call = WRONG["one number is special"]
    right = wrong._replace(body="return x + 1")
    assert _solved(wrong, []).status == "pass"
    assert _solved(right, ["hypothesis"]).status == "pass"
    result = _solved(wrong, [{"use": "hypothesis", "max_examples": 60, "seconds": 120}])
    assert result.status == "fail"
    assert result.solution is not None
    (failure,) = result.solution.verdict.failures
    assert failure.category == "assertion"
    assert failure.input == call


def _solved(program: Program, checks: list[Any]) -> TaskResult:
    model = scripted_model(
        lambda place, request: f"```python\n{program.code().source}```",
        lambda place, request: program.specification().model_dump_json(exclude_defaults=True),
    )
    plugins = PluginManager.of(
        providers=[Component("scripted", lambda options, parts: model, "says what it is told")],
        checks=lift_sys_checks(),
    )
    pipeline = Pipeline.load(
        {
            "version": 1,
            "providers": {"main": {"use": "scripted"}},
            "stages": {"specify": {"provider": "main"}, "implement": {"provider": "main"}},
            "checks": checks,
            "record": None,
        },
        plugins=plugins,
    )
    return pipeline.run("Add one to a number")
