"""A run's events without the texts of candidates and without samples: enough to count by."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, Engine, Table, select

from . import tables
from .blobs import unpacked
from .failures import told
from .places import Place
from .rows import KINDS
from .task_parts import of_tasks

_STEP = 20_000
_LEFT_OUT = ("task_started",)
"""Kinds whose long bodies an outline leaves out: nothing is counted by them."""
_OF_ONE_KIND = (tables.candidates, tables.calls, tables.scores, tables.verdicts)
_Part = Callable[[Table], ColumnElement[bool]]


class Outline(NamedTuple):
    """An event of a task as it is stored, less what may be long."""

    seq: int
    task: str
    kind: str
    body: dict[str, Any]
    value: str = ""
    """Of a candidate: a digest of its value, equal for equal ones; empty where there is none."""


def read_outlines(
    engine: Engine,
    place: Place,
    run: int,
    last: int,
    kinds: Collection[str],
    tasks: Collection[str] | None = None,
) -> Iterator[Outline]:
    """In order, of these kinds alone, of all tasks or of those named. A whole run is read in
    parts: one of any length takes the same memory."""
    t = tables.tasks.c
    query = select(t.number, t.id).where(t.run == run)
    if tasks is not None:
        query = query.where(t.id.in_(tasks))
    with told(place, "read"), engine.connect() as connection:
        names = {row.number: row.id for row in connection.execute(query)}
    several = [table for table in _OF_ONE_KIND if KINDS[table.name] in kinds]
    for part in _parts(run, last, tasks):
        with told(place, "read"), engine.connect() as connection:
            found = [
                each for table in several for each in _of_one_kind(connection, table, part, names)
            ]
            found += _of_several(connection, part, names, kinds)
        found.sort(key=itemgetter(0))
        yield from found


def _parts(run: int, last: int, tasks: Collection[str] | None) -> Iterator[_Part]:
    if tasks is not None:
        yield partial(of_tasks, run, tasks)
        return
    for low in range(0, last, _STEP):
        yield partial(_between, run, low)


def _between(run: int, low: int, table: Table) -> ColumnElement[bool]:
    return (table.c.run == run) & (table.c.seq > low) & (table.c.seq <= low + _STEP)


def _of_one_kind(
    connection: Connection, table: Table, part: _Part, names: Mapping[int, str]
) -> list[Outline]:
    c, kind = table.c, KINDS[table.name]
    if "value" not in c:
        rows = connection.execute(select(c.seq, c.task, c.body).where(part(table))).all()
        return [Outline(seq, names[task], kind, from_json(body)) for seq, task, body in rows]
    rows = connection.execute(select(c.seq, c.task, c.body, c.value).where(part(table))).all()
    return [
        Outline(seq, names[task], kind, from_json(body), "" if value is None else value.hex())
        for seq, task, body, value in rows
    ]


def _of_several(
    connection: Connection, part: _Part, names: Mapping[int, str], kinds: Collection[str]
) -> list[Outline]:
    c, long = tables.events.c, tables.blobs.c
    told = c.kind.not_in(_LEFT_OUT)
    joined = tables.events.outerjoin(tables.blobs, (long.digest == c.rest) & told)
    query = (
        select(c.seq, c.task, c.kind, c.body, long.form, long.data)
        .select_from(joined)
        .where(part(tables.events), c.kind.in_(kinds), c.task > 0)
    )
    return [
        Outline(seq, names[task], kind, from_json(body if form is None else unpacked(form, data)))
        for seq, task, kind, body, form, data in connection.execute(query).all()
    ]
