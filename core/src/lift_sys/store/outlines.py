"""A run's events without the texts of candidates and without samples: enough to count by."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import Engine, Row, Table, select

from . import tables
from .blobs import unpacked
from .failures import told
from .places import Place
from .rows import KINDS

_STEP = 20_000


class Outline(NamedTuple):
    """An event of a task as it is stored, less what may be long."""

    seq: int
    task: str
    kind: str
    body: dict[str, Any]
    value: str = ""
    """Of a candidate: a digest of its value, equal for equal ones; empty where there is none."""


def read_outlines(
    engine: Engine, place: Place, run: int, last: int, kinds: Collection[str]
) -> Iterator[Outline]:
    """In order, of these kinds alone. Read in parts: a run of any length takes the same memory."""
    t = tables.tasks.c
    with told(place, "read"), engine.connect() as connection:
        rows = connection.execute(select(t.number, t.id).where(t.run == run))
        names = {row.number: row.id for row in rows}
    for low in range(0, last, _STEP):
        found: list[Outline] = []
        for table in (tables.candidates, tables.calls, tables.scores, tables.verdicts):
            if KINDS[table.name] in kinds:
                found += _of_one_kind(engine, place, table, run, low, names)
        found += _of_several(engine, place, run, low, names, kinds)
        found.sort(key=lambda each: each.seq)
        yield from found


def _of_one_kind(
    engine: Engine, place: Place, table: Table, run: int, low: int, names: dict[int, str]
) -> list[Outline]:
    c = table.c
    digest = [c.value] if "value" in c else []
    query = select(c.seq, c.task, c.body, *digest).where(
        c.run == run, c.seq > low, c.seq <= low + _STEP
    )
    kind = KINDS[table.name]
    with told(place, "read"), engine.connect() as connection:
        return [
            Outline(row.seq, names[row.task], kind, from_json(row.body), _hex(row))
            for row in connection.execute(query)
        ]


def _hex(row: Row[Any]) -> str:
    value: bytes | None = getattr(row, "value", None)
    return "" if value is None else bytes(value).hex()


def _of_several(
    engine: Engine, place: Place, run: int, low: int, names: dict[int, str], kinds: Collection[str]
) -> list[Outline]:
    c, long = tables.events.c, tables.blobs.c
    joined = tables.events.outerjoin(tables.blobs, long.digest == c.rest)
    query = (
        select(c.seq, c.task, c.kind, c.body, long.form, long.data)
        .select_from(joined)
        .where(c.run == run, c.seq > low, c.seq <= low + _STEP, c.kind.in_(kinds), c.task > 0)
    )
    with told(place, "read"), engine.connect() as connection:
        return [
            Outline(row.seq, names[row.task], row.kind, from_json(_body(row)))
            for row in connection.execute(query)
        ]


def _body(row: Any) -> str:
    return row.body if row.form is None else unpacked(row.form, row.data)
