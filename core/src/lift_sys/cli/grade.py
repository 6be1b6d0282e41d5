"""`lift grade`: the hidden tests once more, over what a run has recorded."""

from pathlib import Path

import click

from ..evaluation.apart import grade_apart
from ..evaluation.comparison import compare
from ..evaluation.results import read_evaluation
from ._guards import writable
from ._stores import opened, run_id, store_option
from ._suites import show_evaluation, write_evaluation


@click.command(name="grade")
@click.argument("named", metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
@click.option("-o", "--output", metavar="FILE", help="Write the result to FILE too, for --against.")
@click.option(
    "--against",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The result of another run on the same tasks, written by -o: tell where they differ.",
)
@click.option("--allow-unsandboxed", is_flag=True, help="Run models' code even unprotected.")
@store_option
def command(
    named: str,
    as_json: bool,
    output: str | None,
    against: Path | None,
    allow_unsandboxed: bool,
    where: str,
) -> int:
    """Grade RUN, a run of `lift eval`, by the hidden tests of its tasks. No model is called.

    RUN is a run's id, its beginning, or `last`. The tasks must be what they were; changed hidden
    tests grade anew. Exit status: 0 graded, 2 to 7 a mistake.
    """
    target = None if output is None else writable(output)
    other = None if against is None else read_evaluation(against)
    with opened(where) as store:
        run = run_id(store, named)
    found = grade_apart(where, run, allow_unsandboxed=allow_unsandboxed)
    compared = None if other is None else compare(found, other)
    if target is not None:
        write_evaluation(found, target)
    show_evaluation(found, compared, as_json=as_json)
    return 0
