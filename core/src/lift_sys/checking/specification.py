"""What can be said of an IR before there is code."""

from ..interfaces import Basis, Failure, Task, Verdict
from ..interfaces.verdict import judge
from ..ir import IR
from .examiner import Examiner, failure_of


async def check_specification(task: Task, ir: IR, examiner: Examiner) -> Verdict:
    """Whether it can take the visible examples, and says nothing that they deny."""
    failures = _misfits(task, ir) or await examiner.contradictions()
    found = await examiner.findings()
    failures += [failure_of(each) for each in found if each.severity == "error"]
    return judge(tuple(failures), Basis(examples=len(task.examples)), examiner.sandbox.guards())


def _misfits(task: Task, ir: IR) -> list[Failure]:
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
