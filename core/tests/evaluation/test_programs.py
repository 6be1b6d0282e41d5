"""Tests that are programs, held against code that never meets them."""

import pytest
import pytest_asyncio

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.evaluation.grading import judge_code
from lift_sys.evaluation.programs import hold
from lift_sys.interfaces import Code, Example, Hidden

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADD = "def add(a, b=1):\n    return a + b\n"
CHECK = "def check(candidate):\n    assert candidate(1, 2) == 3\n    assert candidate(5) == 6\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox():
    made = default_sandbox()
    yield made
    await made.aclose()


def hidden(program, reference=None):
    code = None if reference is None else Code(name="add", source=reference)
    return Hidden(task="add", program=program, reference=code)


async def held(source, program, sandbox, reference=None):
    return await hold(Code(name="add", source=source), hidden(program, reference), sandbox)


@pytest.mark.parametrize("reference", [None, ADD])
async def test_right_code(reference, sandbox):
    result = await held(ADD, CHECK, sandbox, reference)
    assert result.failure is None
    assert result.calls == 2
    assert result.guards


@pytest.mark.parametrize("reference", [None, ADD])
async def test_wrong_code(reference, sandbox):
    result = await held("def add(a, b=0):\n    return a + b\n", CHECK, sandbox, reference)
    assert result.failure.category == "wrong_output"
    assert "AssertionError" in result.failure.message


CHEATS = """
import sys
def add(a, b=1):
    sys.exit(0)
---
import os
def add(a, b=1):
    os._exit(0)
---
class Any:
    def __eq__(self, other): return True
def add(a, b=1):
    return Any()
---
import builtins
builtins.AssertionError = Exception
builtins.repr = lambda value: ""
def check(candidate): pass
def _lift_replay(transcript): return "right", 2
def add(a, b=1):
    return 0
---
import sys
def add(a, b=1):
    for frame in sys._current_frames().values():
        while frame:
            if "check" in frame.f_globals: frame.f_globals["check"] = lambda candidate: None
            frame = frame.f_back
    return 0
---
import gc
def add(a, b=1):
    for each in gc.get_objects():
        if callable(each) and getattr(each, "__name__", "") == "check": return 3
    return 0
"""


@pytest.mark.parametrize("source", CHEATS.split("---"))
async def test_nothing_that_code_does_decides(source, sandbox):
    """The process that decides is not its own."""
    for reference in (None, ADD):
        assert (await held(source, CHECK, sandbox, reference)).failure is not None


async def test_calls_that_depend_on_earlier_answers(sandbox):
    program = """
import random

def check(candidate):
    total = 0
    for _ in range(20):
        total = candidate(total, random.randint(1, 100))
    assert total == candidate(total, 0)
    assert total >= 20
"""
    for reference in (None, ADD, "def add(a, b=1):\n    return 0\n", "def add(:\n"):
        result = await held(ADD, program, sandbox, reference)
        assert result.failure is None
        assert result.calls == 21
    assert (await held("def add(a, b=1): return a - 1\n", program, sandbox)).failure


async def test_exceptions_and_changed_arguments_arrive(sandbox):
    program = """
def check(candidate):
    items, known = [1], {"a": 1}
    assert candidate(items, known) is None
    assert items == [1, 2] and known == {"b": 2}
    try:
        candidate(3, b=4)
    except ValueError as error:
        assert "three" in str(error)
    else:
        assert False, "no exception"
"""
    source = (
        "class Odd(ValueError): pass\n"
        "def add(a, b=1):\n"
        "    if a == 3: raise Odd('three')\n"
        "    a.append(2); b.clear(); b['b'] = 2\n"
    )
    result = await held(source, program, sandbox)
    assert result.failure is None, result.failure


@pytest.mark.parametrize(
    ("reference", "told"),
    [("def add(a, b=1):\n    return 0\n", "AssertionError"), ("def add(:\n", "SyntaxError")],
)
async def test_a_reference_that_fails_its_own_tests_speaks_against_these(reference, told, sandbox):
    result = await held("def add(a, b=0):\n    return a + b\n", CHECK, sandbox, reference)
    assert result.failure.category == "infrastructure", "nothing is known of the code"
    assert f"their own reference fails them with {told}" in result.failure.message
    assert (await held(ADD, CHECK, sandbox, reference)).failure is None


async def test_a_call_that_brings_no_answer_is_told(sandbox):
    source = "def add(a, b=1):\n    return (x for x in ())\n"
    result = await held(source, CHECK, sandbox)
    assert result.failure.category == "wrong_output"
    assert "generator" in result.failure.message
    assert result.failure.input == "add(1, 2)"
    slow = await held("def add(a, b=1):\n    while True: pass\n", CHECK, sandbox)
    assert slow.failure.category == "timeout"


async def test_a_test_that_swallows_everything_still_asks(sandbox):
    program = """
def check(candidate):
    try:
        result = candidate(2, 2)
    except BaseException:
        result = 4
    assert result == 4
"""
    assert (await held("def add(a, b): return 5\n", program, sandbox)).failure is not None
    assert (await held("def add(a, b): return 4\n", program, sandbox)).failure is None


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("def check(candidate:\n", "loading them ends in SyntaxError"),
        ("def other(candidate): pass\n", "NameError"),
        ("import no_such_module\n", "loading them ends in ModuleNotFoundError"),
        ("def check(candidate):\n    candidate(object())\n", "handed to another process"),
        ("def check(candidate):\n    while True: pass\n", "timeout"),
    ],
)
async def test_tests_that_cannot_be_run_are_nobodys_failure(program, told, sandbox):
    failure = (await held(ADD, program, sandbox)).failure
    assert failure.category == "infrastructure"
    assert "the hidden tests cannot be run" in failure.message
    assert told in failure.message


async def test_a_test_that_reaches_for_files_is_stopped(sandbox, tmp_path):
    """A hidden test is a stranger's program too."""
    secret, mark = tmp_path / "secret", tmp_path / "mark"
    secret.write_text("secret")
    program = f"""
def check(candidate):
    for path, mode in (({str(secret)!r}, "r"), ({str(mark)!r}, "w")):
        try:
            open(path, mode)
        except OSError:
            continue
        raise AssertionError(path)
"""
    failure = (await held(ADD, program, sandbox)).failure
    assert not mark.exists()
    assert failure.category == "infrastructure"
    assert str(secret) in failure.message
    assert "open" in failure.message


async def test_a_test_that_looks_for_a_strategy_finds_none(sandbox):
    program = """
import gc, sys

def check(candidate):
    lift = [name for name in sys.modules if name.startswith("lift_sys")]
    inside = ("lift_sys.checking.sandbox", "lift_sys.ir.values", "lift_sys_")
    assert not [n for n in lift if n.count(".") > 1 and not n.startswith(inside)], lift
    kinds = {type(each).__name__ for each in gc.get_objects()}
    assert not kinds & {"RunContext", "Session", "Task", "Hidden", "PlainDraws", "Store"}
    for frame in sys._current_frames().values():
        while frame:
            assert "strategy" not in frame.f_globals
            frame = frame.f_back
    assert candidate(1, 1) == 2
"""
    assert (await held(ADD, program, sandbox)).failure is None


async def test_examples_and_a_program_together(sandbox):
    both = Hidden(task="add", tests=(Example(args=(1, 1), expected=2),), program=CHECK)
    verdict, passed = await judge_code(Code(name="add", source=ADD), both, sandbox)
    assert verdict.passed
    assert (passed, verdict.basis.examples) == (2, 2)
    wrong = Code(name="add", source="def add(a, b=1): return 2\n")
    verdict, passed = await judge_code(wrong, both, sandbox)
    assert not verdict.passed
    assert passed == 1
