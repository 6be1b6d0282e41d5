"""What one attempt at a task leaves to the next, and which stage is blamed."""

from dataclasses import dataclass, replace

from ...interfaces import Candidate, Feedback, Solution, Task
from ...ir import IR

PATIENCE = 2
"""How often code for one IR may fail before the IR is blamed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What earlier attempts at the task leave to the next one."""

    ir: Candidate[IR] | None = None
    """To be kept; only code is drawn then."""
    feedback: Feedback | None = None
    """For the stage that the next attempt begins with."""
    code_failures: int = 0
    given: bool = False
    """Whether the IR came with the task: then it is kept, whatever happens."""

    @classmethod
    def of(cls, task: Task) -> "Progress":
        """Before the first attempt."""
        if task.specification is None:
            return cls()
        return cls(Candidate(id="given", stage="specify", value=task.specification), given=True)

    def after(self, feedback: Feedback) -> "Progress":
        """The fault rule: blame the IR when it is at fault or its code has failed too often."""
        if self.given:
            return self if _is_nobodys_fault(feedback) else replace(self, feedback=feedback)
        previous = feedback.previous
        solution: Solution | None = None if previous is None else previous.value
        if previous is None or solution is None:
            return self if _is_nobodys_fault(feedback) else Progress(feedback=feedback)
        if _is_nobodys_fault(feedback):
            return replace(self, ir=_specified(previous, solution))
        failures = self.code_failures + 1
        if solution.fault == "specify" or failures > PATIENCE:
            text = solution.ir.model_dump_json(exclude_defaults=True)
            return Progress(feedback=replace(feedback, previous=replace(previous, text=text)))
        ir = _specified(previous, solution)
        return Progress(ir=ir, feedback=feedback, code_failures=failures)


def _specified(attempt: Candidate[Solution], solution: Solution) -> Candidate[IR]:
    return Candidate(
        id=attempt.parents[0],
        stage="specify",
        value=solution.ir,
        reasoning=attempt.reasoning,
        calls=attempt.calls,
    )


def _is_nobodys_fault(feedback: Feedback) -> bool:
    """No model can mend a server that is down."""
    return {failure.category for failure in feedback.failures} == {"infrastructure"}
