"""What every package of this repository says of its licence."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECTS = sorted(
    [ROOT / "core" / "pyproject.toml", *ROOT.glob("plugins/*/*/pyproject.toml")],
)


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.parent.name)
def test_every_package_names_the_licence_of_the_repository(path: Path):
    assert tomllib.loads(path.read_text(encoding="utf-8"))["project"]["license"] == "Apache-2.0"


def test_the_licence_is_there_in_full():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
