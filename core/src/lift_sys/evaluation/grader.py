"""Grades a run that has ended: the one place where hidden tests are asked for.

python -P -m lift_sys.evaluation.grader < order.json
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from ..checking.sandbox import default_sandbox
from ..errors import InputError
from ..interfaces import CandidateDrawn, Hidden, Sandbox, Task
from ..plugins import PluginManager
from ..store import Grade, Grades, Store
from .apart import Answer, GradeRun, Scores, serve
from .collecting import seldom
from .drawn import KINDS, TaskDraws, draws_by_task
from .evaluating import Examples, evaluation_of, row_of
from .grading import grader_of
from .judging import judge_all
from .results import Evaluation, Row
from .selection import assigned
from .sources import open_source, plugins_of
from .winners import FinishedRun, Winner, read_run, read_winners

_AT_ONCE: Final = 8
_BATCH: Final = 500


def obey(order: GradeRun) -> Answer:
    found: list[Evaluation] = []
    # Given back by the coroutine, asyncio would make a text of all of it when it ends.
    with seldom():
        asyncio.run(_obeyed(order, found))
    return Answer(evaluation=found[0])


async def _obeyed(order: GradeRun, found: list[Evaluation]) -> None:
    sandbox = default_sandbox(allow_unsandboxed=order.allow_unsandboxed)
    try:
        where = order.where if "://" in order.where else Path(order.where)
        found.append(
            await grade_run(where, order.run, sandbox, again=order.again, mutants=order.mutants)
        )
    finally:
        await sandbox.aclose()


async def grade_run(
    where: str | Path,
    run: str,
    sandbox: Sandbox,
    manager: PluginManager | None = None,
    *,
    again: bool = False,
    mutants: bool = False,
    scores: Scores | None = None,
) -> Evaluation:
    """Grades are written all at once or not at all. What these tests have graded before is taken
    from there, unless it is to be done `again`. `mutants`: whether specifications are tried on
    mistakes, too; `scores` are told by other scorers than those of the run.

    `manager`: None is what is installed, as far as the run's pipeline lets it in.
    """
    with Store.open(where, create=False) as store:
        summary = store.run(run)
        if summary.state == "running":
            raise InputError(
                f"the run {summary.id} is still under way", remedy="grade it when it has ended"
            )
        finished = read_run(store, summary.id)
        given = finished.assignment
        source = open_source(given.use, given.options, manager or plugins_of(finished.rules))
        tasks = assigned(given, source.suite, source.tasks())
        hidden = source.hidden(tasks)
        with Grades.open(where) as book:
            graders = {name: grader_of(tests) for name, tests in hidden.items()}
            kept = None if again else book
            work = _Grading(store, finished, hidden, graders, kept, sandbox, mutants, scores or {})
            rows = await work.done(tasks)
            book.put(finished.id, work.fresh)
    return evaluation_of(finished, rows, graders.values())


class _Batch(NamedTuple):
    """What is known of some tasks, by their names."""

    winners: dict[str, Winner]
    draws: dict[str, TaskDraws]
    kept: dict[str, dict[str, Grade]]
    """By subject."""


@dataclass(frozen=True, slots=True)
class _Grading:
    store: Store
    run: FinishedRun
    hidden: Mapping[str, Hidden]
    graders: Mapping[str, str]
    """What grades each task."""
    kept: Grades | None
    """What was graded before; None: that does not count."""
    sandbox: Sandbox
    mutants: bool
    scores: Scores
    fresh: list[Grade] = field(default_factory=list[Grade])

    async def done(self, tasks: Sequence[Task]) -> list[Row]:
        """Batch by batch: of what is done, and what it was done by, the rows alone are kept."""
        places, examples = asyncio.Semaphore(_AT_ONCE), Examples()
        rows: list[Row] = []
        for start in range(0, len(tasks), _BATCH):
            some = tasks[start : start + _BATCH]
            found = self._read([task.id for task in some])
            batch = [self._row(task, found, places) for task in some]
            rows += map(examples.kept, await asyncio.gather(*batch))
        return rows

    def _read(self, names: Sequence[str]) -> "_Batch":
        draws = draws_by_task(self.store.outlines(self.run.id, KINDS, names))
        for name in names:
            if name in self.scores:
                draws[name].add_scores(self.scores[name])
        kept: dict[str, dict[str, Grade]] = {}
        for each in self.kept.of(self.run.id, tasks=names) if self.kept else ():
            if each.grader == self.graders[each.task]:
                kept.setdefault(each.task, {})[each.subject] = each
        return _Batch(read_winners(self.store, self.run, names), draws, kept)

    async def _row(self, task: Task, found: "_Batch", places: asyncio.Semaphore) -> Row:
        async with places:
            kept = found.kept.get(task.id, {})
            judged = await judge_all(
                task,
                found.winners[task.id],
                found.draws.get(task.id) or TaskDraws(),
                self.hidden[task.id],
                self.sandbox,
                kept,
                partial(self._values, task.id),
                mutants=self.mutants,
            )
        known = {id(grade) for grade in kept.values()}
        self.fresh.extend(grade for grade in judged.grades.values() if id(grade) not in known)
        return row_of(judged)

    def _values(self, task: str) -> dict[str, Any]:
        reveal = self.run.secrets.reveal_data
        told = self.store.events(self.run.id, task=task, kinds=("candidate_drawn",))
        return {
            each.event.candidate: reveal(each.event.value)
            for each in told
            if isinstance(each.event, CandidateDrawn)
        }


if __name__ == "__main__":
    serve(GradeRun, obey)
