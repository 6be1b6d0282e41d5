"""Stage `implement`: from a task and its IR to Python."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...checking.examiner import Examiner
from ...interfaces import Code, Constraint, Digest, Failure, Verdict
from ...ir import IR, Signature
from ...prompts import ir_text
from ..identity import digest
from .base import ModelProblem, Parsed, Rejected, examples_text
from .replies import split_before_code

_FENCE = re.compile(r"```[^\n]*\n(.*?)(?:\n```|\Z)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class ImplementProblem(ModelProblem[Code]):
    ir: IR
    examiner: Examiner

    @property
    def stage(self) -> str:
        return "implement"

    @property
    def signature(self) -> Signature | None:
        return self.ir.signature

    def places(self) -> Mapping[str, str]:
        return {
            "request": self.task.request,
            "specification": ir_text(self.ir),
            "examples": examples_text(self.task, self.ir.signature.name),
        }

    def constraint(self, variant: str) -> Constraint | None:
        return None

    def split(self, text: str) -> tuple[str | None, str]:
        return split_before_code(text)

    def parse(self, text: str) -> Parsed[Code]:
        name = self.ir.signature.name
        source = _code_of(text)
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise Rejected(
                Failure(category="invalid", message=f"the code does not parse: {error}")
            ) from error
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        if name not in defined:
            found = ", ".join(sorted(defined)) or "no function"
            message = f"the code must define {name}, it defines {found}"
            raise Rejected(Failure(category="invalid", message=message))
        return Parsed(Code(name=name, source=source))

    def canonical(self, value: Code) -> Digest:
        return digest(value.name, ast.dump(ast.parse(value.source)))

    async def observe(self, value: Code) -> Digest:
        return digest(*await self.examiner.behaviour(value))

    async def examine(self, value: Code) -> Verdict:
        return await self.examiner.examine(value)


def _code_of(text: str) -> str:
    """The last fenced block, or the whole text where there is none."""
    blocks: list[str] = _FENCE.findall(text)
    return (blocks[-1] if blocks else text).strip() + "\n"
