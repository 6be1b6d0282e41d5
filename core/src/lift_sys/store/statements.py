"""What is written often, compiled once: parameters go in as tuples, in the order of the columns."""

from typing import Any

from sqlalchemy import ClauseElement, Table, bindparam, delete, literal_column, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from . import tables

EVENT_TABLES = (
    tables.candidates,
    tables.calls,
    tables.scores,
    tables.verdicts,
    tables.events,
)
BLOBS, TASKS, SAMPLES, RUNS = "blobs", "tasks", "samples", "runs"
FORGET, RELEASE = "forget", "release"
AGAIN = "again"
"""Prefix of the statements for rows that may be there already, after a commit nobody confirmed."""

STATE_COLUMNS = tuple(column.name for column in tables.runs.columns)[3:]
"""Of `runs`, those that change as it goes on."""

STATUS_COLUMNS = {
    "pass": "passed",
    "fail": "failed",
    "unverified": "unverified",
    "error": "errors",
    "cancelled": "cancelled",
}
"""How many tasks ended with each status: columns of `runs`."""


def compiled(dialect: Dialect) -> dict[str, str]:
    """SQL by name: an event table's name inserts into it."""
    plain = (*EVENT_TABLES, tables.samples)
    found = {table.name: compile_insert(table, dialect) for table in plain}
    for table in plain:
        found[AGAIN + table.name] = compile_insert(table, dialect, keep=True)
    # In the order in which transactions take their locks.
    return {
        BLOBS: compile_insert(tables.blobs, dialect, keep=True),
        TASKS: compile_insert(tables.tasks, dialect, replace=True),
        **found,
        RUNS: _update_runs(dialect),
        FORGET: _sql(delete(tables.runs).where(_THIS), dialect),
        RELEASE: _sql(update(tables.runs).values(owner=literal_column("''")).where(_THIS), dialect),
    }


def compile_insert(
    table: Table, dialect: Dialect, *, keep: bool = False, replace: bool = False
) -> str:
    """`keep`: a row that is there already stays; `replace`: it gives way."""
    make = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    statement = make(table)
    key = [column.name for column in table.primary_key]
    if keep:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    if replace:
        others: dict[str, Any] = {
            column.name: statement.excluded[column.name]
            for column in table.columns
            if column.name not in key
        }
        statement = statement.on_conflict_do_update(index_elements=key, set_=others)
    return str(statement.compile(dialect=dialect))


_THIS = tables.runs.c.key == bindparam("which")


def _update_runs(dialect: Dialect) -> str:
    """The parameters are STATE_COLUMNS, then the key."""
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in STATE_COLUMNS}
    return _sql(update(tables.runs).values(changed).where(_THIS), dialect)


def _sql(statement: ClauseElement, dialect: Dialect) -> str:
    return str(statement.compile(dialect=dialect))
