"""What commands share that work on the tasks of a suite."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from ..errors import InputError
from ..evaluation.comparison import Comparison, lines_of_comparison
from ..evaluation.reports import report_of
from ..evaluation.results import Evaluation
from ..evaluation.selection import Selection
from ..evaluation.summaries import summary_of
from ..evaluation.tables import lines_of
from ._files import write_whole
from ._terminal import columns, line, out, out_json

F = TypeVar("F", bound=Callable[..., Any])

_SELECTION = (
    click.option("--part", "parts", multiple=True, help="Only tasks of this part of the suite."),
    click.option("--category", "categories", multiple=True, help="Only tasks of this category."),
    click.option("--difficulty", "difficulties", multiple=True, help="Only tasks this difficult."),
    click.option("--limit", type=click.IntRange(min=1), help="At most so many, drawn evenly."),
    click.option("--seed", type=int, default=0, help="Of that draw: the same, the same tasks."),
)

option_option = click.option(
    "--option",
    "options",
    multiple=True,
    metavar="KEY=VALUE",
    help="An option of the data source, such as phase=2. May be given several times.",
)


def selection_options(command: F) -> F:
    for option in reversed(_SELECTION):
        command = option(command)
    return command


def selection_from(given: dict[str, Any]) -> Selection:
    return Selection(
        parts=tuple(given["parts"]),
        categories=tuple(given["categories"]),
        difficulties=tuple(given["difficulties"]),
        limit=given["limit"],
        seed=given["seed"],
    )


def read_options(texts: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise InputError(f"--option {text!r:.80} is no KEY=VALUE", remedy="as in phase=2")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def show_evaluation(
    found: Evaluation, compared: Comparison | None = None, *, as_json: bool
) -> None:
    if as_json:
        beside = {} if compared is None else {"comparison": compared._asdict()}
        out_json({**document_of(found), **beside})
        return
    for text in lines_of(report_of(found), columns):
        out(line(text) if not text.startswith("  ") else text)
    for text in lines_of_comparison(compared) if compared else ():
        out(text)


def document_of(found: Evaluation) -> dict[str, Any]:
    return {**found.model_dump(mode="json"), "summary": summary_of(report_of(found))}


def write_evaluation(found: Evaluation, target: Path) -> None:
    """The whole file or none."""
    write_whole(target, [json.dumps(document_of(found), indent=1)])
