"""`lift eval --reference-ir`: which stage is at fault, by trial, in a run of its own."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from run_world import World, one_sentence, plant

from lift_sys.store import Store
from lift_sys.testing.samples import SPECIFICATION

RIGHT_IR = SPECIFICATION.model_dump(mode="json", exclude_defaults=True)
MODEL = """
from pathlib import Path
from lift_sys.errors import AuthenticationFailed
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, WRONG_TEXT, scripted_model
from lift_sys.testing.providers import ANYTHING

CALLS, GATE = Path("calls.log"), Path("gate")

def said(text, what):
    with CALLS.open("a") as log:
        log.write(what + "\\n")
    return text

def make(options, parts):
    return scripted_model(code=code, ir=ir, capabilities=ANYTHING)
"""
BAD_SPECIFICATIONS = """
def ir(place, request):
    return said(IR_TEXT.replace("2 * x", "3 * x").replace("Double", "Triple"), "ir")

def code(place, request):
    asked = "".join(each.content for each in request.messages)
    if "3 * x" in asked:
        return said(WRONG_TEXT, "code")
    assert "2 * x" in asked
    if not GATE.exists() and "given" in CALLS.read_text():
        raise AuthenticationFailed("no key", remedy="get one")
    return said(RIGHT_TEXT, "given")
"""
BAD_CODE = """
def ir(place, request):
    return said(IR_TEXT, "ir")

def code(place, request):
    return said(WRONG_TEXT, "code")
"""


def task(name, **hidden):
    tests = [{"args": [x], "expected": 2 * x} for x in (3, 7)]
    return {
        "id": name,
        "request": f"Create a function that doubles a number ({name})",
        "examples": [{"args": [2], "expected": 4}],
        "function": "double",
        "hidden": {"tests": tests, **hidden},
    }


TASKS = [*(task(name, ir=RIGHT_IR) for name in "abc"), task("without")]


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def suite(world, tasks):
    (world.home / "doubles.jsonl").write_text("".join(json.dumps(each) + "\n" for each in tasks))


def prepared(world, says, tasks=TASKS):
    """The beginning of a command."""
    plant(world.site, "planted-model", name="planted", kind="providers", factory=MODEL + says)
    suite(world, tasks)
    providers = {"model": {"use": "planted"}}
    pipeline = world.pipeline(providers=providers, concurrency={"tasks": 1})
    return ("eval", pipeline, "--tasks", "doubles.jsonl", "--reference-ir")


def calls(world):
    said = (world.home / "calls.log").read_text().split()
    return {what: said.count(what) for what in dict.fromkeys(said)}


def test_wrong_specifications_are_blamed_and_the_same_command_goes_on(world):
    command = prepared(world, BAD_SPECIFICATIONS)
    unknown = world.lift(*command, "--estimate")
    assert "4 tasks, 1 at once\n" in unknown.stdout
    assert "3 tasks, 1 at once, from their reference specifications" in unknown.stdout
    assert "the store has no such run of this pipeline" in unknown.stdout

    broken = world.lift(*command, "--json")
    one_sentence(broken, "no key")
    before = calls(world)
    assert before == {"ir": before["ir"], "code": before["code"], "given": 1}

    (world.home / "gate").touch()
    done = world.lift(*command, "--json", "--html", "page.html")
    assert done.returncode == 0, done.stderr
    assert calls(world) == {**before, "given": 3}, "what was done is not done again"
    found = json.loads(done.stdout)
    told = found["summary"]["from_reference"]
    blames = {name: (rate["right"], rate["n"]) for name, rate in told["blames"].items()}
    assert blames == {"specify": (3, 3), "implement": (0, 3), "unknown": (0, 3)}
    assert told["blames"]["specify"]["interval"] == [pytest.approx(0.4385, abs=1e-3), 1]
    assert (told["right"]["n"], told["without"]) == (3, 1)
    assert told["calls"] == 4, "with the one that failed"
    assert told["run"] == found["reference_run"] == f"reference-{found['run']}"
    # Its cost is no part of the run's own.
    assert found["summary"]["calls"] == before["ir"] + before["code"]
    assert [row["from_reference"] is None for row in found["rows"]] == [False] * 3 + [True]
    assert "right code from the reference" in (world.home / "page.html").read_text()

    with Store.open(world.home / ".lift" / "store.db") as store:
        # Who learns from earlier runs does not come upon it.
        assert [run.id for run in store.runs()] == [found["run"]]
        assert len(store.runs(beside=True)) == 2
    again = world.lift("grade", "last", "--markdown", "tables.md")
    assert "failed by the specification (right code from the reference's): 100.0 %" in again.stdout
    assert "failed without a reference specification: 1" in again.stdout
    assert "failed by the specification" in (world.home / "tables.md").read_text()
    known = world.lift(*command, "--estimate").stdout
    assert "by 4 tasks of 1 earlier runs" in known
    assert "by 3 tasks of 1 earlier runs" in known
    replayed = world.lift("runs", "replay", told["run"], "--quiet")
    assert replayed.returncode == 0, replayed.stderr


def test_wrong_code_is_blamed(world):
    found = json.loads(world.lift(*prepared(world, BAD_CODE), "--json", "--quiet").stdout)
    blames = found["summary"]["from_reference"]["blames"]
    told = {name: (rate["right"], rate["n"]) for name, rate in blames.items()}
    assert told == {"specify": (0, 3), "implement": (3, 3), "unknown": (0, 3)}


def test_a_suite_without_reference_specifications_is_refused_before_anything_is_spent(world):
    command = prepared(world, BAD_CODE, [task("a")])
    one_sentence(world.lift(*command), "none of these tasks has a reference specification")
    suite(world, [task("a") | {"specification": RIGHT_IR}])
    one_sentence(world.lift(*command), "shows the specification of its task 'a'", "hidden.ir")
    assert not (world.home / "calls.log").exists()


def test_specifications_that_changed_without_a_version_are_not_mixed(world):
    command = prepared(world, BAD_SPECIFICATIONS)
    one_sentence(world.lift(*command, "--quiet"), "no key")
    before = calls(world)
    (world.home / "gate").touch()
    other = {**RIGHT_IR, "assertions": [{"predicate": "result - x == x"}]}
    suite(world, [*(task(name, ir=other) for name in "abc"), task("without")])
    stopped = world.lift(*command, "--quiet")
    one_sentence(stopped, "not what they were when the run reference-", "--new")
    assert calls(world) == before, "nothing is spent"
    suite(world, TASKS)
    assert world.lift(*command, "--quiet").returncode == 0
