"""`lift grade`: the hidden tests once more, over what a run has recorded."""

from typing import Any

import click

from ..evaluation.apart import grade_apart
from ._reporting import Reporting, report_options
from ._stores import opened, run_id, store_option


@click.command(name="grade")
@click.argument("named", metavar="RUN")
@report_options
@click.option("--again", is_flag=True, help="Grade also what these tests have graded before.")
@click.option("--mutants", is_flag=True, help="Try specifications on mistakes too: takes long.")
@click.option("--allow-unsandboxed", is_flag=True, help="Run models' code even unprotected.")
@store_option
def command(
    named: str, again: bool, mutants: bool, allow_unsandboxed: bool, where: str, **reports: Any
) -> int:
    """Grade RUN, a run of `lift eval`, by the hidden tests of its tasks. No model is called.

    RUN is a run's id, its beginning, or `last`. The tasks must be what they were; what the same
    tests have graded before is taken from the record, changed ones grade anew. Exit status: 0
    graded, 2 to 7 a mistake, 10 not above --fail-under.
    """
    reporting = Reporting.of(**reports)
    with opened(where) as store:
        run = run_id(store, named)
    found = grade_apart(
        where, run, allow_unsandboxed=allow_unsandboxed, again=again, mutants=mutants
    )
    return reporting.show(found)
