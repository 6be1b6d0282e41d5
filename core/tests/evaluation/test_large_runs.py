"""What reading a graded run takes of memory does not grow with what the run drew."""

import json
import tracemalloc

import pytest

from lift_sys.cli._graded import GradingTold
from lift_sys.evaluation import grader
from lift_sys.evaluation.apart import grade_apart
from lift_sys.evaluation.grader import Grader
from lift_sys.evaluation.grading import grader_of
from lift_sys.evaluation.judging import BY, digest_of, subject
from lift_sys.evaluation.sources import named_source
from lift_sys.interfaces import (
    Assignment,
    Basis,
    CandidateDrawn,
    CandidateScored,
    Code,
    RouteTaken,
    RunEnded,
    RunStarted,
    Solution,
    Spend,
    StrategyStopped,
    TaskEnded,
    TaskStarted,
    Verdict,
)
from lift_sys.plugins import PluginManager
from lift_sys.store import Grade, Grades, Store
from lift_sys.testing.samples import SPECIFICATION

TASKS = 30
PASSED = Verdict(status="pass", basis=Basis(examples=1), guards=("landlock",))


def code_of(draw):
    return Code(name="double", source=f"def double(x):  # {draw}\n    return 2 * x\n")


def told(task, draws):
    yield TaskStarted(task=task.id, request=task.request, document=task.model_dump(mode="json"))
    yield RouteTaken(task=task.id, attempt=1, route="default", reason="first", start="implement")
    names = [f"{task.id}/{draw}" for draw in range(draws)]
    for draw, name in enumerate(names):
        code = code_of(draw)
        yield CandidateDrawn(
            task=task.id, stage="implement", candidate=name, text=code.source,
            value=code.model_dump(mode="json"),
        )  # fmt: skip
    for name in names:
        yield CandidateScored(task=task.id, candidate=name, score=0.5, reason="", parts={"a": 0.25})
    yield StrategyStopped(
        task=task.id, stage="implement", strategy="best", why="enough", winners=(names[0],)
    )
    solution = Solution(ir=SPECIFICATION, specification=PASSED, code=code_of(0), verdict=PASSED)
    yield TaskEnded(
        task=task.id, status="pass", why="", solution=solution, spend=Spend(), seconds=1
    )


def grades_of(task, hidden, draws):
    notes = {"by": BY, "code": digest_of(code_of(0))}
    one = Grade(task=task.id, grader=grader_of(hidden), verdict=PASSED, total=1, notes=notes)
    yield one
    for draw in range(draws):
        own = subject("implement", digest_of(code_of(draw)))
        yield one.model_copy(update={"subject": own, "notes": {"by": BY}})


def recorded(folder, draws):
    folder.mkdir()
    lines = [
        {"id": f"t{n}", "request": f"double it ({n})", "function": "double",
         "hidden": {"tests": [{"args": [n], "expected": 2 * n}]}}
        for n in range(TASKS)
    ]  # fmt: skip
    (folder / "tasks.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    source = named_source(str(folder / "tasks.jsonl"), {}, PluginManager.installed())
    tasks = source.tasks()
    given = Assignment(
        suite=source.suite, use=source.use, options=source.options,
        tasks={task.id: task.digest for task in tasks},
    )  # fmt: skip
    with Store.open(folder / "store.db") as store:
        recorder = store.recorder("run")
        began = "2026-01-01T12:00:00+00:00"
        recorder.record(
            RunStarted(
                run="run", started=began, config={}, distributions={}, seed=0, assignment=given
            )
        )
        for task in tasks:
            for event in told(task, draws):
                recorder.record(event)
        recorder.record(RunEnded(why="all tasks done", spend=Spend(), seconds=1))
        recorder.close()
        assert store.candidates_by_task("run") == {task.id: draws for task in tasks}
    hidden = source.hidden(tasks)
    with Grades.open(folder / "store.db") as grades:
        grades.put(
            "run", [each for task in tasks for each in grades_of(task, hidden[task.id], draws)]
        )
    return folder / "store.db"


class Counting:
    def __init__(self):
        self.rows = self.drawn = 0

    def begin(self, head, tasks):
        assert tasks == TASKS

    def row(self, row):
        self.rows += row.right
        self.drawn += row.of("implement").drawn


async def peak(where, draws):
    listener, nothing_to_run = Counting(), None
    tracemalloc.start()
    try:
        await Grader(where, nothing_to_run).both("run", listener)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert (listener.rows, listener.drawn) == (TASKS, TASKS * draws)


async def test_memory_is_that_of_a_batch_not_of_the_run(tmp_path, monkeypatch):
    few, many = 20, 120
    small, large = recorded(tmp_path / "few", few), recorded(tmp_path / "many", many)
    monkeypatch.setattr(grader, "_CANDIDATES", many)
    await peak(small, few)  # what is imported and compiled at first is nobody's
    batched = await peak(large, many) / await peak(small, few)
    assert batched < 1.5, "six times the candidates"
    monkeypatch.setattr(grader, "_CANDIDATES", TASKS * many)
    assert await peak(large, many) / await peak(small, few) > 2.5, "the measure sees it"


@pytest.mark.parametrize("at_most", [1, 45, 10_000])
async def test_batches_of_any_size_tell_the_same(tmp_path, monkeypatch, at_most):
    where = recorded(tmp_path / "run", 20)
    monkeypatch.setattr(grader, "_CANDIDATES", at_most)
    assert await peak(where, 20) > 0


def test_how_far_it_is_is_told(tmp_path, capsys):
    where = recorded(tmp_path / "run", 2)
    heard, told = [], GradingTold(0)

    def on_row(done, of):
        heard.append((done, of))
        told(done, of)

    found = grade_apart(str(where), "run", on_row=on_row)
    assert heard == [(n + 1, TASKS) for n in range(TASKS)]
    assert [row.task for row in found.rows] == [f"t{n}" for n in range(TASKS)]
    lines = capsys.readouterr().err.splitlines()
    assert (lines[0], len(lines)) == (f"graded 1 of {TASKS} tasks", TASKS - 1)
