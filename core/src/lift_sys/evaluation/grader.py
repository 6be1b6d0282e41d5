"""Grades a run that has ended: the one place where hidden tests are asked for.

python -P -m lift_sys.evaluation.grader < order.json
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from ..checking.sandbox import default_sandbox
from ..engines import LocalEngine
from ..errors import InputError
from ..interfaces import CandidateDrawn, Engine, Hidden, Sandbox, Task
from ..pipeline.alone import named_engine
from ..plugins import PluginManager
from ..store import Grade, Grades, Store
from .apart import Answer, GradeRun, Scores, serve
from .collecting import seldom
from .drawn import KINDS, TaskDraws, draws_by_task
from .evaluating import Examples, evaluation_of, row_of
from .from_reference import joined
from .grading import grader_of
from .grading_jobs import Given, grading_jobs
from .results import Evaluation, Row
from .selection import assigned
from .sources import open_source, plugins_of
from .winners import FinishedRun, read_run, read_winners

_AT_ONCE: Final = 8
_BATCH: Final = 500


def obey(order: GradeRun) -> Answer:
    found: list[Evaluation] = []
    # Given back by the coroutine, asyncio would make a text of all of it when it ends.
    with seldom():
        asyncio.run(_obeyed(order, found))
    return Answer(evaluation=found[0])


async def _obeyed(order: GradeRun, found: list[Evaluation]) -> None:
    engine = named_engine(order.engine, PluginManager.installed())
    sandbox = default_sandbox(allow_unsandboxed=order.allow_unsandboxed)
    try:
        where = order.where if "://" in order.where else Path(order.where)
        found.append(
            await grade_both(
                where,
                order.run,
                sandbox,
                again=order.again,
                mutants=order.mutants,
                scores=order.scores,
                engine=engine,
                allow_unsandboxed=order.allow_unsandboxed,
            )
        )
    finally:
        await sandbox.aclose()
        await engine.aclose()


async def grade_both(
    where: str | Path,
    run: str,
    sandbox: Sandbox,
    manager: PluginManager | None = None,
    *,
    again: bool = False,
    mutants: bool = False,
    scores: Scores | None = None,
    engine: Engine | None = None,
    allow_unsandboxed: bool = False,
) -> Evaluation:
    """As `grade_run`, joined with the run beside, which was given the reference specifications,
    where there is one that is not under way."""
    grade = partial(
        grade_run,
        where,
        sandbox=sandbox,
        manager=manager,
        again=again,
        engine=engine,
        allow_unsandboxed=allow_unsandboxed,
    )
    found = await grade(run, mutants=mutants, scores=scores)
    with Store.open(where, create=False) as store:
        beside = store.beside(found.run)
    if beside is None or beside.state == "running":
        return found
    return joined(found, await grade(beside.id))


async def grade_run(
    where: str | Path,
    run: str,
    sandbox: Sandbox,
    manager: PluginManager | None = None,
    *,
    again: bool = False,
    mutants: bool = False,
    scores: Scores | None = None,
    engine: Engine | None = None,
    allow_unsandboxed: bool = False,
) -> Evaluation:
    """Grades are written all at once or not at all. What these tests have graded before is taken
    from there, unless it is to be done `again`. `mutants`: whether specifications are tried on
    mistakes, too; `scores` are told by other scorers than those of the run. `allow_unsandboxed` is
    for the sandboxes of an `engine` that has its own.

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
            work = _Grading(
                store,
                finished,
                hidden,
                graders,
                kept,
                sandbox,
                engine or LocalEngine(),
                scores or {},
                mutants,
                allow_unsandboxed,
            )
            rows = await work.done(tasks)
            book.put(finished.id, work.fresh)
    return evaluation_of(finished, rows, graders.values())


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
    engine: Engine
    scores: Scores
    mutants: bool
    allow_unsandboxed: bool
    fresh: list[Grade] = field(default_factory=list[Grade])

    async def done(self, tasks: Sequence[Task]) -> list[Row]:
        """Batch by batch: of what is done, and what it was done by, the rows alone are kept."""
        examples = Examples()
        rows: list[Row] = []
        for start in range(0, len(tasks), _BATCH):
            given = self._read(tasks[start : start + _BATCH])
            work = grading_jobs(
                given,
                self._values,
                self.sandbox,
                mutants=self.mutants,
                allow_unsandboxed=self.allow_unsandboxed,
            )
            found = await work.done(self.engine, [*given], _AT_ONCE)
            for each, fresh in zip(given.values(), found, strict=True):
                self.fresh.extend(fresh.values())
                rows.append(row_of(each.judged(fresh), examples))
        return rows

    def _read(self, tasks: Sequence[Task]) -> dict[str, Given]:
        """By their ids."""
        names = [task.id for task in tasks]
        draws = draws_by_task(self.store.outlines(self.run.id, KINDS, names))
        for name in names:
            if name in self.scores:
                draws[name].add_scores(self.scores[name])
        kept: dict[str, dict[str, Grade]] = {}
        for each in self.kept.of(self.run.id, tasks=names) if self.kept else ():
            if each.grader == self.graders[each.task]:
                kept.setdefault(each.task, {})[each.subject] = each
        winners = read_winners(self.store, self.run, names)
        return {
            task.id: Given(
                task,
                winners[task.id],
                draws.get(task.id) or TaskDraws(),
                self.hidden[task.id],
                kept.get(task.id, {}),
            )
            for task in tasks
        }

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
