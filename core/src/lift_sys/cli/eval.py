"""`lift eval`: a pipeline over a suite, recorded, and graded afterwards."""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import click

from ..errors import InputError
from ..evaluation.apart import SuiteTasks, grade_apart, read_apart
from ..interfaces import Assignment, Observer, Task
from ..pipeline.alone import LOCAL, text_of
from ..pipeline.edge import run_async
from ..pipeline.pipeline import Pipeline
from ..pipeline.recorded import RunRecord
from ..store import Store
from ._estimate import known_of, lines_of_estimate
from ._evaluations import begin, go_on, unfinished
from ._guards import plugins_cannot_exit
from ._progress import Progress
from ._reporting import Reporting, report_options
from ._suites import (
    option_option,
    read_options,
    selection_from,
    selection_options,
)
from ._terminal import conceal, err, out

INTERRUPTED = 130


@click.command(name="eval")
@click.argument("pipeline_file", metavar="PIPELINE", type=click.Path(path_type=Path))
@click.option(
    "--tasks",
    "tasks_from",
    metavar="SUITE",
    help="A data source such as phases, or a .jsonl file. Otherwise what PIPELINE has at `tasks:`.",
)
@option_option
@selection_options
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change the pipeline.")
@click.option("--label", default="", metavar="TEXT", help="Your own name for the run.")
@report_options
@click.option("--estimate", is_flag=True, help="Tell what it will cost and take, and do nothing.")
@click.option("--new", "anew", is_flag=True, help="Begin anew what could go on.")
@click.option("--quiet", is_flag=True, help="Print the result alone, no progress.")
@click.option("--allow-unsandboxed", is_flag=True, help="Run models' code even unprotected.")
def command(
    pipeline_file: Path,
    tasks_from: str | None,
    options: Sequence[str],
    overrides: Sequence[str],
    label: str,
    estimate: bool,
    anew: bool,
    quiet: bool,
    allow_unsandboxed: bool,
    **given: Any,
) -> int:
    """Run PIPELINE on the tasks of a suite, then grade what it found by their hidden tests.

    The run is recorded, and knows no hidden test. A process of its own grades the record; `lift
    grade RUN` does it again at no cost. What is not run, or lost, counts as wrong. Stopped, the
    same command goes on where it was.

    Exit status: 0 graded, 2 to 7 a mistake, 10 not above --fail-under, 130 stopped by Ctrl-C.
    """
    results = sys.stdout
    selection = selection_from(given)
    reporting = Reporting.of(**given)
    # What plugins and their libraries print must not get among the results.
    with redirect_stdout(sys.stderr), plugins_cannot_exit():
        pipeline = Pipeline.load(
            pipeline_file, overrides=overrides, allow_unsandboxed=allow_unsandboxed
        )
        conceal(pipeline.redact)
        where = pipeline.record_place
        if where is None:
            raise InputError(
                "the pipeline keeps no record, and only what is recorded can be graded",
                remedy="take `record: null` out of it",
            )
        suite = _suite(pipeline, tasks_from, read_options(options))
        tasks = selection.of(suite.tasks)
        given_to_it = _assignment(suite, tasks)
        if estimate:
            known = known_of(where, pipeline.file)
            told = lines_of_estimate(known, len(tasks), pipeline.concurrency, pipeline.run_budget)
            with redirect_stdout(results):
                for text in told:
                    out(text)
            return 0
        run, done = _run(
            pipeline,
            where,
            tasks,
            given_to_it,
            label,
            anew=anew,
            quiet=quiet,
            allow_unsandboxed=allow_unsandboxed,
        )
        if not done:
            err(f"stopped: the same command goes on with run {run}; `lift grade {run}` grades it")
            return INTERRUPTED
        try:
            engine = LOCAL if pipeline.engine is None else text_of(*pipeline.engine)
            found = grade_apart(where, run, allow_unsandboxed=allow_unsandboxed, engine=engine)
        except KeyboardInterrupt:
            err(f"stopped: the run is kept, `lift grade {run}` grades it")
            return INTERRUPTED
    with redirect_stdout(results):
        return reporting.show(found)


def _run(
    pipeline: Pipeline,
    where: str,
    tasks: Sequence[Task],
    assignment: Assignment,
    label: str,
    *,
    anew: bool,
    quiet: bool,
    allow_unsandboxed: bool,
) -> tuple[str, bool]:
    """The run's id, and whether it came to its end."""
    with Store.open(where) as store:
        past = None if anew else unfinished(store, pipeline, assignment, label)
        record = None if past is None else RunRecord.of(store.events(past))
        left = len(tasks) - (0 if record is None else _finished(record))
        watching: list[Observer] = [] if quiet else [Progress(pipeline.record, of=left)]
        if record is None:
            work = begin(pipeline, tasks, assignment, watching, label)
        else:
            err(f"goes on with run {past}, where it was stopped (--new begins another)")
            work = go_on(record, store, tasks, watching, allow_unsandboxed=allow_unsandboxed)
        return run_async(work)


def _suite(pipeline: Pipeline, named: str | None, options: dict[str, Any]) -> SuiteTasks:
    if named is not None:
        return read_apart(named, options, pipeline.plugin_rules)
    if options:
        raise InputError("--option goes with --tasks", remedy="or use --set tasks.KEY=VALUE")
    use, own = pipeline.task_source
    return read_apart(use, own.model_dump(mode="json"), pipeline.plugin_rules)


def _finished(record: RunRecord) -> int:
    return sum(task.finished for task in record.tasks.values())


def _assignment(suite: SuiteTasks, tasks: Sequence[Task]) -> Assignment:
    return Assignment(
        suite=suite.suite,
        use=suite.use,
        options=suite.options,
        tasks={task.id: task.digest for task in tasks},
    )
