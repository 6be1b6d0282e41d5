"""Stage `implement`: from a task and its IR to Python."""

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...checking.assembly import Unassembled, assemble, source_of
from ...checking.examiner import Examiner
from ...checking.repair import repair
from ...checking.specification import open_holes
from ...data.dialect import Asked
from ...errors import SandboxError
from ...interfaces import (
    Candidate,
    Code,
    Constraint,
    Context,
    Digest,
    Failure,
    Grammar,
    Sandbox,
    Subject,
    Variation,
    Verdict,
)
from ...ir import IR, Signature, signature_line
from ...prompts import ir_text
from ..identity import digest
from .base import ModelProblem, Parsed, Rejected, drawn, examples_text
from .replies import split_before_code

_GRAMMAR = r"""
start: BEFORE"```python\n" import* HEAD line+ "```"
import: /(import [a-z_.]+|from [a-z_.]+ import [A-Za-z_, ]+)\n/
line: /    [^\n]+\n/ | "\n"
"""
_THOUGHT = r"""thought: /[^`\n][^\n]*\n/ | "\n"
"""


@dataclass(frozen=True, kw_only=True)
class ImplementProblem(ModelProblem[Code]):
    ir: IR
    examiner: Examiner
    repairs: bool = True
    """Whether a draw that fails its check is mended where that can be shown to do better."""

    @property
    def stage(self) -> str:
        return "implement"

    @property
    def signature(self) -> Signature | None:
        return self.ir.signature

    @property
    def sandbox(self) -> Sandbox:
        return self.examiner.sandbox

    def subject(self, value: Code) -> Subject:
        return Subject(task=self.task, ir=self.ir, code=value)

    def places(self) -> Mapping[str, str]:
        return {
            "request": self.task.request.strip(),
            "specification": ir_text(self.ir),
            "examples": examples_text(self.task, self.ir.signature.name),
            "asked": Asked(stage="implement", request=self.task.request, ir=self.ir).message(),
        }

    def constraint(self, variant: str) -> Constraint | None:
        # Reasoning comes first there, in words.
        return None if variant == "reasoning" else _function_grammar(self.ir)

    def constraint_with_reasoning(self) -> Constraint | None:
        return _function_grammar(self.ir, reasoned=True)

    def split(self, text: str) -> tuple[str | None, str]:
        return split_before_code(text)

    def parse(self, text: str) -> Parsed[Code]:
        try:
            return Parsed(assemble(text, self.ir.signature))
        except Unassembled as reason:
            raise Rejected(reason.failure) from reason

    async def draw(
        self, ctx: Context, n: int, vary: Variation | None = None
    ) -> Sequence[Candidate[Code]]:
        holes = open_holes(self.ir)
        if holes is not None:
            return [self._refused(ctx, holes) for _ in range(n)]
        candidates = await super().draw(ctx, n, vary)
        if not self.repairs:
            return candidates
        return [await self._mended(ctx, candidate) for candidate in candidates]

    def _refused(self, ctx: Context, failure: Failure) -> Candidate[Code]:
        """No model is asked for code to a specification with holes."""
        identifier = ctx.new_id(self.stage)
        candidate: Candidate[Code] = Candidate(identifier, self.stage, None, failure)
        ctx.emit(drawn(candidate))
        return candidate

    async def _mended(self, ctx: Context, candidate: Candidate[Code]) -> Candidate[Code]:
        """A candidate of its own, with the failing one as its parent; no model is asked."""
        name = self.ir.signature.name
        try:
            code = candidate.value or Code(name=name, source=source_of(candidate.text, name))
            repaired = await repair(code, self._check_text)
        except (Unassembled, SandboxError):
            return candidate  # nothing to mend, or whoever checks it next will be told
        if repaired is None:
            return candidate
        value = self.parse(repaired.code.source).value
        mended = replace(
            candidate,
            id=ctx.new_id(self.stage),
            value=value,
            failure=None,
            text=value.source,
            origin=None,
            parents=(candidate.id,),
            logprob=None,
            tokens=None,
            notes={**candidate.notes, "repair": ", ".join(repaired.passes)},
        )
        ctx.emit(drawn(mended))
        return mended

    async def _check_text(self, code: Code) -> Verdict:
        try:
            return await self.check(self.parse(code.source).value)
        except Rejected as rejected:
            return Verdict(status="fail", failures=(rejected.failure,))

    def form(self, value: Code) -> Digest:
        return digest(value.name, ast.dump(ast.parse(value.source)))

    async def observe(self, value: Code) -> Digest:
        return digest(*await self.examiner.behaviour(value))

    async def examine(self, value: Code) -> Verdict:
        return await self.examiner.examine(value)


def _function_grammar(ir: IR, *, reasoned: bool = False) -> Grammar:
    """One code block: imports, then the function, its first line letter by letter."""
    head = json.dumps(f"{signature_line(ir)}:\n", ensure_ascii=False)
    before, rules = ("thought+ ", _GRAMMAR + _THOUGHT) if reasoned else ("", _GRAMMAR)
    return Grammar(lark=rules.replace("BEFORE", before).replace("HEAD", head))
