"""Which version a store is of: read by one query when it is opened, changed only by an upgrade."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from ..errors import RecordError
from . import grading_tables, migrations, tables
from .engines import lock_tables, make_engine, writing
from .places import Place
from .statements import EVENT_TABLES


def make_ready(place: Place) -> None:
    """Makes the tables where there are none, upgrades old ones, refuses newer ones."""
    engine = make_engine(place, grades=True)
    try:
        _make_ready(engine, place)
    finally:
        engine.dispose()


def _make_ready(engine: Engine, place: Place) -> None:
    version = _read(engine)
    if version is None:
        _create(engine, place)
    elif version < tables.VERSION:
        migrations.upgrade(engine, place, version)
    elif version > tables.VERSION:
        raise RecordError(
            f"the store {place} is of version {version}, and this lift-sys knows versions up to "
            f"{tables.VERSION}",
            remedy="upgrade lift-sys, or set `record:` to another place",
        )


def _read(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            return connection.execute(select(tables.stamp.c.version_num)).scalar()
    except (OperationalError, ProgrammingError):
        # Either there are no tables yet, or this fails again with what is really wrong.
        with engine.connect() as connection:
            if inspect(connection).has_table(tables.stamp.name):
                raise
        return None


def _create(engine: Engine, place: Place) -> None:
    if place.path is not None:
        with engine.connect() as connection:
            _refuse_others(place, inspect(connection).get_table_names())
        with engine.connect() as connection:
            # Outside of any transaction, which SQLAlchemy would begin.
            connection.connection.cursor().execute("PRAGMA journal_mode=WAL")
    with writing(engine).begin() as connection:
        lock_tables(connection)
        found = inspect(connection).get_table_names()
        if tables.stamp.name in found:
            return  # another process was quicker
        if place.path is not None:
            _refuse_others(place, found)
        grading_tables.metadata.create_all(connection, checkfirst=False)
        if place.path is not None:
            _advise(connection)
        connection.execute(insert(tables.stamp).values(version_num=tables.VERSION))


def _advise(connection: Connection) -> None:
    """SQLite takes any first column of an index to hold ten rows a value, so it would go through a
    whole run for one task; PostgreSQL finds out by itself."""
    connection.exec_driver_sql("ANALYZE")
    insertion = "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)"
    for table in EVENT_TABLES:
        name = table.name
        connection.exec_driver_sql(insertion, (name, name, "1000000 10000 1"))
        connection.exec_driver_sql(insertion, (name, f"{name}_by_task", "1000000 10000 10 1"))


def _refuse_others(place: Place, found: Sequence[str]) -> None:
    """Before anything is written, the journal's mode too, which stays in a file."""
    if found and tables.stamp.name not in found:
        raise RecordError(
            f"{place} is a database of something else, with tables such as {found[0]!r}",
            remedy="set `record:` to another place",
        )
