"""Grades a run that has ended: the one place where hidden tests are asked for.

python -P -m lift_sys.evaluation.grader < order.json
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import ValidationError

from ..checking.sandbox import default_sandbox
from ..engines import LocalEngine
from ..errors import InputError
from ..interfaces import CandidateDrawn, Engine, Hidden, Sandbox, Task
from ..pipeline.alone import named_engine
from ..plugins import PluginManager
from ..store import Grade, Grades, Store
from .apart import Answer, GradeRun, Scores, Tell, serve
from .collecting import seldom
from .drawn import KINDS, TaskDraws, draws_by_task
from .evaluating import Examples, head_of, row_of
from .from_reference import from_reference
from .grading import grader_of
from .grading_jobs import Given, grading_jobs
from .judging import Judged, settled
from .results import Evaluation, FromReference, Head, Row
from .selection import assigned
from .sources import open_source, plugins_of
from .winners import FinishedRun, read_run, read_winners

_AT_ONCE: Final = 8
_TASKS: Final = 500
_CANDIDATES: Final = 5_000
"""Read at once, a single task's at least: what a run drew in all takes no memory."""


class Listener(Protocol):
    """Is told of a graded run as it comes: nothing of it need be kept."""

    def begin(self, head: Head, tasks: int) -> None: ...

    def row(self, row: Row) -> None: ...


@dataclass(frozen=True, slots=True)
class Grader:
    """What runs of a store are graded with, and how."""

    where: str | Path
    sandbox: Sandbox
    manager: PluginManager | None = None
    """None: what is installed, as far as the run's pipeline lets it in."""
    engine: Engine = field(default_factory=LocalEngine)
    again: bool = False
    """Whether also what these tests have graded before is graded."""
    mutants: bool = False
    """Whether specifications are tried on mistakes, too."""
    scores: Scores = field(default_factory=Scores)
    """Of other scorers than those of the run."""
    allow_unsandboxed: bool = False
    """For the sandboxes of an engine that has its own."""

    async def both(self, run: str, listener: Listener) -> None:
        """As `one`, with what became of the same tasks in the run beside, which was given the
        reference specifications, where there is one that is not under way."""
        with Store.open(self.where, create=False) as store:
            beside = store.beside(store.run(run).id)
        if beside is None or beside.state == "running":
            await self.one(run, listener)
            return
        tried = _Tried()
        await replace(self, mutants=False, scores={}).one(beside.id, tried)
        await self.one(run, _Joining(listener, beside.id, tried.found))

    async def one(self, run: str, listener: Listener) -> None:
        """Batch by batch: grades are kept as they are made, so that what was stopped goes on.
        Nothing is told before the run and its suite were found to be what they should."""
        with Store.open(self.where, create=False) as store:
            summary = store.run(run)
            if summary.state == "running":
                raise InputError(
                    f"the run {summary.id} is still under way", remedy="grade it when it has ended"
                )
            finished = read_run(store, summary.id)
            given = finished.assignment
            manager = self.manager or plugins_of(finished.rules)
            source = open_source(given.use, given.options, manager)
            tasks = assigned(given, source.suite, source.tasks())
            hidden = source.hidden(tasks)
            graders = {name: grader_of(tests) for name, tests in hidden.items()}
            listener.begin(head_of(finished, graders.values()), len(tasks))
            with Grades.open(self.where) as book:
                work = _Grading(self, store, book, finished, hidden, graders)
                await work.do(tasks, listener)


async def evaluation(grader: Grader, run: str) -> Evaluation:
    """All that `grader.both` tells."""
    kept = _Kept()
    await grader.both(run, kept)
    return kept.evaluation


def obey(order: GradeRun, tell: Tell) -> None:
    with seldom():
        asyncio.run(_obeyed(order, tell))


async def _obeyed(order: GradeRun, tell: Tell) -> None:
    engine = named_engine(order.engine, PluginManager.installed())
    sandbox = default_sandbox(allow_unsandboxed=order.allow_unsandboxed)
    grader = Grader(
        where=order.where if "://" in order.where else Path(order.where),
        sandbox=sandbox,
        engine=engine,
        again=order.again,
        mutants=order.mutants,
        scores=order.scores,
        allow_unsandboxed=order.allow_unsandboxed,
    )
    try:
        await grader.both(order.run, _Telling(tell))
    finally:
        await sandbox.aclose()
        await engine.aclose()


def _row(judged: Judged, examples: Examples) -> Row:
    try:
        return row_of(judged, examples)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(
            f"what the run recorded of the task {judged.task.id!r} cannot be counted: "
            f"{where}: {first['msg']}",
            remedy="whoever told this number, such as a provider its cost, should be mended",
        ) from None


@dataclass(frozen=True, slots=True)
class _Telling:
    tell: Tell

    def begin(self, head: Head, tasks: int) -> None:
        self.tell(Answer(head=head, of=tasks))

    def row(self, row: Row) -> None:
        self.tell(Answer(row=row))


@dataclass(slots=True)
class _Kept:
    head: Head | None = None
    rows: list[Row] = field(default_factory=list[Row])

    def begin(self, head: Head, tasks: int) -> None:
        self.head = head

    def row(self, row: Row) -> None:
        self.rows.append(row)

    @property
    def evaluation(self) -> Evaluation:
        assert self.head is not None, "a graded run begins with its head"
        return Evaluation.of(self.head, self.rows)


@dataclass(frozen=True, slots=True)
class _Tried:
    found: dict[str, FromReference] = field(default_factory=dict[str, FromReference])

    def begin(self, head: Head, tasks: int) -> None:
        pass

    def row(self, row: Row) -> None:
        self.found[row.task] = from_reference(row)


@dataclass(frozen=True, slots=True)
class _Joining:
    listener: Listener
    beside: str
    found: Mapping[str, FromReference]

    def begin(self, head: Head, tasks: int) -> None:
        self.listener.begin(head.model_copy(update={"reference_run": self.beside}), tasks)

    def row(self, row: Row) -> None:
        tried = self.found.get(row.task)
        self.listener.row(row.model_copy(update={"from_reference": tried}))


@dataclass(frozen=True, slots=True)
class _Grading:
    by: Grader
    store: Store
    book: Grades
    run: FinishedRun
    hidden: Mapping[str, Hidden]
    graders: Mapping[str, str]
    """What grades each task."""

    async def do(self, tasks: Sequence[Task], listener: Listener) -> None:
        examples, mutants = Examples(), self.by.mutants
        for batch in self._batches(tasks):
            given = self._read(batch)
            work = grading_jobs(
                given,
                self._values,
                self.by.sandbox,
                mutants=mutants,
                allow_unsandboxed=self.by.allow_unsandboxed,
            )
            judged = {name: each.judged({}) for name, each in given.items()}
            left = [name for name, each in judged.items() if not settled(each, mutants=mutants)]
            found = await work.done(self.by.engine, left, _AT_ONCE)
            for name, fresh in zip(left, found, strict=True):
                judged[name] = given[name].judged(fresh)
            self.book.put(self.run.id, [grade for fresh in found for grade in fresh.values()])
            for each in judged.values():
                listener.row(_row(each, examples))

    def _batches(self, tasks: Sequence[Task]) -> Iterator[list[Task]]:
        drawn = self.store.candidates_by_task(self.run.id)
        batch: list[Task] = []
        candidates = 0
        for task in tasks:
            more = drawn.get(task.id, 0)
            if batch and (len(batch) == _TASKS or candidates + more > _CANDIDATES):
                yield batch
                batch, candidates = [], 0
            batch.append(task)
            candidates += more
        yield batch

    def _read(self, tasks: Sequence[Task]) -> dict[str, Given]:
        """By their ids."""
        names = [task.id for task in tasks]
        draws = draws_by_task(self.store.outlines(self.run.id, KINDS, names))
        for name in names:
            if name in self.by.scores:
                draws[name].add_scores(self.by.scores[name])
        kept: dict[str, dict[str, Grade]] = {}
        for each in () if self.by.again else self.book.of(self.run.id, tasks=names):
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
