"""A strategy that hunts for hidden tests while it runs finds none, and no grader either."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))

from run_world import World, plant

MARKS = (4815162342, "the-hidden-answer")
HUNTER = """
import gc, json, os, sys
from collections import deque
from pathlib import Path
from types import FrameType, FunctionType, ModuleType

from lift_sys.pipeline.strategies import PlainDraws

MARKS = (4815162341 + 1, "-".join(("the", "hidden", "answer")))
OWN = __name__
GRADERS = ("lift_sys.evaluation.", "lift_sys.store.grades", "lift_sys_jsonl.source")
HARMLESS = (
    *("apart", "arms", "config_changes", "flips", "flips_told"),
    *("numbers", "rates", "result_files", "results", "selection", "tables"),
    # what reports are made with, once another process has graded
    *("calibration", "choosing", "collecting", "html_report", "markdown_report", "page"),
    *("from_reference", "ranking", "ratios", "reports", "scorers", "summaries", "svg"),
)

def marked(thing):
    if type(thing) is int:
        return thing == MARKS[0]
    if type(thing) in (str, bytes):
        text = thing.decode("latin-1") if type(thing) is bytes else thing
        return MARKS[1] in text or str(MARKS[0]) in text
    return False

def reachable(*roots, beyond=()):
    seen, queue, found, files = {id(MARKS), id(globals())}, deque(roots), [], set()
    while queue:
        thing = queue.popleft()
        if id(thing) in seen or isinstance(thing, FrameType):
            continue
        seen.add(id(thing))
        if isinstance(thing, ModuleType) and thing.__name__ == OWN or isinstance(thing, beyond):
            continue
        if marked(thing):
            found.append(repr(thing)[:200])
        if isinstance(thing, (str, Path)) and 1 < len(str(thing)) < 300:
            files.add(str(thing))
        queue += gc.get_referents(thing)
    return found, files, len(seen)

class Hunter(PlainDraws):
    async def run(self, problem, ctx, want=1):
        offered, files, few = reachable(
            problem, ctx, problem.task, beyond=(type, ModuleType, FunctionType)
        )
        lying_about, _, many = reachable(*gc.get_objects(), *list(sys.modules.values()))
        loaded = [
            name for name in sys.modules
            if name.startswith(GRADERS) and name.rpartition(".")[2] not in HARMLESS
        ]
        stored = []
        for path in Path.cwd().rglob("store.db*"):
            stored += [str(path)] if any(
                str(mark).encode() in path.read_bytes() for mark in MARKS
            ) else []
        hinted = [
            path for path in files
            if os.path.isfile(path) and marked(Path(path).read_bytes())
        ]
        report = {
            "specified": problem.task.specification is not None,
            "stage": problem.stage,
            "offered": offered, "lying_about": lying_about, "loaded": loaded,
            "stored": stored, "hinted": hinted, "few": few, "many": many,
            "hidden": [type(o).__name__ for o in gc.get_objects()
                       if type(o).__name__ in ("Hidden", "JsonlSource", "Grade", "Grades")],
        }
        with open("hunt.json", "a") as file:
            file.write(json.dumps(report) + "\\n")
        return await super().run(problem, ctx, want)

def make(options, parts):
    return Hunter()
"""
TASK = {
    "id": "double",
    "request": "Create a function that doubles a number",
    "examples": [{"args": [2], "expected": 4}],
    "function": "double",
    "hidden": {
        "tests": [
            {"args": [3], "expected": 6},
            {"args": [MARKS[0]], "expected": MARKS[1]},
            {"args": [MARKS[1]], "expected": 1},
        ],
        "reference": {"name": "double", "source": f"def double(x): return {MARKS[1]!r}"},
    },
}


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    plant(world.site, "hunter", name="hunter", kind="strategies", factory=HUNTER)
    world.home.joinpath("suite").mkdir()
    (world.home / "suite" / "tasks.jsonl").write_text(json.dumps(TASK) + "\n")
    return world


def test_a_strategy_that_hunts_for_hidden_tests_finds_none(world):
    stage = {"provider": "model", "strategy": "hunter"}
    pipeline = world.pipeline(stages={"specify": stage, "implement": stage})
    command = ("eval", pipeline, "--tasks", "suite/tasks.jsonl", "--json", "--quiet")
    graded = [world.lift(*command) for _ in range(2)]
    for done in graded:
        assert done.returncode == 0, done.stderr
        [row] = json.loads(done.stdout)["rows"]
        assert (row["visible"], row["right"], row["passed"]) == ("pass", False, 1)
    # In the second run the grades of the first are in the store.
    hunts = [json.loads(line) for line in (world.home / "hunt.json").read_text().splitlines()]
    assert len(hunts) == 4
    for hunt in hunts:
        assert hunt.pop("few") > 100, "it looked around"
        assert hunt.pop("many") > 50_000
        assert hunt.pop("stage") in ("specify", "implement")
        assert not any(hunt.values()), hunt


def test_nor_is_a_reference_specification_found_before_the_run_has_ended(world):
    """Which tries it next, on the same task: there it is offered, and no test beside it."""
    ir = {
        "intent": {"summary": f"Double a number: {MARKS[1]}"},
        "signature": {
            "name": "double",
            "parameters": [{"name": "x", "type": "int"}],
            "returns": "str",
        },
    }
    suite = world.home / "suite" / "tasks.jsonl"
    suite.write_text(json.dumps({**TASK, "hidden": {**TASK["hidden"], "ir": ir}}) + "\n")
    stage = {"provider": "model", "strategy": "hunter"}
    pipeline = world.pipeline(stages={"specify": stage, "implement": stage})
    command = ("eval", pipeline, "--tasks", "suite/tasks.jsonl", "--reference-ir", "--quiet")
    done = world.lift(*command)
    assert done.returncode == 0, done.stderr
    hunts = [json.loads(line) for line in (world.home / "hunt.json").read_text().splitlines()]
    *ordinary, told = hunts
    assert [hunt.pop("stage") for hunt in hunts] == ["specify", "implement", "implement"]
    for hunt in ordinary:
        assert (hunt.pop("few") > 100, hunt.pop("many") > 50_000) == (True, True)
        assert not any(hunt.values()), hunt
    assert told["specified"]
    assert told["offered"]
    assert not told["hidden"]
    assert not told["loaded"]


def test_the_hunt_would_find_them(world):
    """Where a task carries them, though its type has no place for it."""
    shown = {**TASK, "examples": TASK["hidden"]["tests"][1:]}
    del shown["hidden"]
    (world.home / "suite" / "tasks.jsonl").write_text(json.dumps(shown) + "\n")
    stage = {"provider": "model", "strategy": "hunter"}
    pipeline = world.pipeline(stages={"specify": stage, "implement": {"provider": "model"}})
    world.lift("eval", pipeline, "--tasks", "suite/tasks.jsonl", "--quiet")
    hunt = json.loads((world.home / "hunt.json").read_text().splitlines()[0])
    assert hunt["offered"]
    assert hunt["lying_about"]
