"""Connections: SQLite in WAL mode, where a writer says at once that it will write."""

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool

from .places import Place

BUSY_SECONDS = 30.0
"""How long a writer waits for another one's transaction."""
CONNECT_SECONDS = 10
_TABLES_LOCK = 0x11F7
"""Of PostgreSQL's advisory locks, the one that is held while tables change."""
BEGIN_WRITING = "BEGIN IMMEDIATE"
WRITES = "lift_writes"
"""Execution option of a connection that is going to write."""


def make_engine(place: Place, *, grades: bool = False) -> Engine:
    """`grades`: whether those may be read; nothing that a run is made of may."""
    if place.path is None:
        return create_engine(
            place.url,
            connect_args={"connect_timeout": CONNECT_SECONDS},
            # Parameters are tuples.
            paramstyle="format",
            # A connection that broke while nobody used it is replaced, not handed out.
            pool_pre_ping=True,
        )
    uri = _uri(place.path)
    engine = create_engine(place.url, poolclass=QueuePool, creator=lambda: _connect(uri))
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    if not grades:
        event.listen(engine, "connect", _deny_grades)
    return engine


def _uri(path: Path) -> str:
    uri = f"file:{quote(str(path))}"
    if not path.exists() or os.access(path.parent, os.W_OK):
        return uri
    # Without a log beside it nobody writes to it, and SQLite may not make one here to read it.
    return f"{uri}?mode=ro" if Path(f"{path}-wal").exists() else f"{uri}?immutable=1"


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)


def _set_up(connection: sqlite3.Connection, _: Any) -> None:
    # Transactions begin where SQLAlchemy says so, not where sqlite3 guesses.
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=NORMAL")


def _deny_grades(connection: sqlite3.Connection, _: Any) -> None:
    connection.set_authorizer(_may_not_read_grades)


def _may_not_read_grades(action: int, table: str | None, *_: str | None) -> int:
    reads = action == sqlite3.SQLITE_READ and table == "grades"
    return sqlite3.SQLITE_DENY if reads else sqlite3.SQLITE_OK


def _begin(connection: Connection) -> None:
    # A deferred transaction that begins to write in its middle may fail at once, without waiting.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql(BEGIN_WRITING if writes else "BEGIN")


def writing(engine: Engine) -> Engine:
    """The same, for those who write."""
    return engine.execution_options(**{WRITES: True})


def lock_tables(connection: Connection) -> None:
    """Until the end of the transaction; SQLite's own writer lock does it there."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _TABLES_LOCK})
