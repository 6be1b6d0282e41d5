"""What is said and written of a graded run: by `lift eval` and `lift grade` alike."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from ..evaluation.collecting import seldom
from ..evaluation.flips import Flips, flips_against
from ..evaluation.flips_told import lines_against
from ..evaluation.html_report import html_report
from ..evaluation.markdown_report import markdown_report
from ..evaluation.reports import Report, report_of
from ..evaluation.result_files import document_lines, read_evaluation
from ..evaluation.results import Evaluation
from ..evaluation.summaries import plain, summary_of
from ..evaluation.tables import lines_of
from ._files import write_whole
from ._guards import writable
from ._terminal import columns, err, out_lines, out_pieces

F = TypeVar("F", bound=Callable[..., Any])

_REPORTS = (
    click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON."),
    click.option("-o", "--output", metavar="FILE", help="Write the same to FILE, for --against."),
    click.option("--html", metavar="FILE", help="Write a page with charts, which stands alone."),
    click.option("--markdown", metavar="FILE", help="Write the tables as Markdown."),
    click.option("--jsonl", metavar="FILE", help="Write a line for the run, then one a task."),
    click.option(
        "--against",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="The result of another run on the same tasks, written by -o: tell what is different.",
    ),
    click.option(
        "--fail-under",
        metavar="SHARE",
        type=click.FloatRange(0, 1),
        help="Exit with 10 unless the share of right tasks is above this: by the lower end of its "
        "interval.",
    ),
)
UNDER = 10


def report_options(command: F) -> F:
    for option in reversed(_REPORTS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Reporting:
    """What is to be done with a graded run. Made before anything is spent."""

    as_json: bool
    files: Mapping[str, Path]
    """By form."""
    other: Evaluation | None
    fail_under: float | None

    @classmethod
    def of(
        cls, *, as_json: bool, against: Path | None, fail_under: float | None, **files: str | None
    ) -> "Reporting":
        """Raises InputError for what cannot be read or written."""
        targets = {form: writable(file) for form, file in files.items() if file is not None}
        other = None if against is None else read_evaluation(against)
        return cls(as_json, targets, other, fail_under)

    def show(self, found: Evaluation) -> int:
        """The exit status. Nothing is written where the two cannot be compared."""
        compared = None if self.other is None else flips_against(found, self.other)
        with seldom():
            report = report_of(found)
        for form, path in self.files.items():
            write_whole(path, _WRITERS[form](report, compared))
        if self.as_json:
            out_pieces(_document(report, compared))
        else:
            out_lines(lines_of(report, columns))
            out_lines(lines_against(compared) if compared else ())
        return self._status(report)

    def _status(self, report: Report) -> int:
        low, _ = report.right.interval
        if self.fail_under is None or low >= self.fail_under:
            return 0
        err(f"{report.right} right: the interval begins under {100 * self.fail_under:.1f} %")
        return UNDER


def _document(report: Report, compared: Flips | None) -> Iterator[str]:
    beside = {} if compared is None else {"comparison": plain(compared)}
    return document_lines(report.of, {"summary": summary_of(report), **beside})


def _html(report: Report, compared: Flips | None) -> Iterator[str]:
    yield html_report(report, compared).rstrip("\n")


def _markdown(report: Report, compared: Flips | None) -> Iterator[str]:
    yield markdown_report(report, compared).rstrip("\n")


def _jsonl(report: Report, compared: Flips | None) -> Iterator[str]:
    head = report.of.model_dump(mode="json", exclude={"rows"})
    yield json.dumps({"kind": "run", **head, "summary": summary_of(report)})
    for row in report.of.rows:
        yield f'{{"kind":"task",{row.model_dump_json()[1:]}'


_WRITERS: dict[str, Callable[[Report, Flips | None], Iterator[str]]] = {
    "output": _document,
    "html": _html,
    "markdown": _markdown,
    "jsonl": _jsonl,
}
