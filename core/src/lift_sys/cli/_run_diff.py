"""Two runs beside each other: what they were made of, and what became of each task."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ..evaluation.config_changes import Change, changes, flat
from ..interfaces import RunStarted
from ..store import TaskSummary
from ._terminal import columns, line

BROKEN, MENDED, OTHER, COST = "broken", "mended", "changed", "cost"
_KINDS = (BROKEN, MENDED, OTHER, COST)


class TaskChange(NamedTuple):
    kind: str
    task: str
    before: TaskSummary
    after: TaskSummary


class RunDiff(NamedTuple):
    made_of: dict[str, list[Change]]
    """Changes of the config, the distributions and the prompts."""
    tasks: list[TaskChange]
    """What is broken first."""
    only_before: list[str]
    only_after: list[str]
    unchanged: int

    def as_json(self) -> dict[str, Any]:
        return {
            **{name: [each._asdict() for each in found] for name, found in self.made_of.items()},
            "tasks": [
                {
                    "change": each.kind,
                    "task": each.task,
                    "before": _task_json(each.before),
                    "after": _task_json(each.after),
                }
                for each in self.tasks
            ],
            "only_before": self.only_before,
            "only_after": self.only_after,
            "unchanged": self.unchanged,
        }

    def lines(self) -> Iterator[str]:
        for name, found in self.made_of.items():
            if found:
                yield f"{name}:"
                rows = [
                    [each.what, f"{_told(each.before)} -> {_told(each.after)}"] for each in found
                ]
                yield from columns(rows)
        for kind in _KINDS:
            of_kind = [each for each in self.tasks if each.kind == kind]
            if of_kind:
                yield f"{kind}: {len(of_kind)}"
                yield from columns([_row(each) for each in of_kind])
        for name, tasks in (("first", self.only_before), ("second", self.only_after)):
            if tasks:
                yield line(f"only in the {name}: {', '.join(tasks)}")
        yield f"unchanged: {self.unchanged}"


def compare(
    before: tuple[RunStarted, Sequence[TaskSummary]],
    after: tuple[RunStarted, Sequence[TaskSummary]],
) -> RunDiff:
    (started, old), (started_after, new) = before, after
    ours, theirs = {task.id: task for task in old}, {task.id: task for task in new}
    both = [name for name in ours if name in theirs]
    of_tasks = [
        TaskChange(kind, name, ours[name], theirs[name])
        for name in both
        if (kind := _kind(ours[name], theirs[name])) is not None
    ]
    return RunDiff(
        made_of={
            "config": changes(flat(started.config), flat(started_after.config)),
            "run": changes(_settings(started), _settings(started_after)),
            "distributions": changes(started.distributions, started_after.distributions),
            "prompts": changes(started.prompts, started_after.prompts),
        },
        tasks=sorted(of_tasks, key=lambda each: _KINDS.index(each.kind)),
        only_before=[name for name in ours if name not in theirs],
        only_after=[name for name in theirs if name not in ours],
        unchanged=len(both) - len(of_tasks),
    )


def _settings(started: RunStarted) -> dict[str, str]:
    """What is no part of the config and decides what is drawn."""
    return {"seed": str(started.seed), "epoch": str(started.epoch)}


def _kind(before: TaskSummary, after: TaskSummary) -> str | None:
    if before.status != after.status:
        if before.status == "pass":
            return BROKEN
        return MENDED if after.status == "pass" else OTHER
    return None if before.spend.usd == after.spend.usd else COST


def _told(value: str | None) -> str:
    return "nothing" if value is None else value


def _row(change: TaskChange) -> list[str]:
    before, after = change.before, change.after
    told = [change.task]
    if before.status != after.status:
        told.append(f"{before.status or 'not ended'} -> {after.status or 'not ended'}")
    else:
        told.append(str(after.status))
    told.append(f"${before.spend.usd:.4f} -> ${after.spend.usd:.4f}")
    return [*told, after.failure or after.why if change.kind == BROKEN else ""]


def _task_json(task: TaskSummary) -> dict[str, Any]:
    return task.model_dump(mode="json", include={"status", "why", "failure", "spend", "seconds"})
