"""How good a specification is in itself: what it keeps of the request, and which mistakes its
claims would notice."""

from typing import Final, NamedTuple

from ..checking.constants import constants_of_ir, same_constant
from ..checking.examiner import Examiner
from ..checking.mutants import mutants
from ..interfaces import Code, Hidden, Sandbox, Task
from ..ir import IR
from ..prompts import literals
from .grading import judge_code
from .mutation import Hurried

TRIED: Final = 24
"""Mutants of a reference, about."""
_EXACT: Final = ("returned", "contained")


class Share(NamedTuple):
    some: int
    of: int


def literals_kept(task: Task, ir: IR | None) -> Share:
    """Of the texts that the request wants to come out, those that the specification spells out
    as they are; without one, none."""
    wanted = {
        each.value
        for each in literals(task.request)
        if each.role in _EXACT and isinstance(each.value, str) and each.value
    }
    there = () if ir is None or not wanted else constants_of_ir(ir).every
    kept = sum(any(same_constant(value, other) for other in there) for value in wanted)
    return Share(kept, len(wanted))


async def mutants_killed(task: Task, ir: IR, hidden: Hidden, sandbox: Sandbox) -> Share:
    """Of mutants of the reference that hidden tests refute, those that the specification's own
    assertions and effects refute too. Raises SandboxFailed."""
    reference = hidden.reference
    if reference is None or reference.name != ir.signature.name:
        return Share(0, 0)
    hurried = Hurried(sandbox)
    # The task's visible examples are the request's merit, not the specification's.
    examiner = Examiner(task.model_copy(update={"examples": ()}), ir, hurried)
    every = [*mutants(reference.source)]
    killed = wrong = 0
    # From all over the code, where there are more than are tried.
    for mutant in every[:: max(1, len(every) // TRIED)]:
        code = Code(name=reference.name, source=mutant.source)
        verdict, _ = await judge_code(code, hidden, hurried)
        if not verdict.passed:
            wrong += 1
            killed += (await examiner.examine(code)).status == "fail"
    return Share(killed, wrong)
