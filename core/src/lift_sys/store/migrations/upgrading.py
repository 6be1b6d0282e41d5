"""An upgrade: in one transaction, and of a file with a copy of it beforehand."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, select

from .. import tables
from ..engines import lock_tables, writing
from ..places import Place

FOLDER = Path(__file__).parent


def upgrade(engine: Engine, place: Place, version: str) -> None:
    """To the version of this lift-sys; nothing has changed where it fails."""
    if place.path is not None:
        _copy(place.path, place.path.with_name(f"{place.path.name}.{version}.bak"))
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    with writing(engine).begin() as connection:
        lock_tables(connection)
        config.attributes["connection"] = connection
        # Another process may have been quicker.
        if connection.execute(select(tables.stamp.c.version_num)).scalar() != tables.VERSION:
            command.upgrade(config, "head")


def _copy(path: Path, backup: Path) -> None:
    if backup.exists():
        return
    # Of its own, as another process may be at the same.
    unfinished = backup.with_name(f"{backup.name}.{os.getpid()}.part")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(backup)
