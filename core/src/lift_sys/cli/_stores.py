"""What commands about recorded runs share: which store, which run, and times as people say them."""

import json
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from .. import store as stores
from ..errors import InputError, RecordError
from ..interfaces import EVENT, Event
from ..pipeline.recorded import RunRecord, Told

PLACE = "LIFT_SYS_STORE"
LAST = "last"
JSON_LINES = ".jsonl"
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

F = TypeVar("F", bound=Callable[..., Any])


def store_option(command: F) -> F:
    return click.option(
        "--store",
        "where",
        envvar=PLACE,
        default=".lift/store.db",
        metavar="PLACE",
        help="The store: a file, or a postgresql:// URL. By default .lift/store.db.",
    )(command)


@contextmanager
def opened(where: str) -> "Generator[stores.Store]":
    """Never makes one."""
    with stores.Store.open(where, create=False) as store:
        yield store


def run_id(store: "stores.Store", named: str) -> str:
    """By its id, by a beginning of it, or `last`. Raises InputError."""
    if named != LAST:
        return store.run(named).id
    newest = store.runs(limit=1)
    if not newest:
        raise InputError(f"there is no run in {store}", remedy="run a pipeline first")
    return newest[0].id


class _Line(NamedTuple):
    at: float
    event: Event


def record_of(where: str, named: str) -> RunRecord:
    """Of a run in the store, or of the file that `lift runs export` made of one."""
    if named.endswith(JSON_LINES):
        return RunRecord.of(_lines(Path(named)))
    with opened(where) as store:
        return RunRecord.of(store.events(run_id(store, named)))


def _lines(path: Path) -> Iterator[Told]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"cannot read {path}: {cause}", remedy="check its path") from error
    for number, line in enumerate(text.splitlines(), 1):
        try:
            document = json.loads(line)
            at = float(document.pop("at"))
            document.pop("seq")
            yield _Line(at, EVENT.validate_json(json.dumps(document)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RecordError(
                f"line {number} of {path} is no event of a run",
                remedy="export the run again: `lift runs export`",
            ) from error


def moment(text: str | None) -> str | None:
    """`2026-11-21`, `2026-11-21T08:00`, or an age such as `30d`, as the store compares times."""
    if text is None:
        return None
    age = re.fullmatch(r"(\d{1,5})([mhdw])", text)
    if age:
        then = datetime.now(UTC) - timedelta(**{_UNITS[age[2]]: int(age[1])})
        return then.isoformat(timespec="seconds")
    try:
        then = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"{text!r} is no time",
            remedy="write 2026-11-21, 2026-11-21T08:00 or an age such as 30d",
        ) from error
    # What names no zone is meant where the person is.
    return then.astimezone(UTC).isoformat(timespec="seconds")
