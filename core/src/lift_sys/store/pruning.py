"""Taking out runs, and the texts that nothing refers to any more."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, literal, select, text, union

from . import tables
from .engines import make_engine, writing
from .failures import told
from .grading_tables import grades
from .owners import is_gone
from .places import Place
from .statements import EVENT_TABLES
from .summaries import Pruned

_REFERENCES = (
    tables.candidates.c.text,
    tables.candidates.c.value,
    tables.events.c.rest,
    tables.samples.c.text,
    tables.samples.c.rest,
)


class Which(NamedTuple):
    """A run goes where any of these applies to it."""

    before: str | None = None
    keep: int | None = None
    runs: Collection[str] = ()


def prune(place: Place, which: Which, *, dry_run: bool) -> Pruned:
    engine = make_engine(place, grades=True)
    try:
        with told(place, "prune"), writing(engine).begin() as connection:
            doomed = _doomed(connection, which)
            freed = 0 if dry_run else _take_out(connection, doomed)
            return Pruned(runs=tuple(doomed), bytes=freed)
    finally:
        engine.dispose()


def _take_out(connection: Connection, doomed: Mapping[str, int]) -> int:
    """How many bytes of texts went."""
    if connection.dialect.name == "postgresql":
        # Nobody may refer anew to a text that is about to go.
        connection.execute(text("LOCK TABLE blobs IN EXCLUSIVE MODE"))
    for key in doomed.values():
        for table in (*EVENT_TABLES, tables.samples, tables.tasks, grades):
            connection.execute(delete(table).where(table.c.run == key))
        connection.execute(delete(tables.runs).where(tables.runs.c.key == key))
    used = union(*(select(column).where(column.is_not(None)) for column in _REFERENCES))
    unused = tables.blobs.c.digest.not_in(used)
    size = func.coalesce(func.sum(func.length(tables.blobs.c.data)), literal(0))
    freed = int(connection.execute(select(size).where(unused)).scalar_one())
    if freed:
        connection.execute(delete(tables.blobs).where(unused))
    return freed


def _doomed(connection: Connection, which: Which) -> dict[str, int]:
    """Id and key of each run that goes, the latest first."""
    c = tables.runs.c
    found = connection.execute(
        select(c.id, c.key, c.started, c.ended, c.owner, c.written).order_by(
            c.started.desc(), c.key.desc()
        )
    )
    return {
        row.id: row.key
        for place, row in enumerate(found)
        if (
            row.id in which.runs
            or (which.before is not None and row.started < which.before)
            or (which.keep is not None and place >= which.keep)
        )
        and (row.ended or is_gone(row.owner, row.written))
    }
