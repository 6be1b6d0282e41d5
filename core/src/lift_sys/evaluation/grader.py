"""Grades a run that has ended: the one place where hidden tests are asked for.

python -P -m lift_sys.evaluation.grader < order.json
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from ..checking.sandbox import default_sandbox
from ..errors import InputError
from ..interfaces import CandidateDrawn, Hidden, Sandbox, Task
from ..plugins import PluginManager
from ..store import Grade, Grades, Store
from .apart import Answer, GradeRun, serve
from .drawn import KINDS, TaskDraws, draws_by_task
from .evaluating import evaluation_of
from .grading import grader_of
from .judging import Judged, judge_all
from .results import Evaluation
from .selection import assigned
from .sources import open_source, plugins_of
from .winners import FinishedRun, read_run

_AT_ONCE: Final = 8


def obey(order: GradeRun) -> Answer:
    return Answer(evaluation=asyncio.run(_obeyed(order)))


async def _obeyed(order: GradeRun) -> Evaluation:
    sandbox = default_sandbox(allow_unsandboxed=order.allow_unsandboxed)
    try:
        where = order.where if "://" in order.where else Path(order.where)
        return await grade_run(where, order.run, sandbox, again=order.again)
    finally:
        await sandbox.aclose()


async def grade_run(
    where: str | Path,
    run: str,
    sandbox: Sandbox,
    manager: PluginManager | None = None,
    *,
    again: bool = False,
) -> Evaluation:
    """Grades are written all at once or not at all. What these tests have graded before is taken
    from there, unless it is to be done `again`.

    `manager`: None is what is installed, as far as the run's pipeline lets it in.
    """
    with Store.open(where, create=False) as store:
        summary = store.run(run)
        if summary.state == "running":
            raise InputError(
                f"the run {summary.id} is still under way", remedy="grade it when it has ended"
            )
        finished = read_run(store, summary.id)
        draws = draws_by_task(store.outlines(summary.id, KINDS))
        given = finished.assignment
        source = open_source(given.use, given.options, manager or plugins_of(finished.rules))
        tasks = assigned(given, source.suite, source.tasks())
        hidden = source.hidden(tasks)
        with Grades.open(where) as book:
            kept = {} if again else _kept(book.of(summary.id), hidden)
            work = _Grading(store, finished, draws, hidden, kept, sandbox)
            found = await work.done(tasks)
            fresh = [grade for each in found.values() for grade in each.grades.values()]
            known = {id(grade) for of_task in kept.values() for grade in of_task.values()}
            book.put(finished.id, [grade for grade in fresh if id(grade) not in known])
    return evaluation_of(finished, tasks, found)


@dataclass(frozen=True, slots=True)
class _Grading:
    store: Store
    run: FinishedRun
    draws: Mapping[str, TaskDraws]
    hidden: Mapping[str, Hidden]
    kept: Mapping[str, Mapping[str, Grade]]
    """By task and subject."""
    sandbox: Sandbox

    async def done(self, tasks: Sequence[Task]) -> dict[str, Judged]:
        places = asyncio.Semaphore(_AT_ONCE)

        async def one(task: Task) -> Judged:
            async with places:
                return await judge_all(
                    task,
                    self.run.winners[task.id],
                    self.draws.get(task.id) or TaskDraws(),
                    self.hidden[task.id],
                    self.sandbox,
                    self.kept.get(task.id, {}),
                    partial(self._values, task.id),
                )

        found = await asyncio.gather(*map(one, tasks))
        return {each.task.id: each for each in found}

    def _values(self, task: str) -> dict[str, Any]:
        reveal = self.run.secrets.reveal_data
        told = self.store.events(self.run.id, task=task, kinds=("candidate_drawn",))
        return {
            each.event.candidate: reveal(each.event.value)
            for each in told
            if isinstance(each.event, CandidateDrawn)
        }


def _kept(grades: Sequence[Grade], hidden: Mapping[str, Hidden]) -> dict[str, dict[str, Grade]]:
    """Those of the tests of now."""
    now = {name: grader_of(tests) for name, tests in hidden.items()}
    found: dict[str, dict[str, Grade]] = {}
    for each in grades:
        if each.grader == now.get(each.task):
            found.setdefault(each.task, {})[each.subject] = each
    return found


if __name__ == "__main__":
    serve(GradeRun, obey)
