"""Stage `specify`: from a task to its IR."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ...checking.examiner import Examiner
from ...checking.interpreter import Stated
from ...checking.specification import check_specification
from ...data.dialect import Asked
from ...interfaces import (
    Check,
    Constraint,
    Digest,
    Failure,
    Grammar,
    JsonSchema,
    Sandbox,
    Subject,
    Task,
    Verdict,
)
from ...ir import IR, ReadError, Signature, json_schema, meaning_digest, read
from ...prompts import literals
from .base import ModelProblem, Parsed, Rejected, examples_text

MAX_PROBLEMS = 6

_SCHEMA = JsonSchema(name="specification", document=json_schema())
_AFTER_REASONING = Grammar(
    lark=rf"""
start: "REASONING\n" THOUGHT+ "SPECIFICATION\n" specification
THOUGHT: /[^\n]*\n/ & ~/SPECIFICATION\n/
specification: %json {json.dumps(json_schema())}
"""
)


@dataclass(frozen=True, kw_only=True)
class SpecifyProblem(ModelProblem[IR]):
    sandbox: Sandbox
    checks: tuple[Check, ...] = ()

    @property
    def stage(self) -> str:
        return "specify"

    @property
    def signature(self) -> Signature | None:
        return self.task.signature

    def subject(self, value: IR) -> Subject:
        return Subject(task=self.task, ir=value)

    def places(self) -> Mapping[str, str]:
        return {
            "request": self.task.request.strip(),
            "pinned": _pinned(self.task),
            "examples": examples_text(self.task, self.task.name),
            "asked": Asked(
                stage="specify",
                request=self.task.request,
                signature=self.task.signature,
                function=self.task.name,
            ).message(),
        }

    def constraint(self, variant: str) -> Constraint | None:
        # A schema leaves no room for the reasoning that this variant puts first.
        return None if variant == "reasoning" else _SCHEMA

    def constraint_with_reasoning(self) -> Constraint | None:
        return _AFTER_REASONING

    def parse(self, text: str) -> Parsed[IR]:
        try:
            reading = read(text)
        except ReadError as error:
            message = f"the reply is no specification: {_all_problems(error)}"
            raise Rejected(Failure(category="invalid", message=message)) from error
        ir = reading.ir
        pinned = self.task.signature
        if _breaks_a_pin(ir.signature, self.task):
            message = f"it must have exactly {_pinned(self.task)}"
            raise Rejected(Failure(category="invalid", message=message))
        if pinned is not None:
            ir = ir.model_copy(update={"signature": pinned})
        notes: dict[str, str] = {}
        if reading.repairs:
            notes["repairs"] = "; ".join(str(repair) for repair in reading.repairs)
        if reading.truncated:
            notes["truncated"] = "the reply was cut off: the specification may lack its end"
        return Parsed(ir, notes)

    def form(self, value: IR) -> Digest:
        return meaning_digest(value)

    async def observe(self, value: IR) -> Digest:
        return await Examiner(self.task, value, self.sandbox).meaning()

    async def examine(self, value: IR) -> Verdict:
        examiner = Examiner(self.task, value, self.sandbox, self.checks)
        stated = [
            Stated(literal.value, returned=literal.role == "returned")
            for literal in literals(self.task.request)
            if isinstance(literal.value, str)
        ]
        return await check_specification(self.task, value, examiner, stated)


def _breaks_a_pin(signature: Signature, task: Task) -> bool:
    if task.signature is not None:
        return _names(signature) != _names(task.signature)
    return task.name is not None and signature.name != task.name


def _names(signature: Signature) -> tuple[str, ...]:
    """What predicates and tests bind to."""
    return (signature.name, *(parameter.name for parameter in signature.parameters))


def _pinned(task: Task) -> str:
    """Goes on a sentence."""
    if task.signature is None:
        return f"this function name: {task.name}" if task.name else ""
    parameters = ", ".join(f"{p.name}: {p.type}" for p in task.signature.parameters)
    return f"this signature:\ndef {task.signature.name}({parameters}) -> {task.signature.returns}"


def _all_problems(error: ReadError) -> str:
    """Where and what, and the further ones, so that a model mends all at once."""
    further = [f"{one.path}: {one.message}" for one in error.problems[1:MAX_PROBLEMS]]
    return "; ".join([str(error), *further])
