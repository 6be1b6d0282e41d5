"""`lift schema`."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from lift_sys.cli import main
from lift_sys.errors import BrokenPlugin
from lift_sys.plugins import Component, Options, PluginManager


class _OneBroken:
    def names(self, kind: str) -> list[str]:
        return ["good", "bad"] if kind == "strategies" else []

    def component(self, kind: str, name: str) -> Component:
        if name == "bad":
            raise BrokenPlugin("it raised \x1b[31mImportError", remedy="reinstall it")
        return Component(name, "nowhere:x", "A \x1b[31mgood one", Options)


@pytest.fixture(autouse=True)
def _plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PluginManager, "installed", _OneBroken)


def test_the_schema_is_printed_and_what_is_broken_is_noted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["schema"]) == 0
    shown = capsys.readouterr()
    schema = json.loads(shown.out)
    Draft202012Validator.check_schema(schema)
    assert "StrategyRef.good" in schema["$defs"]
    assert "StrategyRef.bad" not in schema["$defs"]
    assert shown.err == ("note: left out the strategy 'bad': it raised ImportError: reinstall it\n")
    assert "\x1b" not in shown.out


def test_it_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "schema.json"
    assert main(["schema", "--output", str(path)]) == 0
    assert json.loads(path.read_text())["title"] == "lift-sys pipeline"
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "-o", str(tmp_path)]) == 2
    assert "cannot write" in capsys.readouterr().err
