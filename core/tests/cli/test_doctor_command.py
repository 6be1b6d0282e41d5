"""`lift doctor`, over whatever is installed: nothing hangs it, nothing breaks it."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from run_world import World, plant

KEYED = """
from lift_sys.plugins import Component, Variable, hookimpl

@hookimpl
def lift_sys_providers():
    return [Component("keyed", "keyed_impl:make", "A provider with a key",
                      variables=(Variable("KEYED_TOKEN", "the key of a keyed account"),
                                 Variable("KEYED_OTHER", "another"),
                                 Variable("KEYED_EMPTY", "a third")))]
"""
MISDEEDS = {
    "raises": "raise RuntimeError('on import')",
    "exits": "import os; os._exit(0)",
    "hangs": "while True: pass",
    "crashes": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.environ["LIFT_SYS_IMPORT_TIMEOUT"] = "5"
    return made


def doctor(world: World, *arguments: object) -> tuple[int, dict[str, Any]]:
    done = world.lift("doctor", "--json", *map(str, arguments))
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def by_name(document: dict[str, Any], section: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in document["findings"] if one["section"] == section}


def test_each_plugin_is_told_with_what_mends_it_and_keys_without_their_values(world: World):
    for name, code in MISDEEDS.items():
        plant(world.site, f"bad-{name}", name=f"bad-{name}", plugin=code)
    plant(world.site, "twin-a", name="twin")
    plant(world.site, "twin-b", name="twin")
    plant(world.site, "old", name="old", requires=("lift-sys<0.0.1",))
    plant(world.site, "keyed", name="keyed", kind="providers", plugin=KEYED)
    world.environ |= {"KEYED_TOKEN": "sk-never-shown", "KEYED_EMPTY": ""}
    status, document = doctor(world)
    assert status == 1
    assert document["ok"] is False
    plugins = by_name(document, "plugins")
    for name in MISDEEDS:
        broken = plugins[f"strategies bad-{name}"]
        assert broken["state"] == "problem"
        assert f"pip uninstall bad-{name}" in broken["remedy"]
    assert plugins["strategies old"]["state"] == "problem"
    assert "pip install --upgrade old lift-sys" in plugins["strategies old"]["remedy"]
    assert "'twin-" in plugins["strategies twin"]["remedy"]
    assert plugins["providers fake"]["state"] == "ok"
    keys = by_name(document, "keys")
    assert keys["KEYED_TOKEN"]["detail"].startswith("set; the key of a keyed account")
    assert keys["KEYED_OTHER"]["remedy"] == "`export KEYED_OTHER=...`"
    assert keys["KEYED_EMPTY"]["detail"].startswith("set, but empty")
    assert "sk-never" not in json.dumps(document)
    sections = {one["section"] for one in document["findings"]}
    assert sections == {"lift-sys", "plugins", "keys", "sandbox", "engines", "servers", "store"}
    needy = [one for one in document["findings"] if one["state"] != "ok" and not one["remedy"]]
    assert needy == []


def test_of_a_pipeline_only_what_it_needs_is_told(world: World):
    plant(world.site, "bad", name="bad", plugin=MISDEEDS["raises"])
    status, document = doctor(world, world.pipeline())
    assert (status, document["ok"]) == (0, True)
    assert set(by_name(document, "plugins")) == {"providers fake"}
    assert not {"keys", "engines", "servers"} & {one["section"] for one in document["findings"]}


def test_a_pipeline_is_asked_online_only_where_wanted(world: World):
    assert "providers" not in str(by_name(doctor(world, world.pipeline())[1], "providers"))
    _, document = doctor(world, world.pipeline(), "--online")
    assert by_name(document, "providers")["model"]["detail"] == "scripted"


@pytest.mark.parametrize("name", ["raises", "hangs", "crashes"])
def test_a_pipeline_that_names_a_bad_plugin(world: World, name: str):
    plant(world.site, "bad", name="bad", plugin=MISDEEDS[name])
    world.environ["LIFT_SYS_IMPORT_TIMEOUT"] = "2"
    stages = {"specify": {"provider": "model", "strategy": "bad"},
              "implement": {"provider": "model"}}  # fmt: skip
    status, document = doctor(world, world.pipeline(stages=stages))
    assert status == 1
    wrong = [one for one in document["findings"] if one["state"] == "problem"]
    assert [one["section"] for one in wrong] == ["pipeline"]
    assert wrong[0]["remedy"]


def test_mistakes_of_a_pipeline_come_with_their_lines(world: World):
    path = world.home / "wrong.yaml"
    path.write_text("version: 1\nproviders: {m: fake}\nstages: {specify: m, implement: m}\n")
    status, document = doctor(world, path)
    assert status == 1
    told = [one for one in document["findings"] if one["section"] == "pipeline"]
    assert [one["name"] for one in told] == [f"{path}:3", f"{path}:3"]
    assert "`specify: {provider: m}`" in told[0]["remedy"]


def test_for_people(world: World):
    done = world.lift("doctor", world.pipeline())
    assert done.returncode == 0
    assert "\n  ok  lift-sys" in done.stdout
    assert done.stdout.rstrip().splitlines()[-1].startswith("nothing is wrong")
    assert "--online goes with" in world.lift("doctor", "--online").stderr
    assert [path.name for path in world.home.iterdir()] == ["p.yaml"]
