"""`lift init`: for whatever is installed, a file without a mistake, and never over another."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from run_world import World, one_sentence, plant

from lift_sys.cli._first_pipeline import choose, render
from lift_sys.health.servers import WELL_KNOWN, Answer
from lift_sys.plugins.catalogue import Entry
from lift_sys.plugins.overview import Row
from lift_sys.plugins.probe import Examined

STARTING = """
from lift_sys.plugins import Component, Options, Starter, Variable, hookimpl

class {name}Options(Options):
    model: str = "m"
    '''The model's name:
    any.'''
    token: str = ""
    '''A key.'''
    extra: dict[str, object] = {{}}

@hookimpl
def lift_sys_providers():
    return [Component("{name}", "{name}_plugin_impl:make", "The {name}", {name}Options,
                      variables={variables}, starter={starter})]
"""
FACTORY = """
from lift_sys.testing.samples import scripted_model

def make(options, parts):
    return scripted_model()
"""
KEYED = "(Variable('A_TOKEN', 'one'), Variable('B_TOKEN', 'two'))"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    # Only what a test plants, and the core.
    made.environ["LIFT_SYS_PLUGINS_ALLOW"] = "keyed-plugin,local-plugin,more"
    return made


def provider(world: World, name: str, *, starter: str, variables: str = "()") -> None:
    plugin = STARTING.format(name=name, starter=starter, variables=variables)
    plant(world.site, f"{name}-plugin", name=name, kind="providers", plugin=plugin, factory=FACTORY)


def initialised(world: World, *arguments: str) -> str:
    """What it said; the file it wrote has no mistake."""
    done = world.lift("init", *arguments)
    assert done.returncode == 0, done.stderr
    checked = world.lift("check", "pipeline.yaml")
    assert checked.returncode == 0, checked.stdout
    return done.stdout


def test_a_model_whose_keys_are_set_goes_first(world: World):
    starter = "Starter({'model': 'large: \"one\"', 'token': '${A_TOKEN}', 'extra': {'a b': [1]}})"
    provider(world, "keyed", starter=starter, variables=KEYED)
    provider(world, "local", starter="Starter()")
    world.environ |= {"A_TOKEN": "sk-never-written", "B_TOKEN": "x"}
    said = initialised(world)
    text = (world.home / "pipeline.yaml").read_text()
    assert "uses keyed, as A_TOKEN and B_TOKEN are set" in said
    assert "# The model's name: any.\n    model: " in text
    assert 'token: "${A_TOKEN}"' in text
    assert "sk-never" not in text + said
    world.environ["B_TOKEN"] = ""
    assert "uses local, as it needs no key" in initialised(world, "--force")


def test_what_it_wrote_runs_by_the_command_it_prints(world: World):
    starter = "Starter(request='double it, don\\'t triple it', examples=('f(2) == 4',))"
    provider(world, "local", starter=starter)
    said = initialised(world)
    (command,) = [line.strip() for line in said.splitlines() if line.startswith("  lift run ")]
    asked = 'lift run pipeline.yaml "double it, don\'t triple it"'
    assert command == f'{asked} --example "f(2) == 4"'
    assert "pip install lift-sys-openai" in said
    done = world.lift("run", "pipeline.yaml", "double it, don't triple it", "--quiet")
    assert "return 2 * x" in done.stdout


def test_with_no_provider_to_start_with_it_says_what_to_install(world: World):
    one_sentence(world.lift("init"), "no provider is installed", "pip install lift-sys-openai")
    provider(world, "local", starter="None")
    one_sentence(world.lift("init"), "no provider is installed", "pip install lift-sys-openai")
    assert list(world.home.iterdir()) == []


def test_nothing_is_overwritten_unasked(world: World):
    provider(world, "local", starter="Starter()")
    (world.home / "pipeline.yaml").write_text("mine")
    one_sentence(world.lift("init"), "pipeline.yaml is there already", "--force")
    assert (world.home / "pipeline.yaml").read_text() == "mine"
    initialised(world, "--force")


@pytest.mark.parametrize("path", ["no/such/folder/p.yaml", "x" * 300])
def test_a_path_that_cannot_be_written_is_told(world: World, path: str):
    provider(world, "local", starter="Starter()")
    one_sentence(world.lift("init", path), "cannot write", "a folder that you may write to")


def test_a_folder_gets_a_file_of_the_usual_name(world: World):
    provider(world, "local", starter="Starter()")
    (world.home / "inside").mkdir()
    assert "wrote inside/pipeline.yaml" in world.lift("init", "inside").stdout


def row(kind: str, name: str, **found: object) -> tuple[Row, Examined]:
    entry = Entry(kind, name, f"lift-sys-{name}", "1", "m", (), "")
    return Row(entry, "ok"), Examined(state="ok", **found)


def test_a_server_that_answers_is_used_where_no_key_is_set():
    rows = dict([row("providers", "openai", variables=[{"name": "KEY", "purpose": "p"}]),
                 row("providers", "other", starter={"options": {}, "meanings": {}, "request": "r"}),
                 row("strategies", "single")])  # fmt: skip
    answers = [Answer(WELL_KNOWN[0], detail="nothing"), Answer(WELL_KNOWN[1], ("${m}: x",))]
    choice = choose(rows, answers, {})
    assert choice is not None
    assert choice.why == "vLLM answers on port 8000"
    text = render(choice, rows)
    assert 'model: "$${m}: x"' in text
    assert 'base_url: "http://127.0.0.1:8000/v1"' in text
    assert "usd" not in text
    without = choose(rows, answers[:1], {})
    assert without is not None
    assert (without.use, without.request) == ("other", "r")
