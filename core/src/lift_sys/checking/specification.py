"""What can be said of an IR before there is code."""

from ..interfaces import Basis, Failure, Task, Verdict
from ..interfaces.verdict import judge
from ..ir import IR


def check_specification(task: Task, ir: IR) -> Verdict:
    """Whether the signature can take the visible examples at all."""
    names = [parameter.name for parameter in ir.signature.parameters]
    failures = tuple(
        Failure(
            category="invalid",
            message=f"{ir.signature.name} takes {len(names)} parameters ({', '.join(names)}), "
            f"an example gives {len(example.args) + len(example.kwargs)}",
        )
        for example in task.examples
        if len(example.args) + len(example.kwargs) > len(names)
        or not set(example.kwargs) <= set(names)
    )
    return judge(failures[:1], Basis(examples=len(task.examples)), ())
