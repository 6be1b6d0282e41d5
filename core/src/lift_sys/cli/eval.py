"""`lift eval`: a pipeline over a suite, recorded, and graded afterwards."""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ..errors import InputError
from ..evaluation.apart import References, SuiteTasks, grade_apart, read_apart
from ..pipeline.alone import LOCAL, text_of
from ..pipeline.pipeline import Pipeline
from ._estimate import known_of, lines_of_estimate
from ._evaluations import Work
from ._graded import GradingTold
from ._guards import plugins_cannot_exit
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
@click.option(
    "--reference-ir",
    is_flag=True,
    help="Afterwards, write code from the suite's own specifications too, in a run of its own that "
    "costs calls: tells which stage is at fault.",
)
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
    reference_ir: bool,
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
        suited = _Suited(pipeline, tasks_from, read_options(options))
        suite = suited.read("named" if reference_ir else "unseen")
        tasks = selection.of(suite.tasks)
        specified = [task for task in tasks if task.id in suite.specified]
        if reference_ir and not specified:
            raise InputError(
                "none of these tasks has a reference specification",
                remedy="leave --reference-ir out, or take a suite such as `generated`",
            )
        if estimate:
            at_once, budget = pipeline.concurrency, pipeline.run_budget
            with redirect_stdout(results):
                known = known_of(where, pipeline.file)
                for text in lines_of_estimate(known, len(tasks), at_once, budget):
                    out(text)
                if reference_ir:
                    known, count = known_of(where, pipeline.file, beside=True), len(specified)
                    for text in lines_of_estimate(known, count, at_once, budget, beside=True):
                        out(text)
            return 0
        work = Work(pipeline, where, label, quiet=quiet, allow_unsandboxed=allow_unsandboxed)
        run, done = work.run(suite, tasks, anew=anew, and_beside=reference_ir)
        if done and reference_ir:
            # Only now: until here, this process held no specification of the suite.
            shown = {task.id: task for task in suited.read("shown").tasks}
            done = work.run_beside(run, suite, [shown[task.id] for task in specified])
        if not done:
            err(f"stopped: the same command goes on with run {run}; `lift grade {run}` grades it")
            return INTERRUPTED
        try:
            engine = LOCAL if pipeline.engine is None else text_of(*pipeline.engine)
            found = grade_apart(
                where,
                run,
                allow_unsandboxed=allow_unsandboxed,
                engine=engine,
                on_row=None if quiet else GradingTold(),
            )
        except KeyboardInterrupt:
            err(f"stopped: the run is kept, `lift grade {run}` grades it")
            return INTERRUPTED
    with redirect_stdout(results):
        return reporting.show(found)


@dataclass(frozen=True, slots=True)
class _Suited:
    """Where the tasks come from."""

    pipeline: Pipeline
    named: str | None
    options: dict[str, Any]

    def read(self, references: References) -> SuiteTasks:
        rules = self.pipeline.plugin_rules
        if self.named is not None:
            return read_apart(self.named, self.options, rules, references)
        if self.options:
            raise InputError("--option goes with --tasks", remedy="or use --set tasks.KEY=VALUE")
        use, own = self.pipeline.task_source
        return read_apart(use, own.model_dump(mode="json"), rules, references)
