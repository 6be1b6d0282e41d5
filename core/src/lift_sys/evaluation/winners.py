"""What a run left behind, as whoever grades it reads it."""

import json
from dataclasses import dataclass, field

from ..errors import InputError
from ..interfaces import (
    Assignment,
    Code,
    RunStarted,
    Spend,
    Task,
    TaskEnded,
    TaskStarted,
    Verdict,
)
from ..interfaces.verdict import Category
from ..store import Store
from .results import Ended


@dataclass(frozen=True, slots=True)
class Winner:
    """A task as the run left it."""

    id: str
    status: Ended
    why: str
    code: Code | None = None
    visible: Verdict | None = None
    """What the run itself said of the code."""
    spend: Spend = field(default_factory=Spend)
    seconds: float = 0.0
    category: str | None = None
    difficulty: str | None = None
    part: str | None = None

    @property
    def lost(self) -> Category:
        """What to blame where there is no code."""
        if self.status in ("error", "cancelled", "not run"):
            return "infrastructure"
        return (self.visible and self.visible.category) or "invalid"


@dataclass(frozen=True, slots=True)
class FinishedRun:
    id: str
    started: RunStarted
    assignment: Assignment
    winners: tuple[Winner, ...]
    """One for each task of the assignment, in its order."""


def read_run(store: Store, run: str) -> FinishedRun:
    """Raises InputError where the run was not made to be graded."""
    id = store.run(run).id
    begun: RunStarted | None = None
    tasks: dict[str, Task] = {}
    ended: dict[str, TaskEnded] = {}
    for recorded in store.events(id, kinds=("run_started", "task_started", "task_ended")):
        match recorded.event:
            case RunStarted() as event:
                begun = event
            case TaskStarted() as event:
                tasks[event.task] = Task.model_validate_json(json.dumps(event.document))
            case TaskEnded() as event:
                ended[event.task] = event
            case _:
                pass
    if begun is None or begun.assignment is None:
        raise InputError(
            f"the run {id} was not given the tasks of a suite, so there is nothing to grade it by",
            remedy="`lift eval` makes runs that can be graded",
        )
    winners = tuple(
        _winner(name, tasks.get(name), ended.get(name)) for name in begun.assignment.tasks
    )
    return FinishedRun(id, begun, begun.assignment, winners)


def _winner(id: str, task: Task | None, ended: TaskEnded | None) -> Winner:
    if task is None or ended is None:
        why = "the run ended before it" if task is None else "the run ended in the middle of it"
        return Winner(id, "not run", why)
    solution = ended.solution
    return Winner(
        id=id,
        status=ended.status,
        why=ended.why,
        code=solution.code if solution else None,
        visible=solution.verdict if solution else None,
        spend=ended.spend,
        seconds=ended.seconds,
        category=task.category,
        difficulty=task.difficulty,
        part=task.metadata.get("part"),
    )
