"""A report as Markdown: the same tables, for a pull request or a wiki."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from .flips import Flips
from .flips_told import lines_against
from .page import visible
from .reports import Report
from .selection import named
from .tables import Columns, Table, lines_of

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def markdown_report(report: Report, compared: Flips | None = None) -> str:
    def lines(table: Columns) -> Iterator[str]:
        yield from lines_of(report, table)
        if compared is not None:
            yield from lines_against(compared)

    return as_markdown(f"{named(report.of.suite)}: {report.right} right", lines)


def as_markdown(title: str, lines: Callable[[Columns], Iterable[str]]) -> str:
    """What is told in words and tables, below a title."""
    told = [f"# {safe(title)}", "", *_paragraphs(lines(_table))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(told)).rstrip() + "\n"


def safe(said: str) -> str:
    """Text on one line, in which nothing is markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(visible(said).split()))


class _Markup(str):
    """A line that is Markdown already."""

    __slots__ = ()


def _table(rows: Table) -> Iterable[str]:
    if not rows:
        return
    yield _Markup("")
    if not any(row[0] for row in rows):
        # No head, and the first column is but an indent.
        rows = [["" for _ in rows[0][1:]], *(row[1:] for row in rows)]
    head, *body = rows
    yield _line(head)
    yield _line(["---" for _ in head], plain=True)
    yield from map(_line, body)
    yield _Markup("")


def _line(cells: Sequence[str], *, plain: bool = False) -> _Markup:
    shown = cells if plain else [safe(cell) for cell in cells]
    return _Markup(f"| {' | '.join(shown)} |")


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Each line its own, those that stand in as lists."""
    for line in lines:
        if isinstance(line, _Markup):
            yield line
        elif line.startswith("  "):
            yield f"- {safe(line)}"
        elif line:
            yield f"\n{safe(line)}\n"
