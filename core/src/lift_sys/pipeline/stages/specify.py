"""Stage `specify`: from a task to its IR."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from ...checking.examiner import Examiner
from ...checking.specification import check_specification
from ...interfaces import Check, Constraint, Digest, Failure, JsonSchema, Sandbox, Task, Verdict
from ...ir import IR, meaning_digest
from .base import ModelProblem, Rejected, examples_text

_SCHEMA = JsonSchema(name="specification", document=IR.model_json_schema())


@dataclass(frozen=True, kw_only=True)
class SpecifyProblem(ModelProblem[IR]):
    sandbox: Sandbox
    checks: tuple[Check, ...] = ()

    @property
    def stage(self) -> str:
        return "specify"

    def places(self) -> Mapping[str, str]:
        return {
            "request": self.task.request,
            "pinned": _pinned(self.task),
            "examples": examples_text(self.task, _name(self.task)),
        }

    def constraint(self, variant: str) -> Constraint | None:
        # A schema leaves no room for the reasoning that this variant puts first.
        return None if variant == "reasoning" else _SCHEMA

    def parse(self, text: str) -> IR:
        try:
            ir = IR.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            message = f"the reply is no specification: {where}: {first['msg']}".replace(": :", ":")
            raise Rejected(Failure(category="invalid", message=message)) from error
        if self.task.signature is not None:
            ir = ir.model_copy(update={"signature": self.task.signature})
        return ir

    def canonical(self, value: IR) -> Digest:
        return meaning_digest(value)

    async def observe(self, value: IR) -> Digest:
        return await Examiner(self.task, value, self.sandbox).meaning()

    async def examine(self, value: IR) -> Verdict:
        examiner = Examiner(self.task, value, self.sandbox, self.checks)
        return await check_specification(self.task, value, examiner)


def _name(task: Task) -> str:
    return task.signature.name if task.signature else "f"


def _pinned(task: Task) -> str:
    if task.signature is None:
        return ""
    parameters = ", ".join(f"{p.name}: {p.type}" for p in task.signature.parameters)
    head = f"def {task.signature.name}({parameters}) -> {task.signature.returns}"
    return f"\nUse exactly this signature:\n{head}\n"
