"""`lift eval` and `lift grade`: a run, its grades, and what stands in the way of them."""

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from run_world import World, one_sentence, plant

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
    first = document(evaluate(world, "--json", "--quiet", "-o", "first.json"))
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


def test_grading_again_gives_the_same_and_calls_no_model(graded):
    world, first = graded
    [before] = world.records()
    again = document(world.lift("grade", first["run"][:18], "--json"))
    assert again == first
    assert world.records() == [before]


def test_what_a_person_sees(graded):
    world, found = graded
    done = world.lift("grade", found["run"], "--against", "first.json")
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert "suite doubles, 3 tasks (digest " in said
    assert "right: 66.7 % [20.8, 93.9] (2/3)" in said
    assert re.search(r"mathematical +100 % \(1/1\) +0 % \(0/1\) +50\.0 % .* \(1/2\)", said)
    assert re.search(r"edge_cases +100 % \(1/1\) +- \(n=0\)", said)
    assert "false accepts" in said
    assert "seconds a task: median" in said
    assert re.search(r"cost: \$0\.\d+", said)
    assert "what was wrong: wrong_output 1" in said
    assert "expected" not in said, "a hidden test is not shown"
    assert "both right: 2, both wrong: 1" in said


def test_runs_of_different_suites_are_not_compared(graded, world):
    other = suite(world, TASKS[:2], "others.jsonl")
    done = world.lift("eval", world.pipeline(), "--tasks", other, "--json", "--quiet")
    first = graded[0].home / "first.json"
    compared = world.lift("grade", document(done)["run"], "--against", first)
    one_sentence(compared, "different suites: others and doubles")


def test_changed_tests_grade_anew_and_are_not_compared(world):
    first = document(evaluate(world, "--json", "--quiet", "-o", "first.json"))
    suite(world, [task("right", shown=[])])
    one_sentence(world.lift("grade", first["run"]), "3 tasks are not what they were", "run again")
    changed = [{**TASKS[0], "hidden": {"tests": [{"args": [3], "expected": 7}]}}, *TASKS[1:]]
    suite(world, changed)
    again = document(world.lift("grade", first["run"], "--json"))
    assert [row["right"] for row in again["rows"]] == [False, False, True]
    assert again["tasks"] == first["tasks"]
    assert again["tests"] != first["tests"]
    compared = world.lift("grade", first["run"], "--against", "first.json")
    one_sentence(compared, "graded by different hidden tests")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"version": 2}', "its form is 2, not 1"),
        ("[]", "its form is None"),
        ('{"version": 1, "run": "x"', "may be cut off"),
        ('{"version": 1, "run": "x"}', "is no result: started"),
    ],
)
def test_a_result_file_that_is_none(world, text, told):
    (world.home / "old.json").write_text(text)
    one_sentence(world.lift("grade", "2026", "--against", "old.json"), told)


def test_selections(world):
    picked = document(evaluate(world, "--json", "--quiet", "--part", "one", "--limit", "5"))
    assert [row["task"] for row in picked["rows"]] == ["right"]
    one_sentence(evaluate(world, "--part", "two"), "no task has the part 'two'", "there are: one")


def test_the_pipelines_own_tasks(world):
    suite(world)
    pipeline = world.pipeline(tasks={"use": "jsonl", "path": "doubles.jsonl"})
    found = document(world.lift("eval", pipeline, "--json", "--quiet", "--limit", "2"))
    assert len(found["rows"]) == 2
    one_sentence(world.lift("eval", pipeline, "--option", "name=x"), "--option goes with --tasks")
    one_sentence(world.lift("eval", world.pipeline()), "there is nothing to run")


def nothing_was_spent(world):
    return not [e for events in world.records() for e in events if e["kind"] == "call_made"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--tasks", "none.jsonl"], "cannot read"),
        (["--tasks", "fases"], "no installed distribution offers the data source 'fases'"),
        (["--tasks", "jsonl"], "needs the option 'path'"),
        (["--tasks", "jsonl", "--option", "pth=x", "--option", "path=y"], "no option 'pth'"),
        (["--tasks", "jsonl", "--option", "path"], "is no KEY=VALUE"),
        (["--tasks", "doubles.jsonl", "--set", "record=null"], "keeps no record"),
    ],
)
def test_mistakes_are_told_before_anything_is_spent(world, arguments, told):
    suite(world)
    one_sentence(world.lift("eval", world.pipeline(), *arguments), told)
    assert nothing_was_spent(world)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (json.dumps(TASKS[0]) + "\n" + json.dumps(TASKS[1])[:50], "cut off"),
        (json.dumps(TASKS[0]) + "\n" + json.dumps(TASKS[0]), "already that of line 1"),
        ("", "holds no task"),
    ],
)
def test_a_broken_suite_file(world, text, told):
    (world.home / "broken.jsonl").write_text(text)
    one_sentence(world.lift("eval", world.pipeline(), "--tasks", "broken.jsonl"), told)
    assert nothing_was_spent(world)


def test_tasks_without_tests_are_not_graded_and_the_run_is_kept(world):
    bare = {key: value for key, value in task("bare").items() if key != "hidden"}
    done = evaluate(world, "--quiet", "-o", "result.json", tasks=[TASKS[0], bare])
    one_sentence(done, "1 of 2 tasks have no hidden tests (bare)", "the run is kept")
    assert done.stdout == ""
    assert not (world.home / "result.json").exists()
    with Store.open(world.home / ".lift" / "store.db") as store:
        [run] = store.runs()
    with Grades.open(world.home / ".lift" / "store.db") as grades:
        assert grades.of(run.id) == [], "all or none"
    suite(world, [TASKS[0], task("bare")])
    assert document(world.lift("grade", run.id, "--json"))["summary"]["right"]["right"] == 2


def test_what_cannot_be_graded(world):
    one_sentence(world.lift("grade", "2026"), "there is no store")
    world.lift("run", world.pipeline(), "double a number", "--quiet")
    with Store.open(world.home / ".lift" / "store.db") as store:
        [run] = store.runs()
    one_sentence(world.lift("grade", run.id), "nothing to grade it by", "`lift eval`")
    one_sentence(world.lift("grade", "no-such-run"), "no-such-run")


def test_lost_tasks_stay_in_the_denominator(world):
    found = document(evaluate(world, "--json", "--quiet", model={"fails": "ProviderUnavailable"}))
    assert found["summary"]["right"] == {
        "right": 0, "n": 3, "rate": 0.0, "interval": pytest.approx([0.0, 0.5615], abs=1e-4),
    }  # fmt: skip
    assert found["summary"]["lost"] == 3
    assert found["summary"]["failures"] == {"infrastructure": 3}


LEARNT = """
from lift_sys.pipeline.strategies import PlainDraws

class Bandit(PlainDraws):
    learnt_from = frozenset(open("seen.txt").read().split())

def make(options, parts):
    return Bandit()
"""


def test_what_has_learnt_from_the_grades_of_a_task_is_not_evaluated_on_it(world):
    first = document(evaluate(world, "--json", "--quiet"))
    plant(world.site, "bandit", name="bandit", kind="strategies", factory=LEARNT)
    stages = {
        "specify": {"provider": "model", "strategy": "bandit"},
        "implement": {"provider": "model"},
    }
    seen = world.home / "seen.txt"
    seen.write_text(first["rows"][1]["digest"])
    before = len(world.records())
    done = evaluate(world, "--quiet", stages=stages)
    one_sentence(
        done, "the strategy 'bandit' has learnt from the grades of 1 of these tasks (trap)"
    )
    assert len(world.records()) == before, "nothing was run"
    renamed = [{**TASKS[1], "id": "other name", "category": "lists"}]
    one_sentence(evaluate(world, stages=stages, tasks=renamed), "(other name)")
    assert document(evaluate(world, "--json", "--part", "one", stages=stages))["rows"]


def test_a_data_source_that_breaks_when_it_is_asked_for_hidden_tests(world):
    source = """
    from lift_sys.interfaces import Suite, Task
    print("noise on standard output")
    class Source:
        suite = Suite(name="broken")
        def tasks(self):
            yield Task(id="a", request="double a number")
        def hidden(self, ids):
            raise RuntimeError("lost the tests")
    def make(options, parts): return Source()
    """
    plant(world.site, "broken-suite", name="broken", kind="data_sources", factory=source)
    done = world.lift("eval", world.pipeline(), "--tasks", "broken", "--quiet")
    assert done.returncode != 0
    assert "lost the tests" in done.stderr
    assert done.stdout == ""
