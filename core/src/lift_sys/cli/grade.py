"""`lift grade`: the hidden tests once more, over what a run has recorded."""

from pathlib import Path

import click

from ..evaluation.apart import grade_apart
from ..evaluation.comparison import compare, lines_of_comparison
from ..evaluation.results import read_evaluation
from ..store.store import DEFAULT_PLACE, Store
from ._suites import show_evaluation, write_evaluation
from ._terminal import out


@click.command(name="grade")
@click.argument("run")
@click.option("--store", "where", default=DEFAULT_PLACE, help="Where the run is recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write the result to FILE too."
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="The result FILE of another run on the same tasks: tell where they differ.",
)
@click.option("--allow-unsandboxed", is_flag=True, help="Run models' code even unprotected.")
def command(
    run: str,
    where: str,
    as_json: bool,
    output: Path | None,
    against: Path | None,
    allow_unsandboxed: bool,
) -> int:
    """Grade RUN, a run of `lift eval`, by the hidden tests of its tasks. No model is called.

    RUN is a run's id or its beginning. The tasks must be what they were; changed hidden tests
    grade anew. Exit status: 0 graded, 2 to 7 a mistake.
    """
    other = None if against is None else read_evaluation(against)
    with Store.open(where, create=False) as store:
        run = store.run(run).id
    found = grade_apart(where, run, allow_unsandboxed=allow_unsandboxed)
    compared = None if other is None else compare(found, other)
    show_evaluation(found, as_json=as_json)
    if compared is not None and not as_json:
        for text in lines_of_comparison(compared):
            out(text)
    if output is not None:
        write_evaluation(found, output)
    return 0
