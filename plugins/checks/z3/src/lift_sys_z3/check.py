"""Asks the solver in a process of its own, and confirms every counterexample in the sandbox."""

import asyncio
import contextlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from lift_sys.interfaces import (
    Finding,
    Invocation,
    Job,
    Observation,
    Parts,
    Sandbox,
    SandboxLimits,
    Subject,
)
from lift_sys.ir import IR, Predicate, assertions, conditions, decode, encode

from .plugin import Z3Options
from .questions import Answer, Kind, Question, question

Severity = Literal["error", "warning", "info"]

CODES: Final[Mapping[Kind, tuple[Severity, str, str]]] = {
    "no-input": (
        "error",
        "the preconditions exclude every input",
        "correct them: together they can hold for nothing",
    ),
    "no-result": (
        "error",
        "for no input is there a result of the declared type that all assertions allow",
        "remove or correct one of them",
    ),
    "gap": (
        "warning",
        "no branch covers this input, and the assertions leave its result open",
        "add a branch without `when`, or one for this input",
    ),
    "overlap": (
        "info",
        "two branches with different outcomes hold for this input; the first wins",
        "put the other first if it is meant to win",
    ),
    "unreachable": (
        "warning",
        "this branch's condition never holds, or only where an earlier one does",
        "put it before the branch that hides it, or correct the condition",
    ),
    "redundant": (
        "info",
        "the other assertions imply this one",
        "nothing, or say something that they do not",
    ),
    "skipped": (
        "info",
        "a predicate is outside what the solver was told of Python; nothing was proven with it",
        "nothing: other checks evaluate it",
    ),
}
"""By kind of answer; the code is `z3-` and the kind. docs/findings.md shows this table."""

_LIMITS: Final = SandboxLimits(cpu_seconds=1.0, wall_seconds=2.0, job_seconds=5.0)


class Z3Check:
    def __init__(self, options: Z3Options, parts: Parts | None = None) -> None:
        self._options = options

    async def examine(self, subject: Subject, sandbox: Sandbox) -> Sequence[Finding]:
        """What is known of the specification; of code it finds nothing."""
        if subject.code is not None:
            return []
        asked = question(subject.ir, self._options.query_ms, self._options.memory_mb)
        if not (asked.preconditions or asked.assertions or asked.ladder):
            return []
        answers, finished = await self._ask(asked)
        found = [
            _finding(subject.ir, answer)
            for answer in answers
            if await _confirmed(subject.ir, answer, sandbox)
        ]
        if not finished:
            message = f"the solver was ended after {self._options.total_seconds:g} seconds"
            found.append(Finding(code="z3-gave-up", severity="info", message=message))
        return found

    async def _ask(self, asked: Question) -> tuple[list[Answer], bool]:
        """The answers that came in time, and whether those are all."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "lift_sys_z3.prove",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        answers: list[Answer] = []
        try:
            async with asyncio.timeout(self._options.total_seconds):
                process.stdin.write(asked.model_dump_json().encode())
                process.stdin.close()
                async for line in process.stdout:
                    answers += [Answer.model_validate_json(line)]
                return answers, await process.wait() == 0
        except (TimeoutError, ConnectionError):
            return answers, False
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


def _finding(ir: IR, answer: Answer) -> Finding:
    severity, meaning, remedy = CODES[answer.kind]
    message = meaning
    if answer.kind == "skipped":
        message = f"{meaning}: {answer.other}"
    elif answer.other:
        message = f"{meaning}: {answer.other} and {answer.path}"
    return Finding(
        code=f"z3-{answer.kind}",
        severity=severity,
        message=message,
        path=answer.path,
        suggestion=remedy,
        counterexample=None if answer.inputs is None else _call(ir, answer.inputs),
    )


def _call(ir: IR, inputs: Mapping[str, Any]) -> str:
    names = [parameter.name for parameter in ir.signature.parameters]
    return f"{ir.signature.name}({', '.join(f'{inputs[name]!r}' for name in names)})"


async def _confirmed(ir: IR, answer: Answer, sandbox: Sandbox) -> bool:
    """Whether Python says of the input what the solver does."""
    if answer.inputs is None:
        return True
    if answer.inputs.keys() != {parameter.name for parameter in ir.signature.parameters}:
        return False
    before = [each for _, each in assertions(ir) if each.about_inputs_only]
    when = dict(conditions(ir))
    truths = await _truths([*before, *when.values()], answer.inputs, sandbox)
    if not all(truth is True for truth in truths[: len(before)]):
        return False
    held = dict(zip(when, truths[len(before) :], strict=True))
    if answer.kind == "overlap":
        return all(held[f"{path}.when"] is True for path in (answer.path, answer.other))
    uncovered = all(truth is False for truth in held.values())
    return uncovered and not await _shown(ir, list(when.values()), sandbox)


async def _shown(ir: IR, when: Sequence[Predicate], sandbox: Sandbox) -> bool:
    """Whether an example of the IR lies in the gap: then that is no oversight."""
    names = [parameter.name for parameter in ir.signature.parameters]
    for _, predicate in assertions(ir):
        call = predicate.example
        if call is None:
            continue
        inputs = {**dict(zip(names, call.args, strict=False)), **dict(call.kwargs)}
        if all(truth is False for truth in await _truths(when, inputs, sandbox)):
            return True
    return False


async def _truths(
    predicates: Sequence[Predicate], inputs: Mapping[str, Any], sandbox: Sandbox
) -> list[object]:
    source = "\n".join(each.compile_source(f"holds_{n}") for n, each in enumerate(predicates))
    job = Job(
        source=source,
        invocations=tuple(
            Invocation(
                function=f"holds_{number}",
                kwargs={name: encode(inputs[name]) for name in each.names},
            )
            for number, each in enumerate(predicates)
        ),
        limits=_LIMITS,
    )
    report = await sandbox.run(job)
    return [_truth(seen) for seen in report.observations] or [None] * len(predicates)


def _truth(seen: Observation) -> object:
    return decode(seen.value) if seen.outcome == "returned" else None
