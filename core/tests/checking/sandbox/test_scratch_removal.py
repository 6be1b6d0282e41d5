import os
from pathlib import Path

from lift_sys.checking.sandbox.inside.scratch import PlainScratches, remove_tree


def test_a_tree_deeper_than_any_path_is_removed(tmp_path):
    top = tmp_path / "top"
    top.mkdir()
    folder = os.open(top, os.O_RDONLY)
    for _ in range(5000):
        os.mkdir("d", dir_fd=folder)
        deeper = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = deeper
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    os.close(folder)
    remove_tree(str(top))
    assert not top.exists()


def test_what_links_point_to_stays(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("x")
    top = tmp_path / "top"
    (top / "inner").mkdir(parents=True)
    (top / "link").symlink_to(kept)
    (top / "inner" / "link").symlink_to(kept / "file")
    remove_tree(str(top))
    assert not top.exists()
    assert (kept / "file").read_text() == "x"


def test_closed_folders_are_removed(tmp_path):
    top = tmp_path / "top"
    inner = top / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    inner.chmod(0)
    inner.parent.chmod(0)
    remove_tree(str(top))
    assert not top.exists()


def test_what_is_gone_already_is_no_error(tmp_path):
    remove_tree(str(tmp_path / "nothing"))


def test_places_are_distinct_and_go_with_their_folder(tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    places = PlainScratches(str(base))
    first, second = places.take(-1), places.take(-1)
    assert first != second
    places.give_back(first)
    assert not Path(first).exists()
    assert Path(second).exists()
    places.close()
    assert not base.exists()
