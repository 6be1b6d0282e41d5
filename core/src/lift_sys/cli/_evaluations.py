"""The runs of `lift eval`: begun, or gone on with where the same command was stopped."""

import asyncio
import json
from collections.abc import Sequence

from ..errors import LiftError
from ..interfaces import Assignment, Observer, RunStarted, Task
from ..pipeline.environment import Secrets
from ..pipeline.pipeline import Pipeline
from ..pipeline.recorded import RunRecord, assignment_of
from ..store import RunSummary, Store
from ._terminal import err

_LOOKED_AT = 50
"""Runs of the pipeline, the latest first."""


def unfinished(store: Store, pipeline: Pipeline, given: Assignment, label: str) -> str | None:
    """The latest run of the same pipeline on the same tasks, if it did not come to its end."""
    wanted = json.loads(json.dumps(pipeline.config))
    for run in store.runs(label=label, limit=_LOOKED_AT):
        started = _started(store, run)
        if started is None or started.config != wanted or started.base != pipeline.base:
            continue
        reveal = Secrets.named_in(started.config).reveal_data
        if assignment_of(started, reveal) == given:
            stopped = run.state == "ended" and run.why != "all tasks done"
            return run.id if stopped or run.state == "broken off" else None
    return None


def _started(store: Store, run: RunSummary) -> RunStarted | None:
    for recorded in store.events(run.id, kinds=("run_started",)):
        if isinstance(recorded.event, RunStarted):
            return recorded.event
    return None


async def begin(
    pipeline: Pipeline,
    tasks: Sequence[Task],
    assignment: Assignment,
    observers: Sequence[Observer],
    label: str,
) -> tuple[str, bool]:
    """The run's id, and whether it came to its end. What ended it otherwise is raised, once its id
    is told."""
    run = ""
    try:
        async with pipeline.open(
            observers=observers, assignment=assignment, label=label
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


async def go_on(
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
