"""The tables. A run's events are spread over them by kind, and `seq` orders them all again.

`runs` and `tasks` hold no event: they say where each stands, and are written in the same
transaction as the events they sum up. `body` is an event as JSON, less what stands beside it;
texts that may be long are in `blobs`, once each. The other columns are copies, for queries.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

VERSION = "0003"
"""Of the tables below: the last migration in `migrations/versions`."""

metadata = MetaData()

stamp = Table("lift_version", metadata, Column("version_num", Text, primary_key=True))

_KEY = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the type is called INTEGER."""

runs = Table(
    "runs",
    metadata,
    Column("key", _KEY, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("owner", Text, nullable=False),
    Column("started", Text, nullable=False, index=True),
    Column("written", Text, nullable=False),
    Column("ended", SmallInteger, nullable=False),
    Column("why", Text, nullable=False),
    Column("pipeline", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("tasks", BigInteger, nullable=False),
    Column("passed", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("unverified", BigInteger, nullable=False),
    Column("errors", BigInteger, nullable=False),
    Column("cancelled", BigInteger, nullable=False),
    Column("candidates", BigInteger, nullable=False),
    Column("calls", BigInteger, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("usd", Float, nullable=False),
    Column("unpriced_calls", BigInteger, nullable=False),
    Column("call_seconds", Float, nullable=False),
    Column("cached_calls", BigInteger, nullable=False),
    Column("cached_usd", Float, nullable=False),
)


def _run() -> Column[int]:
    return Column("run", _KEY, primary_key=True, autoincrement=False)


tasks = Table(
    "tasks",
    metadata,
    _run(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("category", Text),
    Column("difficulty", Text),
    Column("status", Text),
    Column("why", Text, nullable=False),
    Column("failure", Text),
    Column("calls", BigInteger, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("usd", Float, nullable=False),
    Column("unpriced_calls", BigInteger, nullable=False),
    Column("call_seconds", Float, nullable=False),
    Column("cached_calls", BigInteger, nullable=False),
    Column("cached_usd", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Index("tasks_by_id", "run", "id"),
    Index("tasks_by_status", "run", "status"),
    sqlite_with_rowid=False,
)


def _events(name: str, *columns: Column[str] | Column[bytes] | Column[float] | Index) -> Table:
    return Table(
        name,
        metadata,
        _run(),
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("at", Float, nullable=False),
        Column("task", Integer, nullable=False),
        Column("body", Text, nullable=False),
        *columns,
        Index(f"{name}_by_task", "run", "task", "seq"),
        sqlite_with_rowid=False,
    )


candidates = _events(
    "candidates",
    Column("text", LargeBinary),
    Column("value", LargeBinary),
)
calls = _events("calls")
scores = _events("scores")
verdicts = _events("verdicts")
events = _events("events", Column("kind", Text, nullable=False), Column("rest", LargeBinary))

blobs = Table(
    "blobs",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("form", SmallInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

samples = Table(
    "samples",
    metadata,
    _run(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, index=True),
    Column("of", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("text", LargeBinary),
    Column("rest", LargeBinary),
    sqlite_with_rowid=False,
)
"""What calls delivered: each is a part of the call with the same `seq`, one `of` so many. It has a
key where it may be used again: a whole completion, in which no secret was masked."""

curves = Table(
    "curves",
    metadata,
    Column("training", Text, primary_key=True),
    Column("trial", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("value", Float, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What trainings measured as they went; of no run."""
