"""A run's events, read back in order from the tables they are spread over."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, bindparam, select

from . import tables
from .blobs import unpacked_pairs
from .failures import told
from .places import Place
from .rows import KINDS, Row, SampleRow, from_row
from .statements import EVENT_TABLES
from .summaries import Recorded
from .task_parts import of_tasks

_AT_ONCE = 500
"""Calls whose samples are asked for in one statement."""
_STEP = 2_000
"""Events read at once: a run of any length takes the same memory."""


class Wanted(NamedTuple):
    """Which events of which run."""

    run: int
    """Its key."""
    last: int
    tasks: Collection[str] | None
    """None: of all, and of the run itself."""
    after: int
    kinds: Collection[str]


def read_events(engine: Engine, place: Place, wanted: Wanted) -> Iterator[Recorded]:
    names = {0: ""}
    for part in _parts(wanted):
        conditions = [part(table) for table in EVENT_TABLES]
        with told(place, "read"), engine.connect() as connection:
            found = _read(connection, wanted, conditions, names)
        yield from found


def _parts(wanted: Wanted) -> Iterator[Callable[[Table], ColumnElement[bool]]]:
    """Conditions on an event table, one for each part that is read at once."""
    if wanted.tasks is not None:
        yield partial(_of_tasks, wanted, wanted.tasks)
        return
    for low in range(wanted.after, wanted.last, _STEP):
        yield partial(_between, wanted.run, low, min(low + _STEP, wanted.last))


def _of_tasks(wanted: Wanted, tasks: Collection[str], table: Table) -> ColumnElement[bool]:
    return of_tasks(wanted.run, tasks, table) & (table.c.seq > wanted.after)


def _learn_names(
    connection: Connection, run: int, numbers: set[int], names: dict[int, str]
) -> None:
    """Only those that are met: a run may have very many tasks."""
    unknown = numbers - names.keys()
    if unknown:
        c = tables.tasks.c
        query = select(c.number, c.id).where(
            c.run == run, c.number >= min(unknown), c.number <= max(unknown)
        )
        names.update((number, name) for number, name in connection.execute(query))


def _between(run: int, low: int, high: int, table: Table) -> ColumnElement[bool]:
    return (table.c.run == run) & (table.c.seq > low) & (table.c.seq <= high)


def _read(
    connection: Connection,
    wanted: Wanted,
    conditions: list[ColumnElement[bool]],
    names: dict[int, str],
) -> list[Recorded]:
    found: list[Recorded] = []
    for table, condition in zip(EVENT_TABLES, conditions, strict=True):
        kind = KINDS.get(table.name)
        if wanted.kinds and kind is not None and kind not in wanted.kinds:
            continue
        query = _QUERIES[table.name].where(condition)
        if wanted.kinds and kind is None:
            query = query.where(table.c.kind.in_(wanted.kinds))
        rows = connection.execute(query).all()
        _learn_names(connection, wanted.run, {row.task for row in rows}, names)
        samples: Mapping[int, tuple[SampleRow, ...]] = {}
        if table is tables.calls:
            samples = _read_samples(connection, wanted.run, [row.seq for row in rows])
        found += [_recorded(table.name, row, names, samples.get(row.seq, ())) for row in rows]
    return sorted(found, key=lambda recorded: recorded.seq)


def _read_samples(
    connection: Connection, run: int, calls: Sequence[int]
) -> Mapping[int, tuple[SampleRow, ...]]:
    """Of the calls with these `seq`, by it."""
    found: dict[int, tuple[SampleRow, ...]] = {}
    for start in range(0, len(calls), _AT_ONCE):
        some = {"run": run, "calls": calls[start : start + _AT_ONCE]}
        for seq, body, *texts in connection.execute(_SAMPLES, some):
            found[seq] = (*found.get(seq, ()), SampleRow(None, body, *unpacked_pairs(texts)))
    return found


def _with_texts(table: Table, *beside: str) -> Select[*tuple[Any, ...]]:
    """Columns that stand beside each other, then form and data of each text."""
    columns: list[Any] = [table.c[name] for name in beside]
    joined: Any = table
    for name in ("text", "value", "rest"):
        if name in table.c:
            blob = tables.blobs.alias()
            columns += [blob.c.form, blob.c.data]
            joined = joined.outerjoin(blob, blob.c.digest == table.c[name])
    return select(*columns).select_from(joined)


def _query(table: Table) -> Select[*tuple[Any, ...]]:
    kind = () if table.name in KINDS else ("kind",)
    return _with_texts(table, "seq", "at", "task", "body", *kind)


_QUERIES = {table.name: _query(table) for table in EVENT_TABLES}
_SAMPLES = (
    _with_texts(tables.samples, "seq", "body")
    .where(
        tables.samples.c.run == bindparam("run"),
        tables.samples.c.seq.in_(bindparam("calls", expanding=True)),
    )
    .order_by(tables.samples.c.seq, tables.samples.c.place)
)


def _recorded(
    table: str, row: Any, names: Mapping[int, str], samples: tuple[SampleRow, ...]
) -> Recorded:
    seq, at, task, body, *rest = row
    kind = None if table in KINDS else rest.pop(0)
    made = Row(table, body, unpacked_pairs(rest), kind, samples)
    return Recorded(seq, at, from_row(made, names[task]))
