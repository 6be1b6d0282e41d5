"""Grades a run that has ended: the one place where hidden tests are asked for."""

import asyncio
from pathlib import Path

from ..errors import InputError
from ..interfaces import Hidden, Sandbox
from ..plugins import PluginManager
from ..store import Grade, Grades, Store
from .documents import evaluation_of
from .grading import grade
from .results import Evaluation
from .sources import reopened
from .winners import FinishedRun, Winner, read_run

_AT_ONCE = 8


async def grade_run(
    where: str | Path, run: str, manager: PluginManager, sandbox: Sandbox
) -> Evaluation:
    """Grades are written all at once or not at all; those of the same tests are replaced."""
    with Store.open(where, create=False) as store:
        summary = store.run(run)
        if summary.state == "running":
            raise InputError(
                f"the run {summary.id} is still under way", remedy="grade it when it has ended"
            )
        finished = read_run(store, summary.id)
    hidden = reopened(finished.assignment, manager).hidden(finished.assignment.tasks)
    grades = await _graded(finished, hidden, sandbox)
    with Grades.open(where) as book:
        book.put(finished.id, list(grades.values()))
    return evaluation_of(finished, grades)


async def _graded(
    finished: FinishedRun, hidden: dict[str, Hidden], sandbox: Sandbox
) -> dict[str, Grade]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(winner: Winner) -> Grade:
        async with places:
            return await grade(winner, hidden[winner.id], sandbox)

    found = await asyncio.gather(*map(one, finished.winners))
    return {each.task: each for each in found}
