"""Whether a suite can grade at all: each task's own reference against its tests."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from ..checking.execution import Call, observe
from ..checking.shown import wrong_examples
from ..interfaces import Example, Hidden, Sandbox, Task
from ..ir import check
from .grading import judge_code
from .mutation import MutationReport, try_mutants
from .sources import OpenSource


@dataclass(frozen=True, slots=True)
class TaskReport:
    task: str
    problems: tuple[str, ...]
    mutants: MutationReport | None = None


async def validate(
    source: OpenSource, tasks: Sequence[Task], sandbox: Sandbox, *, mutants: bool = False
) -> AsyncIterator[TaskReport]:
    """One report for each task, in order."""
    found = source.source.hidden([task.id for task in tasks])
    for task in tasks:
        hidden = found.get(task.id)
        if hidden is None:
            yield TaskReport(task.id, ("it has no hidden tests",))
            continue
        problems = [*_by_reading(task, hidden), *await _by_running(task, hidden, sandbox)]
        tried = None
        if mutants and not problems and hidden.reference is not None:
            tried = await try_mutants(task, hidden, sandbox)
        yield TaskReport(task.id, tuple(problems), tried)


def _by_reading(task: Task, hidden: Hidden) -> list[str]:
    name, reference = task.name, hidden.reference
    problems = [
        f"a hidden test is visible too: {test.call(name or 'it')}"
        for test in hidden.tests
        if test.call("") in {shown.call("") for shown in task.examples}
    ]
    if name is not None and reference is not None and reference.name != name:
        problems.append(f"it asks for {name}, and its reference is called {reference.name}")
    if hidden.ir is not None:
        problems += [f"its reference specification: {each}" for each in check(hidden.ir)]
    return problems


async def _by_running(task: Task, hidden: Hidden, sandbox: Sandbox) -> list[str]:
    reference = hidden.reference
    if reference is None:
        return []
    verdict, _ = await judge_code(reference, hidden, sandbox)
    problems = [
        f"its own reference fails a hidden test: {failure.input or ''} {failure.message}".strip()
        for failure in verdict.failures
    ]
    if verdict.passed:
        problems += await _wrongly_shown(task.examples, hidden, sandbox)
    return problems


async def _wrongly_shown(
    examples: Sequence[Example], hidden: Hidden, sandbox: Sandbox
) -> list[str]:
    reference = hidden.reference
    if reference is None or not examples:
        return []
    observed = await observe(reference, [Call.of(each) for each in examples], sandbox)
    return [
        f"its own reference fails a visible example: {wrong.failure.input}"
        for _, wrong in wrong_examples(reference.name, examples, observed.seen)
    ]
