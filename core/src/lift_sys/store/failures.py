"""What a database says when it fails, as an error with a remedy."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ..errors import RecordError
from .places import Place

_REMEDIES = (
    ("disk is full", "make room, then `lift runs resume`: what was committed is kept"),
    ("no space left", "make room, then `lift runs resume`: what was committed is kept"),
    ("disk i/o error", "look at the disk, then `lift runs resume`: what was committed is kept"),
    ("readonly", "make the file and its folder writable, or set `record:` to another place"),
    ("read-only", "make the file and its folder writable, or set `record:` to another place"),
    ("unable to open", "set `record:` to a file in a folder you may write to, or `record: null`"),
    ("file exists", "set `record:` to a file in a folder, or `record: null`"),
    ("not a directory", "set `record:` to a file in a folder, or `record: null`"),
    ("locked", "another process holds the store for long: wait for it, then try again"),
    ("not a database", "the file is no store, or is damaged: set `record:` to another place"),
    ("malformed", "the file is damaged: put a backup in its place, or set `record:` to another"),
    ("password", "correct the user and password in the URL of the store"),
    ("fatal: database", "create it (`createdb`), or correct the URL of the store"),
    ("connect", "see that the database answers, then `lift runs resume`"),
)


def said_by(error: BaseException) -> str:
    """The database's own words, on one line and without the statement."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return " ".join(str(origin).split()) or type(origin).__name__


def as_record_error(error: BaseException, doing: str) -> RecordError:
    """`error` may also be that of our own code, such as an event that is no data."""
    said = said_by(error)
    remedy = next((each for sign, each in _REMEDIES if sign in said.lower()), "")
    return RecordError(f"cannot {doing}: {said}", remedy=remedy or "look at the database")


@contextmanager
def told(place: Place, doing: str) -> Generator[None]:
    """`doing` is a verb, such as `read`."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise as_record_error(error, f"{doing} the store {place}") from error
