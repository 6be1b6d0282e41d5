"""Grading: what hidden tests say of a solution. Nothing here is known to a run."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Final

from ..checking.execution import Call, observe
from ..checking.failing import not_loaded
from ..checking.shown import wrong_examples
from ..errors import SandboxFailed
from ..interfaces import Basis, Code, Failure, Hidden, Sandbox, Verdict, judge
from ..store import Grade
from .programs import hold
from .winners import Winner

_TRIES: Final = 3
"""A sandbox that broke says nothing of the code."""


def grader_of(hidden: Hidden) -> str:
    """Other tests are another grader: their grades stand beside each other."""
    return f"hidden:{hidden.digest}"


async def grade(winner: Winner, hidden: Hidden, sandbox: Sandbox) -> Grade:
    """The same code and the same tests give the same grade."""
    started = time.monotonic()
    total = len(hidden.tests) + (hidden.program is not None)
    if winner.code is None:
        failure = Failure(category=winner.lost, message=f"there is no code: {winner.why}")
        verdict, passed = judge((failure,), Basis(examples=total), ()), 0
    else:
        verdict, passed = await _judged(winner.code, hidden, sandbox)
    return Grade(
        task=hidden.task,
        grader=grader_of(hidden),
        verdict=_without_tests(verdict, total),
        passed=passed,
        total=total,
        seconds=round(time.monotonic() - started, 6),
    )


async def _judged(code: Code, hidden: Hidden, sandbox: Sandbox) -> tuple[Verdict, int]:
    broken = ""
    for _ in range(_TRIES):
        try:
            return await judge_code(code, hidden, sandbox)
        except SandboxFailed as error:
            broken = str(error)
    failure = Failure(category="infrastructure", message=f"the sandbox broke: {broken}")
    return judge((failure,), Basis(), ()), 0


async def judge_code(code: Code, hidden: Hidden, sandbox: Sandbox) -> tuple[Verdict, int]:
    """The verdict, and how many of the tests hold. Raises SandboxFailed."""
    failures, guards = await _on_examples(code, hidden, sandbox)
    passed = 0 if _never_loaded(failures) else len(hidden.tests) - len(failures)
    total = len(hidden.tests)
    if hidden.program is not None and not _never_loaded(failures):
        total += 1
        held = await hold(code, hidden, sandbox)
        guards = held.guards or guards
        passed += held.failure is None
        failures += [] if held.failure is None else [held.failure]
    return judge(tuple(failures), Basis(examples=total), tuple(guards)), passed


async def _on_examples(
    code: Code, hidden: Hidden, sandbox: Sandbox
) -> tuple[list[Failure], Sequence[str]]:
    if not hidden.tests:
        return [], ()
    observed = await observe(code, [Call.of(test) for test in hidden.tests], sandbox)
    if observed.loaded is not None:
        return [not_loaded(observed.loaded).failure], observed.guards
    wrong = wrong_examples(code.name, hidden.tests, observed.seen)
    return [each.failure for _, each in wrong], observed.guards


def _without_tests(verdict: Verdict, total: int) -> Verdict:
    """How many failed in which way. What is kept can be read by anybody who can read the store,
    and even an exception's text may tell what a test gave."""
    counted = Counter(failure.category for failure in verdict.failures)
    told: dict[str, Failure] = {}
    for failure in verdict.failures:
        message = f"{counted[failure.category]} of {total} hidden tests"
        if failure.category == "infrastructure" or not verdict.basis:
            message = failure.message
        told.setdefault(failure.category, Failure(category=failure.category, message=message))
    return verdict.model_copy(update={"failures": tuple(told.values())})


def _never_loaded(failures: Sequence[Failure]) -> bool:
    return any(failure.input is None for failure in failures)
