"""Every code block in the README, the docs and the plugins' READMEs is run.

`python` blocks of a page run in order in one namespace; `console` blocks run their `$` lines and
compare what follows, `...` standing for anything; `yaml` blocks with a `version` are pipeline or
training files and are checked; `json` and `toml` blocks are parsed. Other fences are not allowed. A
block with the title of a file is written to that file, for the blocks after it; `.ci/heavy
tutorial` also runs those titled "Once", which install things from the network.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "documentation"))

from page_blocks import ONCE, blocks, commands, shows

from lift_sys.pipeline.load import load
from lift_sys.pipeline.training import load_training
from lift_sys.plugins import PluginManager

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "core/README.md")),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("plugins/*/*/README.md"),
    ]
)
LIFT = "import sys\nfrom lift_sys.cli import main\nsys.exit(main())\n"
"""The outer environment's own would not see what a page installs."""


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
    lift = environment / "bin" / "lift"
    lift.write_text(f"#!{environment}/bin/python\n{LIFT}", encoding="utf-8")
    lift.chmod(0o755)
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
    for language, title, text in blocks(page):
        if title == ONCE:
            continue
        if title:
            (here / title).parent.mkdir(parents=True, exist_ok=True)
            (here / title).write_text(text, encoding="utf-8")
            continue
        match language:
            case "python":
                exec(compile(text, str(page), "exec", dont_inherit=True), namespace)
            case "console":
                here = run_console(text, here)
            case "yaml" if text.startswith("version:") and "\ntrainer:" in text:
                check_training(text, workplace)
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
    for line, expected in commands(text):
        if line.startswith("cd "):
            here /= line.removeprefix("cd ")
            continue
        done = subprocess.run(
            line, shell=True, cwd=here, capture_output=True, text=True, check=False
        )
        shown = done.stdout + done.stderr
        assert done.returncode == 0, f"$ {line}\n{shown}"
        assert shows(expected, shown), f"$ {line}\n{shown}"
    return here


class Environ(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"value-of-{name}"

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, default: object = None) -> str:
        return self[name]


def check_training(text: str, folder: Path) -> None:
    path = folder / "page.yaml"
    path.write_text(text, encoding="utf-8")
    load_training(path, PluginManager.installed(), environ=Environ())


def check_pipeline(text: str, folder: Path) -> None:
    path = folder / "page.yaml"
    path.write_text(text, encoding="utf-8")
    load(path, registry=PluginManager.installed(), environ=Environ(), every_provider=True)
