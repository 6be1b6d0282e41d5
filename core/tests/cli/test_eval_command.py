"""`lift eval` and `lift grade`: a run, its grades, and what stands in the way of them."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from run_world import LIFT, World, one_sentence, plant

from lift_sys.cli import main
from lift_sys.interfaces import Task
from lift_sys.store import Grades, Store

SHOWN = [{"args": [2], "expected": 4}]


def task(name, shown=SHOWN, tests=((3, 6), (0, 0)), **more):
    hidden = {"tests": [{"args": [x], "expected": y} for x, y in tests]}
    reference = {"name": "double", "source": "def double(x):\n    return 2 * x\n"}
    return {
        "id": name,
        "request": f"Create a function that doubles a number ({name})",
        "examples": shown,
        "function": "double",
        "hidden": {**hidden, "reference": reference},
        **more,
    }


TASKS = [
    task(
        "right",
        tests=((3, 6), (123454321, 246908642)),
        category="mathematical",
        difficulty="easy",
        metadata={"part": "one"},
    ),
    task("trap", tests=((3, 6), (1, 7)), category="mathematical", difficulty="hard"),
    task("odd", shown=[{"args": [2], "expected": 5}], category="edge_cases", difficulty="easy"),
]


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """One evaluation, for all tests that only look at what it left."""
    world = World(tmp_path_factory.mktemp("graded"))
    first = document(evaluate(world, "--json", "--quiet", "--label", "first", "-o", "first.json"))
    return world, first


def suite(world, tasks=TASKS, name="doubles.jsonl"):
    path = world.home / name
    path.write_text("".join(json.dumps(each) + "\n" for each in tasks))
    return path


def evaluate(world, *arguments, tasks=TASKS, **pipeline):
    path = suite(world, tasks)
    return world.lift("eval", world.pipeline(**pipeline), "--tasks", path, *arguments)


def document(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def until(condition) -> None:
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def test_a_run_is_graded_by_its_hidden_tests(graded):
    world, found = graded
    assert found["version"] == 1
    assert found["suite"] == {"name": "doubles", "version": ""}
    rows = {row["task"]: row for row in found["rows"]}
    assert {name: (row["visible"], row["right"]) for name, row in rows.items()} == {
        "right": ("pass", True),
        "trap": ("pass", False),
        "odd": ("fail", True),
    }
    assert (rows["trap"]["passed"], rows["trap"]["total"]) == (1, 2)
    assert rows["trap"]["failure"] == "wrong_output"
    summary = found["summary"]
    assert (summary["right"]["right"], summary["right"]["n"]) == (2, 3)
    assert summary["right"]["interval"] == pytest.approx([0.2077, 0.9385], abs=1e-4)
    assert (summary["false_accepts"]["right"], summary["false_accepts"]["n"]) == (1, 2)
    assert (summary["false_rejects"]["right"], summary["false_rejects"]["n"]) == (1, 2)
    assert summary["calls"] == sum(row["spend"]["calls"] for row in found["rows"]) >= 6
    with Grades.open(world.home / ".lift" / "store.db") as grades:
        kept = {grade.task: grade.verdict.passed for grade in grades.of(found["run"])}
    assert kept == {"right": True, "trap": False, "odd": True}
    assert json.loads((world.home / "first.json").read_text()) == found
    assert not list(world.home.glob(".*.part"))


def test_the_record_holds_no_hidden_test(graded):
    """What a run leaves for others to learn from has the task, never what grades it."""
    world, _ = graded
    [events] = world.records()
    assert events[0]["assignment"]["tasks"].keys() == {"right", "trap", "odd"}
    assert "123454321" not in json.dumps(events)


def test_an_estimate_is_of_what_earlier_runs_did_and_spends_nothing(graded):
    world, _ = graded
    [before] = world.records()
    pipeline, suite = world.home / "p.yaml", world.home / "doubles.jsonl"
    done = world.lift("eval", pipeline, "--tasks", suite, "--estimate", "--limit", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 tasks, ")
    assert re.search(r"cost: about \$0\.\d+ \(\$0\.\d+ to \$0\.\d+\)", done.stdout)
    assert "time: about" in done.stdout
    assert "by 3 tasks of 1 earlier runs" in done.stdout
    other = world.pipeline("other.yaml", run_budget={"usd": 0.5})
    unknown = world.lift("eval", other, "--tasks", suite, "--estimate")
    assert "cost and time are not known" in unknown.stdout
    assert "run_budget ends it at: $0.5000" in unknown.stdout
    assert world.records() == [before]


def test_grading_again_gives_the_same_and_calls_no_model(graded):
    world, first = graded
    [before] = world.records()
    world.environ["LIFT_SYS_STORE"] = ".lift/store.db"
    again = document(world.lift("grade", "last", "--json"))
    assert again == first
    assert world.records() == [before]


def test_what_a_person_sees(graded):
    world, found = graded
    other = {**found, "run": "another-run"}
    (world.home / "other.json").write_text(json.dumps(other))
    wanted = ("--against", "other.json", "--html", "page.html", "--scorer", "schema")
    done = world.lift("grade", found["run"][:18], *wanted, "--fail-under", "0.2")
    assert done.returncode == 0, done.stderr
    page = (world.home / "page.html").read_text()
    assert "66.7 % right on doubles" in page
    assert "Against another-run" in page
    said = done.stdout
    assert "suite doubles, 3 tasks (digest " in said
    assert f"run {found['run']} (first)" in said
    assert "right: 66.7 % [20.8, 93.9] (2/3)" in said
    assert re.search(r"mathematical +100 % \(1/1\) +0 % \(0/1\) +50\.0 % .* \(1/2\)", said)
    assert re.search(r"edge_cases +100 % \(1/1\) +- \(n=0\)", said)
    assert "false accepts: 50.0 %" in said
    assert "seconds a task: median" in said
    assert re.search(r"cost: \$0\.\d+", said)
    assert "  wrong_output 1: trap" in said
    assert "expected" not in said, "a hidden test is not shown"
    assert "both right: 2, both wrong: 1" in said


def test_mistakes_are_told_before_anything_is_spent(world, monkeypatch, capsys):
    suite(world)
    pipeline = world.pipeline()
    exiting = "import sys\ndef make(options, parts): sys.exit(0)\n"
    plant(world.site, "exiting", name="exiting", kind="routers", factory=exiting)
    monkeypatch.chdir(world.home)
    monkeypatch.syspath_prepend(world.site)

    def one_sentence_of(words, *arguments):
        code = main([*map(str, arguments)])
        one_sentence(subprocess.CompletedProcess([], code, *capsys.readouterr()), words)

    for arguments, told in [
        (["--tasks", "doubles.jsonl", "--set", "record=null"], "keeps no record"),
        (["--tasks", "doubles.jsonl", "-o", "nowhere/x.json"], "there is no folder nowhere"),
        (["--tasks", "doubles.jsonl", "--part", "two"], "no task has the part 'two'"),
        (["--option", "name=x"], "--option goes with --tasks"),
        ([], "there is nothing to run"),
    ]:
        one_sentence_of(told, "eval", pipeline, *arguments)
    denied = world.pipeline("denied.yaml", plugins={"deny": ["lift-sys-jsonl"]})
    one_sentence_of("is on the deny list", "eval", denied, "--tasks", "doubles.jsonl")
    one_sentence_of("there is no store", "grade", "2026")
    routed = world.pipeline("routed.yaml", router="exiting")
    one_sentence_of("sys.exit(0)", "eval", routed, "--tasks", "doubles.jsonl")
    assert world.records() == []


ODD = """
import os, signal
from pathlib import Path
from lift_sys.interfaces import Example, Hidden, Suite, Task
print("noise on standard output")

class Source:
    suite = Suite(name="odd")
    def tasks(self):
        return iter([Task(id="a", request="double a number", function="double")])
    def hidden(self, ids):
        match Path("mood").read_text():
            case "killed":
                os.kill(os.getpid(), signal.SIGKILL)
        return {"a": Hidden(task="a", tests=(Example(args=(3,), expected=6),))}

def make(options, parts): return Source()
"""


def test_grading_that_fails_leaves_the_run_and_no_grade(world):
    plant(world.site, "odd-suite", name="odd", kind="data_sources", factory=ODD)
    mood = world.home / "mood"
    mood.write_text("killed")
    done = world.lift("eval", world.pipeline(), "--tasks", "odd", "--quiet", "-o", "r.json")
    one_sentence(done, "which is kept, ended with status -9", "`lift grade 20")
    assert done.stdout == ""
    with Store.open(world.home / ".lift" / "store.db") as store:
        [run] = store.runs()
    with Grades.open(world.home / ".lift" / "store.db") as grades:
        assert grades.of(run.id) == [], "all or none"
    assert not list(world.home.glob("*.json*")) + list(world.home.glob(".*.part"))
    mood.write_text("well")
    assert document(world.lift("grade", "last", "--json"))["summary"]["right"]["right"] == 1


SLOW = """
import asyncio
from pathlib import Path
from lift_sys.testing.providers import Wrapper
from lift_sys.testing.samples import scripted_model

class Holding(Wrapper):
    async def complete(self, requests):
        with open("calls.log", "a") as log:
            log.write(f"{len(requests)}\\n")
        while "(right)" not in str(requests[0].messages) and not Path("gate").exists():
            await asyncio.sleep(0.01)
        return await super().complete(requests)

def make(options, parts):
    return Holding(scripted_model())
"""


def test_stopped_by_a_person_resumed_and_graded(world):
    """One task was done, one was under way, and one had not begun."""
    plant(world.site, "slow-model", name="slow", kind="providers", factory=SLOW)
    path, log = suite(world), world.home / "calls.log"
    pipeline = world.pipeline(providers={"model": {"use": "slow"}}, concurrency={"tasks": 1})
    with subprocess.Popen(
        [*LIFT, "eval", pipeline, "--tasks", path],
        env=world.environ,
        cwd=world.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until(lambda: log.exists() and log.read_text().count("\n") == 3)
        process.send_signal(signal.SIGINT)
        said, told = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "")
    assert "the same command goes on with run" in told
    assert "Traceback" not in told
    lost = world.lift("grade", "last")
    assert re.search(r"edge_cases +0 % \(0/1\)", lost.stdout), "its category is known"
    assert "1 were not run to their end: `lift runs resume" in lost.stdout
    (world.home / "gate").touch()
    resumed = world.lift("eval", pipeline, "--tasks", path, "--json")
    assert log.read_text().count("\n") == 7, "what was done is not done again"
    assert "goes on with run" in resumed.stderr
    assert "1 of 2, 100 % passed, $" in resumed.stderr
    found = document(resumed)
    assert len(world.records()) == 1
    assert {row["task"]: row["right"] for row in found["rows"]} == {
        "right": True, "trap": False, "odd": True,
    }  # fmt: skip


LEARNT = """
from lift_sys.pipeline.strategies import PlainDraws

class Bandit(PlainDraws):
    learnt_from = frozenset(open("seen.txt").read().split())

def make(options, parts):
    return Bandit()
"""


def test_what_has_learnt_from_the_grades_of_a_task_is_not_evaluated_on_it(world):
    plant(world.site, "bandit", name="bandit", kind="strategies", factory=LEARNT)
    stages = {"implement": {"provider": "model"}}
    stages["specify"] = {"provider": "model", "strategy": "bandit"}
    shown = {key: value for key, value in TASKS[1].items() if key != "hidden"}
    digest = Task.model_validate_json(json.dumps(shown)).digest
    (world.home / "seen.txt").write_text(digest)
    renamed = [TASKS[0], {**TASKS[1], "id": "other name", "category": "lists"}]
    done = evaluate(world, "--quiet", stages=stages, tasks=renamed)
    one_sentence(
        done,
        "the strategy 'bandit' has learnt from the grades of 1 of these tasks (other name)",
    )
    assert world.records() == [], "nothing was run"
