"""`lift compare`: two graded runs or more, task by task."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from ..errors import InputError
from ..evaluation.apart import grade_apart
from ..evaluation.collecting import seldom
from ..evaluation.contest_html import contest_html
from ..evaluation.contest_json import contest_document
from ..evaluation.contest_text import lines_of_contest
from ..evaluation.contests import Contest, contest
from ..evaluation.markdown_report import as_markdown
from ..evaluation.result_files import read_evaluation
from ..evaluation.results import Evaluation
from ..evaluation.selection import named
from ._files import write_whole
from ._graded import GradingTold
from ._guards import writable
from ._stores import opened, run_id, store_option
from ._terminal import columns, out_json, out_lines


@click.command(name="compare")
@click.argument("sides", metavar="A B [C ...]", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the whole comparison as JSON.")
@click.option("-o", "--output", metavar="FILE", help="Write the same to FILE.")
@click.option("--html", metavar="FILE", help="Write a page with charts, which stands alone.")
@click.option("--markdown", metavar="FILE", help="Write the tables as Markdown.")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Of the resamples.")
@click.option("--allow-unsandboxed", is_flag=True, help="Run models' code even unprotected.")
@store_option
def command(
    sides: Sequence[str],
    as_json: bool,
    seed: int,
    allow_unsandboxed: bool,
    where: str,
    **files: str | None,
) -> int:
    """Compare runs of `lift eval` on the same tasks: each with the first.

    A, B, C are a run's id or its beginning, `last`, or a file that `-o` of `lift eval` wrote;
    several with commas between them are epochs of one side, NAME=RUN names it. Runs are graded
    where they are not yet; no model is called. Exit status: 0 compared, 2 to 7 a mistake.
    """
    targets = {form: writable(file) for form, file in files.items() if file is not None}
    known = [_side(text) for text in sides]
    with seldom():
        read = [
            (name, [read_side(text, where, allow_unsandboxed=allow_unsandboxed) for text in texts])
            for name, texts in known
        ]
        found = contest(read, seed)
    # All of them, before any is written.
    texts = {form: [*_WRITERS[form](found)] for form in targets}
    for form, path in targets.items():
        write_whole(path, texts[form])
    if as_json:
        out_json(contest_document(found))
        return 0
    out_lines(lines_of_contest(found, columns))
    return 0


def read_side(text: str, where: str, *, allow_unsandboxed: bool) -> Evaluation:
    """A result file, else a run of the store. Raises InputError."""
    path = Path(text)
    if path.is_file() or path.suffix == ".json":
        return read_evaluation(path)
    with opened(where) as store:
        run = run_id(store, text)
    return grade_apart(where, run, allow_unsandboxed=allow_unsandboxed, on_row=GradingTold())


def _side(text: str) -> tuple[str, list[str]]:
    """Its name, which may be empty, and its runs."""
    if Path(text).is_file():
        return "", [text]
    name, equals, runs = text.partition("=")
    if not equals:
        name, runs = "", text
    found = [each for each in runs.split(",") if each]
    if not found:
        raise InputError(f"{text!r:.80} names no run", remedy="as in NAME=RUN,RUN")
    return name, found


def _json(found: Contest) -> Iterator[str]:
    yield json.dumps(contest_document(found), indent=1)


def _html(found: Contest) -> Iterator[str]:
    yield contest_html(found).rstrip("\n")


def _markdown(found: Contest) -> Iterator[str]:
    title = f"{named(found.suite)}: {' against '.join(side.name for side in found.sides)}"
    yield as_markdown(title, lambda table: lines_of_contest(found, table)).rstrip("\n")


_WRITERS: dict[str, Callable[[Contest], Iterator[str]]] = {
    "output": _json,
    "html": _html,
    "markdown": _markdown,
}
