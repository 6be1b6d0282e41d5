"""Where a store is: a file of its own, or a PostgreSQL database."""

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from ..errors import RecordError

DRIVER = "psycopg"
_POSTGRESQL = ("postgresql://", "postgres://")


class Place(NamedTuple):
    path: Path | None
    """Of the SQLite file; None: PostgreSQL."""
    url: URL

    def __str__(self) -> str:
        """As a person would write it; a password is masked."""
        return str(self.path or self.url.set(drivername="postgresql"))


def is_postgresql(where: str) -> bool:
    return where.startswith(_POSTGRESQL)


def find_place(where: str | Path) -> Place:
    """Raises RecordError for a URL that is none, and where the driver is missing."""
    text = str(where)
    if not is_postgresql(text):
        if "://" in text:
            raise RecordError(
                f"a store is no {text.partition('://')[0]!r} URL",
                remedy="give the path of a file, or a URL that begins with postgresql://",
            )
        if "\0" in text:
            raise RecordError(
                f"the path of the store, {text!r}, has a NUL in it",  # SQLite would end it there
                remedy="set `record:` to another place",
            )
        path = Path(where).expanduser().absolute()
        return Place(path, URL.create("sqlite+pysqlite", database=str(path)))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise RecordError(
            "the URL of the store cannot be read",
            remedy="write postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        ) from error
    if find_spec(DRIVER) is None:
        raise RecordError(
            f"the store is in PostgreSQL, and its driver {DRIVER} is not installed",
            remedy="pip install 'lift-sys[postgres]'",
        )
    return Place(None, url.set(drivername=f"postgresql+{DRIVER}"))
