"""The last known status is a hint: it helps where it can be kept and hurts nowhere."""

import pytest
from planting import plant

from lift_sys.plugins import Catalogue
from lift_sys.plugins.status import OK, UNCHECKED, Status, StatusBook

BROKEN = Status(state="broken", cause="raises")


@pytest.fixture
def entry(tmp_path):
    plant(tmp_path / "site", "dist-a")
    return Catalogue.scan([str(tmp_path / "site")]).entries[0]


def test_it_is_kept_by_version(tmp_path, entry):
    path = tmp_path / "cache" / "deep" / "status.json"
    StatusBook(path).record(entry, BROKEN)
    newer = entry._replace(version="2.0")
    book = StatusBook(path)
    assert book.of(entry, newer) == {entry: BROKEN, newer: UNCHECKED}
    book.record(newer, OK)
    assert book.of(entry, newer) == {entry: UNCHECKED, newer: OK}
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_entries_of_one_distribution_have_one_each(tmp_path, entry):
    book = StatusBook(tmp_path / "status.json")
    other = entry._replace(kind="scorers")
    book.record(entry, BROKEN)
    book.record(other, OK)
    assert book.of(entry, other) == {entry: BROKEN, other: OK}


def test_what_is_known_already_is_not_written_again(tmp_path, entry):
    path = tmp_path / "status.json"
    book = StatusBook(path)
    book.record(entry, OK)
    before = path.stat().st_ino
    book.record(entry, OK)
    assert path.stat().st_ino == before


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"null", b'{"form": 2}', b'{"distributions": []}', b"\xff", b"[" * 9999],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path, entry, damage):
    path = tmp_path / "status.json"
    path.write_bytes(damage)
    book = StatusBook(path)
    assert book.of(entry) == {entry: UNCHECKED}
    book.record(entry, OK)
    assert book.of(entry) == {entry: OK}


def test_a_place_that_cannot_be_written_is_no_error(tmp_path, entry):
    (tmp_path / "file").write_text("")
    book = StatusBook(tmp_path / "file" / "status.json")
    book.record(entry, OK)
    assert book.of(entry) == {entry: UNCHECKED}


def test_the_folder_can_be_chosen(tmp_path, entry):
    book = StatusBook.of_this_environment({"LIFT_SYS_CACHE_DIR": str(tmp_path / "mine")})
    book.record(entry, OK)
    (file,) = (tmp_path / "mine").iterdir()
    assert file.suffix == ".json"
