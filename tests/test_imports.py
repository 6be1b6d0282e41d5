"""What is imported when: commands that need no plugin import none, a run imports what it names."""

import json
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SDKS = {"anthropic", "httpx2", "modal", "numpy", "torch", "transformers", "vllm"}

PROBE = """
import contextlib, io, json, sys
from lift_sys.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(sys.argv[1:])
tops = {name.partition(".")[0] for name in sys.modules}
print(json.dumps(sorted(tops)))
"""


def modules_after(*arguments: str, cwd: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=True,
        timeout=120,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def plugins_of(modules: set[str]) -> set[str]:
    return {name for name in modules if name.startswith("lift_sys_")}


@pytest.mark.parametrize("line", ["--help", "--version", "plugins", "plugins --json"])
def test_no_plugin_is_imported_to_show_what_there_is(line: str, tmp_path: Path):
    modules = modules_after(*line.split(), cwd=tmp_path)
    assert plugins_of(modules) == set()
    assert not modules & SDKS


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_needs_neither_click_nor_pydantic(arguments: list[str], tmp_path: Path):
    assert not modules_after(*arguments, cwd=tmp_path) & {"click", "pydantic", "rich"}


def test_a_run_imports_exactly_the_plugins_that_its_config_names(tmp_path: Path):
    pipeline = ROOT / "examples" / "replay" / "pipeline.yaml"
    request = ROOT / "examples" / "replay" / "request.txt"
    modules = modules_after("run", str(pipeline), "--file", str(request), "--quiet", cwd=tmp_path)
    assert plugins_of(modules) == {"lift_sys_replay", "lift_sys_single", "lift_sys_static"}
    assert not modules & SDKS


@pytest.mark.parametrize("line", ["--help", "plugins", "check {pipeline}", "schema"])
def test_no_database_library_is_imported_before_a_store_is_opened(line: str, tmp_path: Path):
    pipeline = ROOT / "examples" / "replay" / "pipeline.yaml"
    modules = modules_after(*line.format(pipeline=pipeline).split(), cwd=tmp_path)
    assert not modules & {"sqlalchemy", "alembic", "psycopg"}


def test_a_run_needs_no_migrations_and_one_without_a_record_no_store(tmp_path: Path):
    pipeline = ROOT / "examples" / "replay" / "pipeline.yaml"
    request = ROOT / "examples" / "replay" / "request.txt"
    run = ("run", str(pipeline), "--file", str(request), "--quiet")
    modules = modules_after(*run, cwd=tmp_path)
    assert "sqlalchemy" in modules
    assert not modules & {"alembic", "psycopg"}
    assert "sqlalchemy" not in modules_after(*run, "--set", "record=null", cwd=tmp_path)


def test_the_default_set_up_asks_for_no_model_sdk():
    """numpy is what the embedded model computes with."""
    for folder in runpy.run_path(str(ROOT / "dev.py"))["DEFAULT"]:
        project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text(encoding="utf-8"))
        for requirement in project["project"]["dependencies"]:
            assert not any(requirement.startswith(sdk) for sdk in SDKS - {"numpy"}), requirement
