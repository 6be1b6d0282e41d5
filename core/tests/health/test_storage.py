"""What is told of a store, which is only looked at."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lift_sys.health import storage
from lift_sys.store import Store


def found(path: Path | str):
    (finding,) = storage.find(str(path))
    return finding


def test_one_that_is_not_there_is_made_by_a_run(tmp_path: Path):
    finding = found(tmp_path / "new" / "store.db")
    assert (finding.state, finding.detail) == ("ok", "not there yet: the first run makes it")
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_there_has_a_version_and_a_size(tmp_path: Path):
    Store.open(tmp_path / "store.db").close()
    finding = found(tmp_path / "store.db")
    assert finding.state == "ok"
    assert finding.detail.startswith("version 0")
    assert finding.detail.endswith(" MiB")


def test_a_newer_one_is_told(tmp_path: Path):
    Store.open(tmp_path / "store.db").close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute("UPDATE lift_version SET version_num = '9999'")
    finding = found(tmp_path / "store.db")
    assert finding.state == "problem"
    assert "of version 9999" in finding.detail
    assert "pip install --upgrade" in finding.remedy


def of_something_else(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE other (x)")


def no_database(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


@pytest.mark.parametrize("make", [of_something_else, no_database])
def test_what_is_no_store_is_told(tmp_path: Path, make: Callable[[Path], None]):
    make(tmp_path / "store.db")
    content = (tmp_path / "store.db").read_bytes()
    finding = found(tmp_path / "store.db")
    assert finding.state == "problem"
    assert "record:" in finding.remedy
    assert (tmp_path / "store.db").read_bytes() == content


def test_a_password_is_not_shown():
    finding = found("postgresql://me:hunter2@127.0.0.1:1/x")
    assert finding.state == "problem"
    assert finding.remedy
    assert "hunter2" not in str(finding)
