"""The first row of a run, and taking up a run that was broken off."""

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..errors import InputError, RecordError
from . import tables
from .owners import claim, is_gone
from .recorder import RunRow, TaskState
from .statements import STATUS_COLUMNS
from .times import utc_now

Start = tuple[RunRow, dict[str, TaskState]]


def begin_run(connection: Connection, run: str) -> Start:
    now = utc_now()
    empty = {column.name: 0 for column in tables.runs.columns if column.name != "key"}
    texts = dict.fromkeys(("why", "pipeline", "label"), "")
    owner = claim()
    named = {"id": run, "owner": owner, "started": now, "written": now}
    try:
        added = insert(tables.runs).values({**empty, **texts, **named}).returning(tables.runs.c.key)
        key = connection.execute(added).scalar_one()
    except IntegrityError as error:
        raise RecordError(
            f"there is a run {run!r} already",
            remedy="a run is recorded once: to go on with it, resume it",
        ) from error
    return RunRow(key=key, owner=owner, started=now), {}


def take_up_run(connection: Connection, run: str) -> Start:
    c = tables.runs.c
    found = connection.execute(select(tables.runs).where(c.id == run).with_for_update()).first()
    if found is None or not found.events:
        raise InputError(f"there is no run {run!r}", remedy="see `lift runs`")
    if not found.ended and not is_gone(found.owner, found.written):
        raise InputError(
            f"run {run} is under way ({found.owner})", remedy="wait for its end, or stop it first"
        )
    owner = claim()
    connection.execute(update(tables.runs).where(c.key == found.key).values(owner=owner, ended=0))
    kept = [field.name for field in fields(RunRow) if hasattr(found, field.name)]
    values: dict[str, Any] = {name: getattr(found, name) for name in kept} | {"owner": owner}
    counts = {status: getattr(found, column) for status, column in STATUS_COLUMNS.items()}
    t = tables.tasks.c
    tasks = {
        row.id: TaskState(*row)
        for row in connection.execute(
            select(t.number, t.id, t.request, t.category, t.difficulty, t.status).where(
                t.run == found.key
            )
        )
    }
    return RunRow(**values, statuses=counts), tasks
