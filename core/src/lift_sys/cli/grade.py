"""`lift grade`: the hidden tests once more, over what a run has recorded."""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any

import click

from ..evaluation.apart import Scores, grade_apart
from ..evaluation.rescoring import named_scorer, rescored
from ..evaluation.sources import plugins_of
from ..evaluation.winners import read_run
from ..pipeline.edge import run_async
from ..store import Store
from ._engines import engine_option
from ._graded import GradingTold
from ._guards import plugins_cannot_exit
from ._progress import counted
from ._reporting import Reporting, report_options
from ._stores import opened, run_id, store_option
from ._terminal import err


@click.command(name="grade")
@click.argument("named", metavar="RUN")
@report_options
@click.option("--again", is_flag=True, help="Grade also what these tests have graded before.")
@click.option(
    "--scorer",
    "scorers",
    multiple=True,
    metavar="NAME[=JSON]",
    help="Have this scorer look at what was drawn, too. May be given several times.",
)
@engine_option
@click.option("--mutants", is_flag=True, help="Try specifications on mistakes too: takes long.")
@click.option("--allow-unsandboxed", is_flag=True, help="Run models' code even unprotected.")
@store_option
def command(
    named: str,
    again: bool,
    scorers: Sequence[str],
    mutants: bool,
    engine: str,
    allow_unsandboxed: bool,
    where: str,
    **reports: Any,
) -> int:
    """Grade RUN, a run of `lift eval`, by the hidden tests of its tasks. No model is called.

    RUN is a run's id, its beginning, or `last`. The tasks must be what they were; what the same
    tests have graded before is taken from the record, changed ones grade anew. Exit status: 0
    graded, 2 to 7 a mistake, 10 not above --fail-under.
    """
    reporting = Reporting.of(**reports)
    with opened(where) as store:
        run = run_id(store, named)
        # In this process, which knows no hidden test.
        scores = _rescored(store, run, scorers, allow_unsandboxed=allow_unsandboxed)
    found = grade_apart(
        where,
        run,
        allow_unsandboxed=allow_unsandboxed,
        again=again,
        mutants=mutants,
        scores=scores,
        engine=engine,
        on_row=GradingTold(),
    )
    return reporting.show(found)


def _rescored(store: Store, run: str, scorers: Sequence[str], *, allow_unsandboxed: bool) -> Scores:
    if not scorers:
        return {}
    # What plugins print must not get among the results.
    with redirect_stdout(sys.stderr), plugins_cannot_exit():
        finished = read_run(store, run)
        manager = plugins_of(finished.rules)
        named = [named_scorer(text, manager) for text in scorers]
        work = rescored(store, finished, named, allow_unsandboxed=allow_unsandboxed)
        found = run_async(work)
    if found.skipped:
        err(f"note: {counted(found.skipped, 'set')} could not be shown to other scorers")
    return found.scores
