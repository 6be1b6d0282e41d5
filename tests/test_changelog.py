"""Fragments are well formed, and a release gathers each of them once."""

import importlib.util
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "changelog"
_spec = importlib.util.spec_from_file_location("gather", FOLDER / "gather.py")
gather = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(gather)


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name.replace('__', '.').replace('_', '-')}.md").write_text(text)


def test_the_fragments_of_today_can_be_gathered():
    gather.fragments(FOLDER)


def test_a_release_gathers_each_fragment_once_and_stands_above_the_ones_before(tmp_path):
    changelog, tmp_path = tmp_path / "CHANGELOG.md", tmp_path / "changelog"
    tmp_path.mkdir()
    write(tmp_path, README="# how", b_thing__added="B is\nnew.\n", a__added="A is new.")
    gather.release(tmp_path, changelog, "0.1.0", "2026-01-01")
    assert [path.name for path in tmp_path.glob("*.*.md")] == []
    write(tmp_path, c__fixed="C works.", d__removed="D is gone.")
    gather.release(tmp_path, changelog, "0.2.0", "2026-02-02")
    assert changelog.read_text() == (
        "# Changelog\n\n"
        "## 0.2.0 (2026-02-02)\n\n### Removed\n\n- D is gone.\n\n### Fixed\n\n- C works.\n\n"
        "## 0.1.0 (2026-01-01)\n\n### Added\n\n- A is new.\n- B is new.\n"
    )
    assert (tmp_path / "README.md").exists()


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("topic__improved", "Better.", "is not named"),
        ("topic", "Better.", "is not named"),
        ("topic__added", " \n", "is empty"),
        ("topic__added", "- A thing", "no sentence"),
    ],
)
def test_a_bad_fragment_stops_the_release_and_nothing_is_lost(tmp_path, name, text, why):
    write(tmp_path, good__added="Good.", **{name: text})
    with pytest.raises(gather.Mistake, match=why):
        gather.release(tmp_path, tmp_path / "CHANGELOG.md", "0.1.0", "2026-01-01")
    assert not (tmp_path / "CHANGELOG.md").exists()
    assert (tmp_path / "good.added.md").exists()


def test_a_version_is_released_once_and_is_a_version(tmp_path):
    changelog, tmp_path = tmp_path / "CHANGELOG.md", tmp_path / "changelog"
    tmp_path.mkdir()
    with pytest.raises(gather.Mistake, match="no fragment"):
        gather.release(tmp_path, changelog, "0.1.0", "2026-01-01")
    write(tmp_path, a__added="A.")
    gather.release(tmp_path, changelog, "0.1.0", "2026-01-01")
    write(tmp_path, b__added="B.")
    for version, why in (("0.1.0", "already"), ("next", "no version"), ("1.2", "no version")):
        with pytest.raises(gather.Mistake, match=why):
            gather.release(tmp_path, changelog, version, "2026-01-01")
