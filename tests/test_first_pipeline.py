"""`lift init` over the plugins of this repository, by the commands that it prints."""

import os
import subprocess
import sys
from pathlib import Path

DEFAULT = "lift-sys-jsonl,lift-sys-replay,lift-sys-schema,lift-sys-single,lift-sys-static"
BIN = Path(sys.executable).parent


def said(line: str, folder: Path, **environ: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        line,
        shell=True,
        cwd=folder,
        env={**clean, "PATH": path, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_default_plugins_give_one_that_runs(tmp_path: Path):
    environ = {"LIFT_SYS_PLUGINS_ALLOW": DEFAULT}
    told = said("lift init", tmp_path, **environ)
    commands = [line.strip() for line in told.splitlines() if line.startswith("  lift ")]
    for command in commands[:-1]:
        told = said(command, tmp_path, **environ)
    assert "pass: " in told


def test_a_key_gives_one_for_its_model(tmp_path: Path):
    told = said("lift init first.yaml", tmp_path, OPENAI_API_KEY="sk-x")
    assert "OPENAI_API_KEY is set" in told
    told = said("lift check first.yaml", tmp_path, OPENAI_API_KEY="sk-x")
    assert "openai (model=" in told
