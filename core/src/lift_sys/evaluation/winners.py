"""What a run left behind, as whoever grades it reads it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json

from ..errors import InputError
from ..interfaces import (
    Assignment,
    Code,
    RunStarted,
    Spend,
    TaskEnded,
    Verdict,
)
from ..interfaces.verdict import Category
from ..ir import IR
from ..pipeline.config import PluginRules
from ..pipeline.environment import Secrets
from ..pipeline.recorded import assignment_of
from ..store import Store
from ..store.outlines import Outline
from .results import Ended


@dataclass(frozen=True, slots=True)
class Winner:
    """A task as the run left it."""

    status: Ended
    why: str
    code: Code | None = None
    ir: IR | None = None
    visible: Verdict | None = None
    """What the run itself said of the code."""
    spend: Spend = field(default_factory=Spend)
    seconds: float = 0.0

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
    statuses: Mapping[str, str | None]
    """Of the tasks that began; None: it did not come to its end, or was begun anew since."""

    @property
    def secrets(self) -> Secrets:
        return Secrets.named_in(self.started.config)

    @property
    def rules(self) -> PluginRules:
        """Of its pipeline: what it denies grades nothing either."""
        stated: dict[str, Any] = self.started.config.get("plugins") or {}
        return PluginRules.model_validate(Secrets.named_in(stated).reveal_data(stated))


def read_run(store: Store, run: str) -> FinishedRun:
    """Raises InputError where the run was not made to be graded."""
    id = store.run(run).id
    told = next(store.events(id, kinds=("run_started",)), None)
    begun = told.event if told is not None and isinstance(told.event, RunStarted) else None
    secrets = Secrets.named_in(begun.config if begun else {})
    assignment = begun and assignment_of(begun, secrets.reveal_data)
    if begun is None or assignment is None:
        raise InputError(
            f"the run {id} was not given the tasks of a suite, so there is nothing to grade it by",
            remedy="`lift eval` makes runs that can be graded",
        )
    return FinishedRun(id, begun, assignment, {each.id: each.status for each in store.tasks(id)})


def read_winners(store: Store, run: FinishedRun, tasks: Collection[str]) -> dict[str, Winner]:
    """One for each of these tasks."""
    told = store.outlines(run.id, ("task_ended",), tasks)
    ended = {each.task: _ended(each) for each in told}
    secrets, statuses = run.secrets, run.statuses
    return {
        name: _winner(name in statuses, ended.get(name) if statuses.get(name) else None, secrets)
        for name in tasks
    }


def _ended(told: Outline) -> TaskEnded:
    # As JSON: values that JSON has no word for are read from it alone.
    return TaskEnded.model_validate_json(to_json({**told.body, "task": told.task}))


def _winner(began: bool, ended: TaskEnded | None, secrets: Secrets) -> Winner:
    if ended is None:
        why = "the run ended in the middle of it" if began else "the run ended before it"
        return Winner("not run", why)
    solution = ended.solution
    code = solution.code if solution else None
    if code is not None and (source := secrets.reveal(code.source)) != code.source:
        code = code.model_copy(update={"source": source})
    return Winner(
        status=ended.status,
        why=ended.why,
        code=code,
        ir=solution.ir if solution else None,
        visible=solution.verdict if solution else None,
        spend=ended.spend,
        seconds=ended.seconds,
    )
