"""The runs of `lift eval`: begun, or gone on with where the same command was stopped."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import InputError, LiftError
from ..evaluation.apart import SuiteTasks
from ..evaluation.selection import few
from ..interfaces import Assignment, Observer, RunStarted, Task, TaskStarted
from ..pipeline.edge import run_async
from ..pipeline.environment import Secrets
from ..pipeline.pipeline import Pipeline
from ..pipeline.recorded import RunRecord, assignment_of
from ..store import RunSummary, Store
from ..store.reference_runs import id_beside
from ._progress import Progress
from ._terminal import err

_ALL_DONE = "all tasks done"
_LOOKED_AT = 50
"""Runs of the pipeline, the latest first."""


@dataclass(frozen=True, slots=True)
class Work:
    """What `lift eval` runs. Each answer says whether a run came to its end."""

    pipeline: Pipeline
    where: str
    """The store."""
    label: str
    quiet: bool
    allow_unsandboxed: bool

    def run(
        self, suite: SuiteTasks, tasks: Sequence[Task], *, anew: bool, and_beside: bool
    ) -> tuple[str, bool]:
        """With the run's id. `and_beside`: `run_beside` will follow, so a run that has ended, and
        lacks just that, is taken as it is."""
        given = _assignment(suite, tasks)
        with Store.open(self.where) as store:
            past = None if anew else self._latest(store, given)
            if past is not None and _done(past):
                if and_beside and not _done(store.beside(past.id)):
                    err(f"run {past.id} is done but for the reference specifications")
                    return past.id, True
                past = None
            if past is not None and past.state == "running":
                past = None
            return self._done(store, past, tasks, given)

    def run_beside(self, run: str, suite: SuiteTasks, tasks: Sequence[Task]) -> bool:
        """The run of the same tasks, whose specifications are given."""
        with Store.open(self.where) as store:
            past = store.beside(run)
            if _done(past):
                return True
            if past is not None and (changed := _respecified(store, past, tasks)):
                raise InputError(
                    f"the reference specifications of {len(changed)} tasks ({few(changed)}) are "
                    f"not what they were when the run {past.id} began, and the suite's version is: "
                    "going on would mix two suites in one run",
                    remedy="bring back the suite as it was, or begin both runs anew with --new",
                )
            _, done = self._done(store, past, tasks, _assignment(suite, tasks), id_beside(run))
            return done

    def _latest(self, store: Store, given: Assignment) -> RunSummary | None:
        """Of the same pipeline on the same tasks."""
        wanted = json.loads(json.dumps(self.pipeline.config))
        for run in store.runs(label=self.label, limit=_LOOKED_AT):
            started = _started(store, run)
            if started is None or (started.config, started.base) != (wanted, self.pipeline.base):
                continue
            reveal = Secrets.named_in(started.config).reveal_data
            if assignment_of(started, reveal) == given:
                return run
        return None

    def _done(
        self,
        store: Store,
        past: RunSummary | None,
        tasks: Sequence[Task],
        given: Assignment,
        name: str | None = None,
    ) -> tuple[str, bool]:
        """Gone on with, where there is a `past`; else begun, under this `name`."""
        record = None if past is None else RunRecord.of(store.events(past.id))
        finished = 0 if record is None else sum(each.finished for each in record.tasks.values())
        watching: list[Observer] = []
        if not self.quiet:
            watching.append(Progress(self.pipeline.record, of=len(tasks) - finished))
        if record is None:
            work = _begin(self.pipeline, tasks, given, watching, self.label, name)
        else:
            err(f"goes on with run {record.run}, where it was stopped (--new begins another)")
            work = _go_on(record, store, tasks, watching, allow_unsandboxed=self.allow_unsandboxed)
        return run_async(work)


def _done(run: RunSummary | None) -> bool:
    return run is not None and run.state == "ended" and run.why == _ALL_DONE


def _respecified(store: Store, run: RunSummary, tasks: Sequence[Task]) -> list[str]:
    """Those that the run was given with another specification."""
    now = {task.id: task.specification for task in tasks}
    started = _started(store, run)
    reveal = Secrets.named_in(started.config if started else {}).reveal_data
    found: list[str] = []
    for told in store.events(run.id, kinds=("task_started",)):
        if isinstance(told.event, TaskStarted) and told.event.task in now:
            document = reveal(told.event.document)
            given = Task.model_validate_json(json.dumps(document)).specification
            if given != now[told.event.task]:
                found.append(told.event.task)
    return found


def _assignment(suite: SuiteTasks, tasks: Sequence[Task]) -> Assignment:
    return Assignment(
        suite=suite.suite,
        use=suite.use,
        options=suite.options,
        tasks={task.id: task.digest for task in tasks},
    )


def _started(store: Store, run: RunSummary) -> RunStarted | None:
    for recorded in store.events(run.id, kinds=("run_started",)):
        if isinstance(recorded.event, RunStarted):
            return recorded.event
    return None


async def _begin(
    pipeline: Pipeline,
    tasks: Sequence[Task],
    assignment: Assignment,
    observers: Sequence[Observer],
    label: str,
    name: str | None,
) -> tuple[str, bool]:
    """The run's id, and whether it came to its end. What ended it otherwise is raised, once its id
    is told. `name`: the id that it is to have."""
    run = ""
    try:
        async with pipeline.open(
            observers=observers, assignment=assignment, label=label, run=name
        ) as session:
            run = session.run
            async for _ in session.solve_all(tasks, pipeline.concurrency):
                pass
    except asyncio.CancelledError:
        if not run:
            raise
        return run, False
    except LiftError:
        if run:
            _say_how_to_go_on(run)
        raise
    return run, True


async def _go_on(
    record: RunRecord,
    store: Store,
    tasks: Sequence[Task],
    observers: Sequence[Observer],
    *,
    allow_unsandboxed: bool,
) -> tuple[str, bool]:
    """The same of a run that was stopped: `tasks` are all that it was given."""
    pipeline = Pipeline.of_record(record, allow_unsandboxed=allow_unsandboxed)
    begun = {each.task.id for each in record.tasks.values()}
    further = [task for task in tasks if task.id not in begun]
    try:
        async with pipeline.resume(record, store, observers=observers) as resumed:
            async for _ in resumed.results(further, pipeline.concurrency):
                pass
    except asyncio.CancelledError:
        return record.run, False
    except LiftError:
        _say_how_to_go_on(record.run)
        raise
    return record.run, True


def _say_how_to_go_on(run: str) -> None:
    err(f"note: the same command goes on with run {run}; `lift grade {run}` grades what there is")
