"""Which events are those of some tasks."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table

from . import tables


def of_tasks(run: int, tasks: Collection[str], table: Table) -> ColumnElement[bool]:
    """Of a run, on an event table.

    By way of `tasks`: given their numbers alone, SQLite reads all events of the run to find them.
    """
    t, c = tables.tasks.c, table.c
    return (t.run == run) & t.id.in_(tasks) & (c.run == t.run) & (c.task == t.number)
