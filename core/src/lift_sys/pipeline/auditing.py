"""Whether two answers to one task, found apart from each other, do the same."""

from ..errors import SandboxError
from ..interfaces import Sandbox, Solution, Task
from .stages import RouteStages


async def compared(
    task: Task,
    sandbox: Sandbox,
    stages: RouteStages,
    accepted: Solution,
    other: Solution | None,
) -> tuple[bool | None, str]:
    """On the visible examples and the inputs that the accepted one's specification admits; and
    why, where that cannot be said."""
    if other is None or other.code is None or accepted.code is None:
        return None, "the audit came to no code"
    if not other.verdict.passed:
        return None, f"the audit's own answer does not pass: {other.verdict.status}"
    problem = stages.implement_stage.implement(task, accepted.ir, sandbox)
    try:
        same = await problem.behaviour(accepted.code) == await problem.behaviour(other.code)
    except SandboxError as error:
        return None, str(error)
    return same, "they do the same" if same else "they do not do the same"
