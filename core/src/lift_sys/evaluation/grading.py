"""Grading: what hidden tests say of a solution. Nothing here is known to a run."""

import time
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from ..checking.execution import Call, observe
from ..checking.failing import not_loaded
from ..checking.shown import wrong_examples
from ..checking.taxonomy import Wrong
from ..errors import SandboxFailed
from ..interfaces import Basis, Code, Failure, Hidden, Sandbox, Task, Verdict, judge
from ..interfaces.verdict import Category
from ..store import Grade
from .mistakes import categories
from .programs import hold
from .winners import Winner

TRIES: Final = 3
"""A sandbox that broke says nothing of the code."""


def grader_of(hidden: Hidden) -> str:
    """Other tests are another grader: their grades stand beside each other."""
    return f"hidden:{hidden.digest}"


async def grade(task: Task, winner: Winner, hidden: Hidden, sandbox: Sandbox) -> Grade:
    """The same code and the same tests give the same grade. What breaks in it costs this one."""
    started = time.monotonic()
    try:
        verdict, passed = await _graded(task, winner, hidden, sandbox)
    except Exception as error:  # noqa: BLE001 - whatever a winner's values set off
        verdict, passed = broke(error), 0
    return Grade(
        task=task.id,
        grader=grader_of(hidden),
        verdict=verdict,
        passed=passed,
        total=_total(hidden),
        seconds=round(time.monotonic() - started, 6),
    )


async def judge_code(code: Code, hidden: Hidden, sandbox: Sandbox) -> tuple[Verdict, int]:
    """The verdict, and how many of the tests hold. Raises SandboxFailed."""
    tried = await _tried(code, hidden, sandbox)
    return judge(tried.failures, Basis(examples=_total(hidden)), tried.guards), tried.passed


async def _graded(
    task: Task, winner: Winner, hidden: Hidden, sandbox: Sandbox
) -> tuple[Verdict, int]:
    basis, broken = Basis(examples=_total(hidden)), ""
    if winner.code is None:
        failure = Failure(category=winner.lost, message=f"there is no code: {winner.why}")
        return judge((failure,), basis, ()), 0
    for _ in range(TRIES):
        try:
            tried = await _tried(winner.code, hidden, sandbox)
            ir = hidden.ir or winner.ir
            named = await categories(task, winner.code, ir, tried.wrong, tried.right, sandbox)
        except SandboxFailed as error:
            broken = str(error)
            continue
        failures = _without_tests(tried, named, _total(hidden))
        return judge(failures, basis, tried.guards), tried.passed
    return lost(f"the sandbox broke: {broken}"), 0


def lost(why: str) -> Verdict:
    """Nothing is known of the code; it counts as wrong all the same."""
    return judge((Failure(category="infrastructure", message=why),), Basis(), ())


def broke(error: Exception) -> Verdict:
    """Its text may tell what a test gave."""
    return lost(f"grading it broke with {type(error).__name__}")


class _Tried(NamedTuple):
    wrong: Sequence[Wrong]
    right: Sequence[tuple[Call, Any]]
    """With what was returned."""
    program: Failure | None
    passed: int
    guards: tuple[str, ...]

    @property
    def failures(self) -> tuple[Failure, ...]:
        of_program = () if self.program is None else (self.program,)
        return (*(each.failure for each in self.wrong), *of_program)


async def _tried(code: Code, hidden: Hidden, sandbox: Sandbox) -> _Tried:
    if not hidden.tests:
        held = await hold(code, hidden, sandbox)
        return _Tried((), (), held.failure, int(held.failure is None), held.guards)
    observed = await observe(code, [Call.of(test) for test in hidden.tests], sandbox)
    if observed.loaded is not None:
        return _Tried([not_loaded(observed.loaded)], (), None, 0, observed.guards)
    wrong = dict(wrong_examples(code.name, hidden.tests, observed.seen))
    right = [
        (call, seen.result)
        for place, (call, seen) in enumerate(zip(observed.calls, observed.seen, strict=True))
        if place not in wrong and seen.outcome == "returned"
    ]
    passed, program = len(hidden.tests) - len(wrong), None
    if hidden.program is not None:
        program = (await hold(code, hidden, sandbox)).failure
        passed += program is None
    return _Tried([*wrong.values()], right, program, passed, observed.guards)


def _without_tests(tried: _Tried, named: Sequence[Category], total: int) -> tuple[Failure, ...]:
    """How many failed in which way. What is kept can be read by anybody who can read the store,
    and even an exception's text may tell what a test gave."""
    if any(wrong.call is None for wrong in tried.wrong):
        return (Failure(category=named[0], message="the code cannot be loaded"),)
    if tried.program is not None and tried.program.category == "infrastructure":
        return (tried.program,)  # of the tests, not of the code
    found: list[Category] = [*named]
    if tried.program is not None:
        found.append(tried.program.category)
    return tuple(
        Failure(category=category, message=f"{found.count(category)} of {total} hidden tests")
        for category in dict.fromkeys(found)
    )


def _total(hidden: Hidden) -> int:
    return len(hidden.tests) + (hidden.program is not None)
