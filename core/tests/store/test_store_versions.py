"""A store of another version: an older one is upgraded, a newer one refused."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from stored_events import whole_run
from test_store_events import keep, kept

from lift_sys.errors import RecordError
from lift_sys.interfaces import Verdict
from lift_sys.store import Grade, Grades, Store, grading_tables, tables
from lift_sys.store.engines import make_engine, writing
from lift_sys.store.migrations import upgrading
from lift_sys.store.places import find_place


def execute(place: str, *statements: str) -> None:
    engine = make_engine(find_place(place), grades=True)
    with writing(engine).begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def make_older(place: str) -> None:
    with Store.open(place) as store:
        keep(store, "r", whole_run())
    drop = ("DROP TABLE grades", "DROP TABLE curves")
    execute(place, *drop, "UPDATE lift_version SET version_num = '0001'")


def test_the_last_migration_leads_to_the_version_of_the_tables():
    scripts = ScriptDirectory(str(upgrading.FOLDER))
    assert scripts.get_heads() == [tables.VERSION]
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert revisions == sorted(revisions, reverse=True), "versions are compared as texts"


def test_an_older_store_is_upgraded_and_keeps_what_it_holds(place, tmp_path):
    make_older(place)
    with Store.open(place) as store:
        assert kept(store, "r") == whole_run()
        keep(store, "s", whole_run("s"))
    with Grades.open(place) as grades:
        grades.put("r", [Grade(task="t0", grader="g", verdict=Verdict(status="pass"))])
        assert len(grades.of("r")) == 1
    engine = make_engine(find_place(place), grades=True)
    with engine.connect() as connection:
        settings = {"version_table": tables.stamp.name}
        context = MigrationContext.configure(connection, opts=settings)
        assert compare_metadata(context, grading_tables.metadata) == []
    engine.dispose()
    if not place.startswith("postgresql"):
        backup = f"{place}.0001.bak"
        assert Path(backup).exists()
        with Store.open(backup) as before:  # which is upgraded in its turn
            assert kept(before, "r") == whole_run()
        assert not list(tmp_path.glob("*.part"))


def test_an_upgrade_that_fails_changes_nothing(place, monkeypatch):
    make_older(place)
    execute(place, "CREATE TABLE grades (something_else INTEGER)")
    with pytest.raises(RecordError, match="already exists"):
        Store.open(place)
    execute(place, "DROP TABLE grades")
    with Store.open(place) as store:
        assert kept(store, "r") == whole_run()


def test_many_processes_upgrade_one_store(tmp_path):
    place = str(tmp_path / "s.db")
    make_older(place)
    code = f"from lift_sys.store import Store; print(Store.open({place!r}).run('r').events)"
    command = [sys.executable, "-c", code]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    shown = [process.communicate()[0] for process in running]
    assert shown == [f"{len(whole_run())}\n"] * 4


def test_a_newer_store_is_refused(place):
    Store.open(place).close()
    execute(place, "UPDATE lift_version SET version_num = '9999'")
    with pytest.raises(
        RecordError, match=r"is of version 9999.*: upgrade lift-sys, or set"
    ) as told:
        Store.open(place)
    assert place in str(told.value)
    with pytest.raises(RecordError):
        Grades.open(place)


def test_opening_asks_for_the_version_once_and_imports_no_migration(tmp_path):
    place = str(tmp_path / "s.db")
    Store.open(place).close()
    code = f"""
import sys, sqlalchemy
from sqlalchemy import event
from lift_sys.store import Store
asked = []
event.listen(sqlalchemy.Engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
Store.open({place!r}).close()
asked = [each for each in asked if each != 'BEGIN']
assert len(asked) == 1 and "lift_version" in asked[0], asked
assert "alembic" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_another_database_is_left_alone(tmp_path):
    place = str(tmp_path / "s.db")
    execute(place, "CREATE TABLE invoices (id INTEGER)")
    before = Path(place).read_bytes()
    with pytest.raises(RecordError, match="something else, with tables such as 'invoices'"):
        Store.open(place)
    assert Path(place).read_bytes() == before
    (tmp_path / "text").write_text("not a database at all " * 100)
    with pytest.raises(RecordError, match="is no store"):
        Store.open(tmp_path / "text")
    with pytest.raises(RecordError, match="no 'mysql' URL"):
        Store.open("mysql://h/d")


def test_a_store_that_is_only_read_is_not_made(tmp_path):
    with pytest.raises(RecordError, match=r"there is no store .*s\.db: run a pipeline first"):
        Store.open(tmp_path / "s.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_driver_is_told_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr("lift_sys.store.places.find_spec", lambda name: None)
    with pytest.raises(RecordError, match=r"psycopg is not .*: pip install 'lift-sys\[postgres\]'"):
        Store.open("postgresql://h/d")


def test_a_postgresql_that_is_not_there_is_told_without_the_password(postgres):
    for url in ("postgresql://u:hush@127.0.0.1:1/d", postgres.url("nowhere")):
        with pytest.raises(RecordError) as told:
            Store.open(url)
        assert "hush" not in str(told.value)
        assert told.value.remedy != "look at the database"
