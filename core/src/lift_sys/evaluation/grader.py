"""Grades a run that has ended: the one place where hidden tests are asked for.

python -P -m lift_sys.evaluation.grader < order.json
"""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from ..checking.sandbox import default_sandbox
from ..errors import InputError
from ..interfaces import Hidden, Sandbox, Task
from ..plugins import PluginManager
from ..store import Grade, Grades, Store
from .apart import Answer, GradeRun, serve
from .grading import grade
from .results import Evaluation, Row
from .selection import assigned, part_of
from .sources import open_source, plugins_of
from .winners import FinishedRun, Winner, read_run

_AT_ONCE: Final = 8


def obey(order: GradeRun) -> Answer:
    return Answer(evaluation=asyncio.run(_obeyed(order)))


async def _obeyed(order: GradeRun) -> Evaluation:
    sandbox = default_sandbox(allow_unsandboxed=order.allow_unsandboxed)
    try:
        where = order.where if "://" in order.where else Path(order.where)
        return await grade_run(where, order.run, sandbox)
    finally:
        await sandbox.aclose()


async def grade_run(
    where: str | Path, run: str, sandbox: Sandbox, manager: PluginManager | None = None
) -> Evaluation:
    """Grades are written all at once or not at all; those of the same tests are replaced.

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
    grades = await _graded(tasks, finished.winners, hidden, sandbox)
    with Grades.open(where) as book:
        book.put(finished.id, list(grades.values()))
    return evaluation_of(finished, tasks, grades)


async def _graded(
    tasks: Sequence[Task],
    winners: Mapping[str, Winner],
    hidden: Mapping[str, Hidden],
    sandbox: Sandbox,
) -> dict[str, Grade]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(task: Task) -> Grade:
        async with places:
            return await grade(task, winners[task.id], hidden[task.id], sandbox)

    found = await asyncio.gather(*map(one, tasks))
    return {each.task: each for each in found}


def evaluation_of(
    run: FinishedRun, tasks: Sequence[Task], grades: Mapping[str, Grade]
) -> Evaluation:
    return Evaluation(
        run=run.id,
        label=run.started.label,
        started=run.started.started,
        suite=run.assignment.suite,
        tasks=_digest_of(task.digest for task in tasks),
        tests=_digest_of(grade.grader for grade in grades.values()),
        seed=run.started.seed,
        distributions=run.started.distributions,
        rows=tuple(_row(task, run.winners[task.id], grades[task.id]) for task in tasks),
    )


def _row(task: Task, winner: Winner, found: Grade) -> Row:
    verdict = found.verdict
    return Row(
        task=task.id,
        digest=task.digest,
        part=part_of(task),
        category=task.category,
        difficulty=task.difficulty,
        visible=winner.status,
        right=verdict.passed,
        passed=found.passed,
        total=found.total,
        failure=verdict.category,
        message="" if verdict.passed else verdict.failures[0].message,
        spend=winner.spend,
        seconds=winner.seconds,
    )


def _digest_of(digests: Iterable[str]) -> str:
    """Whatever it is called that they are digests of, and in whichever order."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()[:32]


if __name__ == "__main__":
    serve(GradeRun, obey)
