"""What a run makes of one task."""

from dataclasses import dataclass, field
from typing import Any, Literal

from ..interfaces import Attempt, Solution, Spend, Task

Status = Literal["pass", "fail", "unverified", "error", "cancelled"]


@dataclass(frozen=True, slots=True)
class TaskResult:
    task: Task
    status: Status
    why: str
    """Why nothing more was tried, as a sentence."""
    solution: Solution | None = None
    attempts: tuple[Attempt, ...] = ()
    spend: Spend = field(default_factory=Spend)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The documented, versioned form."""
        solution = None if self.solution is None else self.solution.model_dump(mode="json")
        return {
            "version": 1,
            "task": self.task.id,
            "request": self.task.request,
            "status": self.status,
            "why": self.why,
            "solution": solution,
            "attempts": [
                {
                    "route": attempt.route,
                    "verdict": attempt.verdict.model_dump(mode="json"),
                    "fault": attempt.fault,
                    "spend": attempt.spend.model_dump(mode="json"),
                }
                for attempt in self.attempts
            ],
            "spend": self.spend.model_dump(mode="json"),
            "seconds": round(self.seconds, 3),
        }
