"""What commands share that work on the tasks of a suite."""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from ..errors import InputError
from ..evaluation.selection import Selection

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
    """Takes its options out of what was given."""
    return Selection(
        parts=tuple(given.pop("parts")),
        categories=tuple(given.pop("categories")),
        difficulties=tuple(given.pop("difficulties")),
        limit=given.pop("limit"),
        seed=given.pop("seed"),
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
