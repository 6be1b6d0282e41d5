"""`lift runs replay` and `lift runs resume`: a recorded run once more."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from typing import TextIO

import click

from ..errors import ConfigError, LiftError
from ..evaluation.apart import read_apart
from ..evaluation.selection import assigned
from ..interfaces import Observer, Task
from ..pipeline.again import changes
from ..pipeline.edge import run_async
from ..pipeline.environment import Secrets
from ..pipeline.pipeline import Pipeline
from ..pipeline.recorded import RunRecord, assignment_of
from ..pipeline.task_result import TaskResult
from ..store import Store
from ..store.reference_runs import is_beside
from ._progress import Progress, counted
from ._results import EXIT_CODES, print_result, worst_of
from ._stores import opened, record_of, run_id, store_option
from ._terminal import conceal, err, line, out_json, tell

DIFFERENT = 13
"""Exit status of a replay that came out otherwise."""

Show = Callable[[TaskResult], None]

_json_option = click.option("--json", "as_json", is_flag=True, help="Print results as JSON.")
_unsandboxed_option = click.option(
    "--allow-unsandboxed",
    is_flag=True,
    help="Run code from models even where nothing protects this machine from it.",
)


@click.command("replay")
@click.argument("named", metavar="RUN")
@_json_option
@click.option("--quiet", is_flag=True, help="Print differences alone, no result.")
@_unsandboxed_option
@store_option
def replay_command(
    named: str, as_json: bool, quiet: bool, allow_unsandboxed: bool, where: str
) -> int:
    """Do RUN again from its record alone: no model is asked, no key is needed, no provider is made.

    What models said, routes, costs and what depended on the clock come from the record; all else is
    done again, the checks too. RUN may also be a file made by `lift runs export`.

    Exit status: 0 it came out as it is recorded, 13 it did not, 2 to 7 a mistake.
    """
    record = record_of(where, named)
    results = sys.stdout
    with redirect_stdout(sys.stderr):
        pipeline = _pipeline_of(record, providers=False, allow_unsandboxed=allow_unsandboxed)
        show = _shower(pipeline, record, results, as_json=as_json)
        return run_async(_replay(pipeline, record, (lambda _: None) if quiet else show))


async def _replay(pipeline: Pipeline, record: RunRecord, show: Show) -> int:
    done = 0
    async with pipeline.replay(record) as replay:
        for change in replay.changes:
            err(line(f"note: {change}"))
        try:
            async for result in replay.results():
                show(result)
                done += 1
        except LiftError as error:
            for difference in replay.differences:
                err(line(f"difference: {difference}"))
            if error is not replay.ended_by:
                raise
            tell(error)
            err("note: this error ended the run then, too")
        else:
            for difference in replay.differences:
                err(line(f"difference: {difference}"))
    outcome = (
        counted(len(replay.differences), "difference") if replay.differences else "as recorded"
    )
    err(f"replayed {counted(done, 'task')} of run {record.run}: {outcome}")
    return DIFFERENT if replay.differences else 0


@click.command("resume")
@click.argument("named", metavar="RUN")
@_json_option
@click.option("--quiet", is_flag=True, help="Print the results alone, no progress.")
@_unsandboxed_option
@store_option
def resume_command(
    named: str, as_json: bool, quiet: bool, allow_unsandboxed: bool, where: str
) -> int:
    """Go on with RUN where it was killed, stopped, or ended by an error.

    Finished tasks are taken from the record. The others are done again with the samples that are
    recorded: only what was lost is asked and paid for again. The pipeline is that of the record,
    with the environment of now.

    Exit status: as of `lift run`, over all tasks of the run.
    """
    with opened(where) as store:
        record = RunRecord.of(store.events(run_id(store, named)))
        results = sys.stdout
        with redirect_stdout(sys.stderr):
            pipeline = _pipeline_of(record, providers=True, allow_unsandboxed=allow_unsandboxed)
            further = list(_further(pipeline, record))
            if record.complete and not further:
                err(f"run {record.run} is complete: there is nothing to go on with")
                _say_how_to_grade(record)
                return 0
            for change in changes(record.distributions, pipeline.distributions):
                err(line(f"note: {change}"))
            show = _shower(pipeline, record, results, as_json=as_json)
            observers: list[Observer] = [] if quiet else [Progress(str(store))]
            status = run_async(_resume(pipeline, record, store, further, observers, show))
            _say_how_to_grade(record)
            return status


async def _resume(
    pipeline: Pipeline,
    record: RunRecord,
    store: Store,
    further: Sequence[Task],
    observers: Sequence[Observer],
    show: Show,
) -> int:
    worst = ""
    async with pipeline.resume(record, store, observers=observers) as resumed:
        try:
            async for result in resumed.results(further, pipeline.concurrency):
                show(result)
                worst = worst_of(worst, result)
        except asyncio.CancelledError:
            for result in resumed.interrupted:
                show(result)
            return EXIT_CODES["cancelled"]
    return EXIT_CODES[worst or "pass"]


def _further(pipeline: Pipeline, record: RunRecord) -> Iterator[Task]:
    """The tasks that had not begun."""
    begun = {task.task.id for task in record.tasks.values()}
    reveal = Secrets.named_in(record.started.config).reveal_data
    given = assignment_of(record.started, reveal)
    if given is not None:
        # In a process of its own: what goes on here must not come near the hidden tests.
        references = "shown" if is_beside(record.run) else "unseen"
        suite = read_apart(given.use, given.options, pipeline.plugin_rules, references)
        tasks = assigned(given, suite.suite, suite.tasks)
        yield from (task for task in tasks if task.id not in begun)
    elif record.started.whole_source:
        yield from (task for task in pipeline.tasks() if task.id not in begun)


def _say_how_to_grade(record: RunRecord) -> None:
    if record.started.assignment is not None:
        err(f"`lift grade {record.run}` grades it")


def _pipeline_of(record: RunRecord, *, providers: bool, allow_unsandboxed: bool) -> Pipeline:
    try:
        pipeline = Pipeline.of_record(
            record, providers=providers, allow_unsandboxed=allow_unsandboxed
        )
    except ConfigError:
        err(f"note: `lift plugins freeze {record.run}` prints what run {record.run} was made with")
        raise
    conceal(pipeline.redact)
    return pipeline


def _shower(pipeline: Pipeline, record: RunRecord, results: TextIO, *, as_json: bool) -> Show:
    started = record.started
    several = started.whole_source or started.assignment is not None or len(record.tasks) > 1

    def show(result: TaskResult) -> None:
        with redirect_stdout(results):
            if as_json:
                out_json(pipeline.redact_data(result.to_json()))
            else:
                print_result(result, named=several)

    return show
