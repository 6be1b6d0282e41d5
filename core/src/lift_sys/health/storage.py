"""The store: whether it can be read, which version it is of and how large; nothing is changed."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select

from ..errors import RecordError
from ..store import tables
from ..store.engines import make_engine
from ..store.failures import told
from ..store.places import Place, find_place
from ..store.store import DEFAULT_PLACE
from .children import NoAnswer, ask, reply
from .findings import Finding

__all__ = ["DEFAULT_PLACE", "find"]

_SECONDS = 30.0
_SECTION = "store"
_ELSEWHERE = "set `record:` in the pipeline to another place, or to null"


def find(where: str) -> Iterator[Finding]:
    """`where` is a path or a URL; a password in it is not shown."""
    try:
        said: dict[str, Any] = ask(__name__, where, seconds=_SECONDS)
    except NoAnswer as error:
        yield Finding(
            section=_SECTION,
            name="store",
            state="problem",
            detail=error.cause,
            remedy=error.remedy or _ELSEWHERE,
        )
        return
    yield Finding(section=_SECTION, name=said["name"], state="ok", detail=said["detail"])


def _examine(where: str) -> dict[str, str]:
    place = find_place(where)
    return {"name": str(place), "detail": _told_of(place)}


def _told_of(place: Place) -> str:
    if place.path is not None and not _holds_anything(place.path):
        folder = next(folder for folder in place.path.parents if folder.exists())
        if not os.access(folder, os.W_OK):
            raise RecordError(f"{folder} cannot be written to", remedy=_ELSEWHERE)
        return "not there yet: the first run makes it"
    engine = make_engine(place)
    try:
        with told(place, "read"), engine.connect() as connection:
            is_store = inspect(connection).has_table(tables.stamp.name)
            version = connection.scalar(select(tables.stamp.c.version_num)) if is_store else None
    finally:
        engine.dispose()
    if version is None:
        raise RecordError(f"{place} holds no store", remedy=_ELSEWHERE)
    if version > tables.VERSION:
        raise RecordError(
            f"it is of version {version}, and this lift-sys knows versions up to {tables.VERSION}",
            remedy="`pip install --upgrade lift-sys`",
        )
    upgrade = "" if version == tables.VERSION else f", which the next run lifts to {tables.VERSION}"
    size = "" if place.path is None else f", {_size(place.path)}"
    if place.path is not None and not os.access(place.path, os.W_OK):
        raise RecordError(
            f"{place.path} can be read, but not written to",
            remedy=f"`chmod u+w {place.path}`, or {_ELSEWHERE}",
        )
    return f"version {version}{upgrade}{size}"


def _holds_anything(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _size(path: Path) -> str:
    parts = (path, path.with_name(f"{path.name}-wal"))
    total = sum(part.stat().st_size for part in parts if part.exists())
    return f"{total / 2**20:.1f} MiB"


if __name__ == "__main__":
    reply(_examine, sys.argv[1:])
