"""`lift plugins`: list, check, show and new."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from unittest.mock import patch

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "plugins"))

from planting import plant, plant_metadata

from lift_sys.cli import main
from lift_sys.errors import InputError
from lift_sys.plugins import KINDS, Options
from lift_sys.plugins.new_package import new_package
from lift_sys.plugins.options import option_lines

WITH_OPTIONS = """
from typing import Annotated, Literal
from pydantic import Field
from lift_sys.plugins import Component, Options, hookimpl

class Opts(Options):
    n: Annotated[int, Field(ge=1)] = 3
    "How many."
    mode: Literal["a", "b"]
    "Which\\x1b[31m way."
    names: tuple[str, ...] | None = None

@hookimpl
def lift_sys_strategies():
    return [Component("planted", "x:y", "The summary", Opts)]
"""


@pytest.fixture(autouse=True)
def environment_of_its_own():
    """What a test sets for the programs it starts must not reach the tests after it."""
    with patch.dict(os.environ):
        yield


@pytest.fixture(autouse=True)
def private_environment(tmp_path, monkeypatch):
    (tmp_path / "site").mkdir()
    for name in [name for name in os.environ if name.startswith("LIFT_SYS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LIFT_SYS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def site(tmp_path):
    return tmp_path / "site"


def lift(*arguments):
    code = "import sys; from lift_sys.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def planted(document):
    """The rows of the planted distributions, by distribution."""
    return {
        row["distribution"]: row
        for row in document["plugins"]
        if row["distribution"].startswith("dist-")
    }


def test_each_plugin_is_listed_with_what_is_known_of_it(site):
    plant(site, "dist-a", name="a")
    plant(site, "dist-b", name="same", kind="scorers")
    plant(site, "dist-c", name="same", kind="scorers")
    plant(site, "dist-d", name="d", requires=("lift-sys>=99",))
    plant(site, "dist-e", name="e", kind="strategy")
    plant(site, "dist-f", name="f")
    os.environ["LIFT_SYS_PLUGINS_DENY"] = "dist-f"
    document = json.loads(lift("plugins", "--json").stdout)
    assert document["version"] == 1
    rows = planted(document)
    assert rows["dist-a"] == {
        "kind": "strategies",
        "name": "a",
        "distribution": "dist-a",
        "distribution_version": "1.0",
        "status": "unchecked",
        "cause": "",
        "summary": "All about dist-a",
    }
    assert rows["dist-b"]["status"] == rows["dist-c"]["status"] == "conflict"
    assert "dist-b:same" in rows["dist-b"]["cause"]
    assert rows["dist-d"]["status"] == "incompatible"
    assert rows["dist-f"]["status"] == "denied"
    assert "'strategy', which is no kind" in document["problems"][0]
    text = lift("plugins", "list").stdout
    for told in ("scorers\n", "dist-a", "denied: ", "incompatible: ", "conflict: ", "skipped: "):
        assert told in text


def test_check_imports_each_in_a_child_and_remembers(site):
    plant(site, "dist-good", name="good")
    plant(site, "dist-raises", name="raises", plugin="1 / 0")
    plant(site, "dist-late", name="late", factory="import os; os._exit(0)")
    plant(site, "dist-kills", name="kills", plugin="import os; os.kill(os.getpid(), 9)")
    plant(site, "dist-denied", name="denied", plugin="open('imported', 'w')")
    os.environ["LIFT_SYS_PLUGINS_DENY"] = "dist-denied"
    os.environ["LIFT_SYS_PLUGINS_ALLOW"] = "dist-good,dist-raises,dist-late,dist-kills"
    checked = lift("plugins", "--check", "--json")
    assert checked.returncode == 3
    rows = planted(json.loads(checked.stdout))
    assert {name: row["status"] for name, row in rows.items()} == {
        "dist-good": "ok",
        "dist-raises": "broken",
        "dist-late": "broken",
        "dist-kills": "broken",
        "dist-denied": "denied",
    }
    assert "ZeroDivisionError" in rows["dist-raises"]["cause"]
    assert "os._exit(0)" in rows["dist-late"]["cause"]
    assert "ends the process" in rows["dist-kills"]["cause"]
    assert not Path("imported").exists()
    listed = lift("plugins", "--json")
    assert listed.returncode == 0
    assert planted(json.loads(listed.stdout)) == rows


def test_check_is_content_where_all_is_well(site):
    plant(site, "dist-good", name="good")
    os.environ["LIFT_SYS_PLUGINS_ALLOW"] = "dist-good"
    assert lift("plugins", "list", "--check").returncode == 0


def test_check_needs_no_cache(site, tmp_path):
    plant(site, "dist-raises", name="raises", plugin="1 / 0")
    os.environ["LIFT_SYS_PLUGINS_ALLOW"] = "dist-raises"
    (tmp_path / "file").write_text("")
    os.environ["LIFT_SYS_CACHE_DIR"] = str(tmp_path / "file")
    checked = lift("plugins", "--check")
    assert checked.returncode == 3
    assert "ZeroDivisionError" in checked.stdout


@pytest.mark.parametrize("kind", ["strategies", "strategy", "Strategy"])
def test_show_tells_the_options(site, kind):
    plant(site, "dist-a", plugin=WITH_OPTIONS)
    shown = lift("plugins", "show", kind, "planted")
    assert shown.returncode == 0, shown.stderr
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert "planted: strategy of dist-a 1.0" in shown.stdout
    assert ["n", "int", "(ge=1)", "3", "How", "many."] in lines
    assert ["mode", "'a'", "|", "'b'", "required", "Which", "way."] in lines
    assert ["names", "tuple[str,", "...]", "|", "None", "None"] in lines
    document = json.loads(lift("plugins", "show", kind, "planted", "--json").stdout)
    assert document["options"][1]["default"] == ""


def test_show_of_a_broken_one_says_so(site):
    plant(site, "dist-a", plugin="1 / 0")
    shown = lift("plugins", "show", "strategies", "planted")
    assert shown.returncode == 3
    assert "ZeroDivisionError" in shown.stderr


def test_two_words_of_a_kind_may_be_joined_in_any_way(capsys):
    for kind in ("data-source", "data_sources", "data source"):
        main(["plugins", "show", kind, "nothing-of-this-name"])
        assert "the data source 'nothing-of-this-name'" in capsys.readouterr().err
    assert main(["plugins", "show", "strategie", "x"]) == 2
    assert "did you mean 'strategies'?" in capsys.readouterr().err


class Nested(Options):
    inner: Options = Options()
    made: list[int] = [1]


def test_defaults_of_any_sort_have_words():
    assert [(line.name, line.default) for line in option_lines(Nested)] == [
        ("inner", "{}"),
        ("made", "[1]"),
    ]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_new_package_of_each_kind_is_whole(kind, tmp_path):
    folder = tmp_path / "made"
    written = new_package(kind, "my-idea", folder, "0.1.0")
    assert sorted(written) == sorted(path for path in folder.rglob("*") if path.is_file())
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    assert project["project"]["entry-points"] == {
        f"lift_sys.{kind.name}": {"my-idea": "lift_sys_my_idea.plugin"}
    }
    assert project["project"]["dependencies"] == ["lift-sys>=0.1,<0.2"]
    assert project["build-system"]["build-backend"] == "uv_build"
    for path in written:
        text = path.read_text()
        assert "$" not in text, path
        if path.suffix == ".py":
            ast.parse(text)
            assert len(max(text.splitlines(), key=len, default="")) <= 100, path
    suite = kind.conformance.rpartition(":")[2]
    assert f"import {suite}" in (folder / "tests" / "test_lift_sys_my_idea.py").read_text()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_new_package_conforms_as_it_is(kind, tmp_path):
    """Installed as a folder on the path, as there is no network in tests."""
    folder = tmp_path / "made"
    new_package(kind, "my-idea", folder, "0.1.0")
    entry_points = {f"lift_sys.{kind.name}": {"my-idea": "lift_sys_my_idea.plugin"}}
    plant_metadata(
        folder / "src", "lift-sys-my-idea", requires=("lift-sys>=0.1",), entry_points=entry_points
    )
    os.environ["PYTHONPATH"] = str(folder / "src")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "name",
    ["", "My-Idea", "my_idea", "1st", "-a", "a-", "a--b", "../up", "a/b", "é", "a\n", "x" * 61],
)
def test_a_name_that_cannot_be_one_is_refused(name, tmp_path):
    with pytest.raises(InputError, match="is no name for a plugin") as caught:
        new_package(KINDS["strategies"], name, tmp_path / "made", "0.1.0")
    assert caught.value.remedy
    assert not (tmp_path / "made").exists()


def test_nothing_is_overwritten(tmp_path, capsys):
    assert main(["plugins", "new", "scorer", "my-idea"]) == 0
    said = capsys.readouterr().out
    assert str(Path("lift-sys-my-idea", "pyproject.toml")) in said
    assert main(["plugins", "new", "scorer", "my-idea"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["plugins", "new", "scorer", "my-idea", "--dir", "elsewhere"]) == 0
    Path("file").write_text("")
    assert main(["plugins", "new", "scorer", "my-idea", "--dir", "file/below"]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_a_name_that_is_taken_is_told(tmp_path, capsys):
    assert main(["plugins", "new", "sandbox", "zygote", "--dir", str(tmp_path / "z")]) == 0
    told = capsys.readouterr().err
    assert "lift-sys offers the sandbox 'zygote' already" in told
    assert "'lift-sys-zygote:zygote'" in told


def test_the_core_that_is_needed_ends_at_the_next_breaking_one(tmp_path):
    for core, needed in (("0.7.2", ">=0.7,<0.8"), ("1.4", ">=1.4,<2"), ("2.0.dev1", ">=2.0,<3")):
        folder = tmp_path / core
        new_package(KINDS["scorers"], "x", folder, core)
        assert f'"lift-sys{needed}"' in (folder / "pyproject.toml").read_text()
