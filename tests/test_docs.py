"""Every code block in the README, the docs and the plugins' READMEs is run.

`python` blocks of a page run in order in one namespace; `console` blocks run their `$` lines and
compare what follows, `...` standing for anything; `yaml` blocks with a `version` are pipeline files
and are checked; `json` and `toml` blocks are parsed. Other fences are not allowed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

from lift_sys.pipeline.load import load
from lift_sys.plugins import PluginManager

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "core/README.md")),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("plugins/*/*/README.md"),
    ]
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    return FENCE.findall(page.read_text(encoding="utf-8"))


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The examples, and an environment of its own over this one: pages may install things."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=True)
    own = Path(sysconfig.get_path("purelib", "venv", {"base": str(environment)}))
    outer = sysconfig.get_path("purelib")
    (own / "outer.pth").write_text(f"import site; site.addsitedir({outer!r})", encoding="utf-8")
    scripts = [environment / "bin", Path(sys.executable).parent]
    # What a page's package needs is in the outer environment, where uv does not look.
    (environment / "uv.toml").write_text("[pip]\nno-deps = true\n", encoding="utf-8")
    monkeypatch.setenv("UV_CONFIG_FILE", str(environment / "uv.toml"))
    path = os.pathsep.join([*map(str, scripts), os.environ["PATH"]])
    monkeypatch.setenv("PATH", path)
    monkeypatch.setenv("VIRTUAL_ENV", str(environment))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_a_page_runs(page: Path, workplace: Path):
    namespace: dict[str, object] = {"__name__": "docs"}
    here = workplace
    for language, text in blocks(page):
        match language:
            case "python":
                exec(compile(text, str(page), "exec", dont_inherit=True), namespace)
            case "console":
                here = run_console(text, here)
            case "yaml" if text.startswith("version:"):
                check_pipeline(text, workplace)
            case "json":
                for line in text.splitlines() if text.count("\n{") else [text]:
                    json.loads(line)
            case "toml":
                tomllib.loads(text)
            case "text":
                pass
            case _:
                pytest.fail(f"a block marked {language!r}: nothing runs that")


def run_console(text: str, here: Path) -> Path:
    """The folder that a `cd` leaves it in."""
    commands = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    assert commands, "a console block begins with `$ `"
    for command in commands:
        line, _, expected = command.partition("\n")
        if line.startswith("cd "):
            here /= line.removeprefix("cd ")
            continue
        done = subprocess.run(
            line, shell=True, cwd=here, capture_output=True, text=True, check=False
        )
        shown = done.stdout + done.stderr
        assert done.returncode == 0, f"$ {line}\n{shown}"
        pattern = ".*".join(re.escape(part) for part in expected.strip().split("..."))
        assert re.fullmatch(pattern, shown.strip(), re.DOTALL), f"$ {line}\n{shown}"
    return here


class Environ(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"value-of-{name}"

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, default: object = None) -> str:
        return self[name]


def check_pipeline(text: str, folder: Path) -> None:
    path = folder / "page.yaml"
    path.write_text(text, encoding="utf-8")
    load(path, registry=PluginManager.installed(), environ=Environ(), every_provider=True)
