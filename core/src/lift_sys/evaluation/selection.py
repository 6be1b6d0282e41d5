"""Which tasks of a suite: all of a part, so many drawn evenly, or those of an earlier run."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import InputError
from ..interfaces import Assignment, Suite, Task

_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Selection:
    parts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    limit: int | None = None
    seed: int = 0
    """For the draw: the same seed draws the same tasks."""

    def of(self, tasks: Sequence[Task]) -> list[Task]:
        """In their own order. Raises InputError where a filter fits none."""
        chosen = _kept(tasks, "part", self.parts)
        chosen = _kept(chosen, "category", self.categories)
        chosen = _kept(chosen, "difficulty", self.difficulties)
        if self.limit is None or self.limit >= len(chosen):
            return chosen
        drawn = {task.id for task in _drawn(chosen, self.limit, self.seed)}
        return [task for task in chosen if task.id in drawn]


def assigned(assignment: Assignment, suite: Suite, tasks: Sequence[Task]) -> list[Task]:
    """Those that a run was given, as the suite has them now. Raises InputError where that is
    something else."""
    if suite != assignment.suite:
        raise InputError(
            f"the run was given {named(assignment.suite)}, and what is installed is {named(suite)}",
            remedy="install the version of the run, or run again",
        )
    now = {task.id: task for task in tasks}
    changed = [
        name
        for name, digest in assignment.tasks.items()
        if name not in now or now[name].digest != digest
    ]
    if changed:
        raise InputError(
            f"{len(changed)} of {len(assignment.tasks)} tasks are not what they were when the run "
            f"began ({few(changed)})",
            remedy="bring back the suite as it was, or run again",
        )
    return [now[name] for name in assignment.tasks]


def named(suite: Suite) -> str:
    return f"{suite.name} {suite.version}".rstrip()


def few(names: Sequence[str]) -> str:
    return ", ".join(names[:_FEW]) + (", ..." if len(names) > _FEW else "")


def part_of(task: Task) -> str | None:
    return task.metadata.get("part")


def quirks_of(task: Task) -> tuple[str, ...]:
    """Those of the language that the task turns on, as its suite says."""
    return tuple(task.metadata.get("quirks", "").split())


def _value(task: Task, field: str) -> str | None:
    return part_of(task) if field == "part" else getattr(task, field)


def _kept(tasks: Sequence[Task], field: str, wanted: Sequence[str]) -> list[Task]:
    if not wanted:
        return list(tasks)
    known = sorted({value for task in tasks if (value := _value(task, field)) is not None})
    unknown = [value for value in wanted if value not in known]
    if unknown:
        raise InputError(
            f"no task has the {field} {unknown[0]!r}",
            remedy=f"there are: {', '.join(known)}" if known else f"these tasks have no {field}",
        )
    return [task for task in tasks if _value(task, field) in wanted]


def _drawn(tasks: Sequence[Task], limit: int, seed: int) -> list[Task]:
    """From all cells in turn, so that a small draw is as balanced as the suite allows."""
    dice = random.Random(seed)
    cells: dict[tuple[str | None, ...], list[Task]] = defaultdict(list)
    for task in tasks:
        cells[part_of(task), task.category, task.difficulty].append(task)
    queues = list(cells.values())
    dice.shuffle(queues)
    for queue in queues:
        dice.shuffle(queue)
    drawn: list[Task] = []
    while len(drawn) < limit:
        for queue in queues:
            if queue and len(drawn) < limit:
                drawn.append(queue.pop())
    return drawn
