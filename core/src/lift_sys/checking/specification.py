"""What can be said of an IR before there is code."""

from collections.abc import Sequence

from ..interfaces import Basis, Failure, Finding, Task, Verdict
from ..interfaces.verdict import judge
from ..ir import IR, unfilled
from .examiner import Examiner
from .interpreter import Stated, interpret


async def check_specification(
    task: Task, ir: IR, examiner: Examiner, stated: Sequence[Stated] = ()
) -> Verdict:
    """Whether it can take the visible examples, denies none of them, and makes sense in itself.

    `stated` are the texts that the request spells out.
    """
    basis, guards = Basis(examples=len(task.examples)), examiner.sandbox.guards()
    misfits, holes = misfits_of(task, ir), open_holes(ir)
    if holes is not None:
        misfits.append(holes)
    if misfits:
        return judge(tuple(misfits), basis, guards)
    failures = await examiner.contradictions()
    found = [
        *await interpret(task, ir, examiner.claims, examiner.sandbox, stated),
        *await examiner.findings(),
    ]
    failures += [_failure(each) for each in found if each.severity == "error"]
    notes = tuple(_told(each) for each in found if each.severity == "warning")
    return judge(tuple(failures), basis, guards).model_copy(update={"notes": notes})


def open_holes(ir: IR) -> Failure | None:
    """What keeps it from being implemented: the holes that nobody has filled."""
    told = [
        f"?{hole.id} in {path.rpartition('holes[')[0].rstrip('.') or 'the specification'} "
        f"({hole.kind}, {hole.type}): {hole.description}"
        for path, hole in unfilled(ir)
    ]
    if not told:
        return None
    message = f"holes that are not filled: {'; '.join(told)} (fill or remove each)"
    return Failure(category="specification", message=message)


def _failure(finding: Finding) -> Failure:
    return Failure(category="specification", message=_told(finding), input=finding.counterexample)


def _told(finding: Finding) -> str:
    where = f"{finding.path}: " if finding.path else ""
    remedy = f" ({finding.suggestion})" if finding.suggestion else ""
    return f"{where}{finding.code}: {finding.message}{remedy}"


def misfits_of(task: Task, ir: IR) -> list[Failure]:
    """Examples that it cannot take at all."""
    names = [parameter.name for parameter in ir.signature.parameters]
    for example in task.examples:
        given = len(example.args) + len(example.kwargs)
        if given > len(names) or not set(example.kwargs) <= set(names):
            message = (
                f"{ir.signature.name} takes {len(names)} parameters ({', '.join(names)}), "
                f"an example gives {given}"
            )
            return [Failure(category="invalid", message=message)]
    return []
