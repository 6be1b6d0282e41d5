"""Whether hidden tests notice mistakes: mutants of a task's own reference are shown to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..checking.claims import Claims
from ..checking.execution import Call
from ..checking.inputs import Arguments, generate
from ..checking.mutants import Behaviour, Mutant, mutants
from ..checking.truth import Situation
from ..errors import InputError
from ..interfaces import Code, Hidden, Job, Report, Sandbox, Task
from ..ir import IR, Intent
from .grading import judge_code

INPUTS: Final = 300
"""A mutant that does the same as the reference on as many counts as equivalent."""
_SEED: Final = 8192
"""Not that of the checks, nor of those who made the tests."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A wrong mutant that all hidden tests let pass, with a call that shows the mistake."""

    mutant: Mutant
    shown_by: str


@dataclass(frozen=True, slots=True)
class MutationReport:
    task: str
    killed: int
    equivalent: int
    survivors: tuple[Survivor, ...]

    @property
    def wrong(self) -> int:
        return self.killed + len(self.survivors)


async def try_mutants(
    task: Task, hidden: Hidden, sandbox: Sandbox, *, inputs: int = INPUTS
) -> MutationReport:
    """Raises InputError where the task has no reference or no signature."""
    reference, ir = hidden.reference, _specification(task, hidden)
    if reference is None:
        raise InputError(
            f"the task {task.id!r} has no reference implementation to make mutants of",
            remedy="add one to its hidden tests",
        )
    hurried = Hurried(sandbox)
    asked = [Call.of(test) for test in hidden.tests]
    calls = await _allowed(ir, task, hidden, hurried, inputs)
    behaviour = await Behaviour.of(reference, calls, hurried, asked=asked)
    killed, equivalent = 0, 0
    survivors: list[Survivor] = []
    for mutant in mutants(reference.source):
        code = Code(name=reference.name, source=mutant.source)
        # First what is cheap, and decides for most.
        verdict, _ = await judge_code(code, hidden, hurried)
        if not verdict.passed:
            killed += 1
            continue
        shown_by = await behaviour.told_apart(code, hurried)
        if shown_by is None:
            equivalent += 1
        else:
            survivors.append(Survivor(mutant, shown_by.text(reference.name)))
    return MutationReport(task.id, killed, equivalent, tuple(survivors))


def _specification(task: Task, hidden: Hidden) -> IR:
    if hidden.ir is not None:
        return hidden.ir
    if task.signature is None:
        raise InputError(
            f"the task {task.id!r} says nowhere which inputs its function takes",
            remedy="give it a signature",
        )
    return IR(intent=Intent(summary=task.id), signature=task.signature)


async def _allowed(
    ir: IR, task: Task, hidden: Hidden, sandbox: Sandbox, count: int
) -> Sequence[Call]:
    """Generated inputs that keep to the specification's preconditions."""
    claims = Claims.of(ir, task.examples)
    known = [example.args for example in (*task.examples, *hidden.tests)]
    literals = [*claims.literals, *(value for arguments in known for value in arguments)]
    made: Sequence[Arguments] = generate(
        ir.signature, literals, seeds=known, count=count, seed=_SEED
    )
    situations = [Situation(arguments, arguments) for arguments in made]
    rows = await claims.predicates.hold(situations, sandbox, list(claims.preconditions))
    return [
        Call(arguments)
        for arguments, row in zip(made, rows, strict=True)
        if all(truth is True for truth in row)
    ]


class Hurried:
    """Mutants loop for ever more often than models do."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def guards(self) -> tuple[str, ...]:
        return self._sandbox.guards()

    async def run(self, job: Job) -> Report:
        limits = job.limits.model_copy(update={"cpu_seconds": min(job.limits.cpu_seconds, 0.25)})
        return await self._sandbox.run(job.model_copy(update={"limits": limits}))

    async def aclose(self) -> None:
        await self._sandbox.aclose()
