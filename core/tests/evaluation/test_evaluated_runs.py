"""Runs over suites and their grades, in this process: what `lift eval` does in three."""

import json

import pytest
import pytest_asyncio

from lift_sys import Pipeline
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.errors import AuthenticationFailed, InputError, LiftError, ProviderUnavailable
from lift_sys.evaluation.apart import ReadTasks, answered
from lift_sys.evaluation.grader import Grader, evaluation
from lift_sys.evaluation.reader import read
from lift_sys.evaluation.reports import report_of
from lift_sys.evaluation.sources import open_source
from lift_sys.evaluation.summaries import summary_of
from lift_sys.interfaces import Assignment, Task
from lift_sys.pipeline.config import PluginRules
from lift_sys.plugins import Catalogue, Component, Options, PluginManager
from lift_sys.store import Grades, Store
from lift_sys.testing.samples import scripted_model


def task(name, tests=((3, 6), (0, 0)), **more):
    return {
        "id": name,
        "request": f"Create a function that doubles a number ({name})",
        "examples": [{"args": [2], "expected": 4}],
        "function": "double",
        "hidden": {"tests": [{"args": [x], "expected": y} for x, y in tests]},
        **more,
    }


TASKS = [task("right", category="easy ones"), task("trap", tests=((3, 6), (1, 7)))]


def without_hidden(data):
    return {key: value for key, value in data.items() if key != "hidden"}


class Told(Options):
    says: tuple[str, ...] = ()


class Silent:
    def on_event(self, event):
        pass

    def close(self):
        pass


@pytest_asyncio.fixture
async def sandbox():
    made = default_sandbox()
    yield made
    await made.aclose()


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


class World:
    """A pipeline on a scripted model, a suite file and a store."""

    def __init__(self, folder):
        self.folder = folder
        self.store = folder / "store.db"
        self.suite(TASKS)
        self.error = None

    def suite(self, tasks):
        path = self.folder / "doubles.jsonl"
        path.write_text("".join(json.dumps(each) + "\n" for each in tasks))

    def manager(self):
        provider = Component("scripted", lambda options, parts: self.model(), "For tests")
        silent = Component("silent", lambda options, parts: Silent(), "For tests", Told)
        given = {"providers": [provider], "observers": [silent]}
        return PluginManager(Catalogue.installed(), given=given)

    def model(self):
        model = scripted_model()
        if self.error is not None:
            model._script = lambda request: self.error
        return model

    async def run(self, path=None, **more):
        manager = self.manager()
        stage = {"provider": "model"}
        document = {
            "version": 1,
            "providers": {"model": {"use": "scripted"}},
            "stages": {"specify": stage, "implement": stage},
            "calls": {"attempts": 1},
            "record": str(self.store),
            "tasks": {"use": "jsonl", "path": path or str(self.folder / "doubles.jsonl")},
            **more,
        }
        pipeline = Pipeline.load(document, plugins=manager)
        use, options = pipeline.task_source
        source = open_source(use, options.model_dump(mode="json"), manager)
        tasks = source.tasks()
        assignment = Assignment(
            suite=source.suite,
            use=use,
            options=source.options,
            tasks={each.id: each.digest for each in tasks},
        )
        run = ""
        try:
            async with pipeline.open(assignment=assignment) as session:
                run = session.run
                async for _ in session.solve_all(tasks):
                    pass
        except LiftError:
            if self.error is None:
                raise
        return run

    async def grade(self, run, sandbox):
        return await evaluation(Grader(self.store, sandbox, self.manager()), run)


async def test_changed_tests_grade_anew(world, sandbox):
    run = await world.run()
    first = await world.grade(run, sandbox)
    assert [row.right for row in first.rows] == [True, False]
    world.suite([task("right", tests=((3, 7),), category="easy ones"), TASKS[1]])
    again = await world.grade(run, sandbox)
    assert [row.right for row in again.rows] == [False, False]
    assert (again.tasks, again.tests != first.tests) == (first.tasks, True)
    with Grades.open(world.store) as grades:
        kept = grades.of(run, subject="winner")
    assert len(kept) == 3, "those of the other tests stand beside them"


@pytest.mark.parametrize(
    ("tasks", "told"),
    [
        ([task("right", request="Halve it"), TASKS[1]], "1 of 2 tasks are not what they were"),
        ([TASKS[0]], r"not what they were when the run began \(trap\)"),
        ([TASKS[0], {**TASKS[1], "hidden": None}], "1 of 2 tasks have no hidden tests"),
    ],
)
async def test_a_suite_that_is_not_what_it_was_grades_nothing(world, sandbox, tasks, told):
    run = await world.run()
    world.suite([{k: v for k, v in each.items() if v is not None} for each in tasks])
    with pytest.raises(InputError, match=told):
        await world.grade(run, sandbox)
    with Grades.open(world.store) as grades:
        assert grades.of(run) == [], "all or none"


async def test_a_run_that_was_not_given_a_suite(world, sandbox):
    pipeline = Pipeline.load(
        {
            "version": 1,
            "providers": {"model": {"use": "scripted"}},
            "stages": {"specify": {"provider": "model"}, "implement": {"provider": "model"}},
            "record": str(world.store),
        },
        plugins=world.manager(),
    )
    async with pipeline.open() as session:
        await session.solve("Double a number")
    with pytest.raises(InputError, match="nothing to grade it by"):
        await world.grade(session.run, sandbox)


async def test_lost_tasks_stay_in_the_denominator(world, sandbox):
    world.error = ProviderUnavailable("the model is away")
    summary = summary_of(report_of(await world.grade(await world.run(), sandbox)))
    assert (summary["right"]["right"], summary["right"]["n"], summary["lost"]) == (0, 2, 2)
    assert summary["failures"] == {"infrastructure": 2}


async def test_a_run_that_an_error_ended_is_graded_whole(world, sandbox):
    """One task met the error, the other never began; their categories are known all the same."""
    world.error = AuthenticationFailed("bad key")
    found = await world.grade(await world.run(concurrency={"tasks": 1}), sandbox)
    assert [row.category for row in found.rows] == ["easy ones", None]
    assert [row.visible for row in found.rows] == ["error", "not run"]
    assert all(row.lost for row in found.rows)


async def test_what_the_record_hides_grades_as_it_was(world, sandbox, monkeypatch):
    """A path, a digest and code may hold what stands in the environment."""
    world.suite(TASKS)
    digest = Task.model_validate_json(json.dumps(without_hidden(TASKS[0]))).digest
    monkeypatch.setenv("WHERE", str(world.folder))
    monkeypatch.setenv("KEY", digest[4:12])
    monkeypatch.setenv("LINE", "return 2 * x")
    observers = [{"use": "silent", "says": ["${KEY}", "${LINE}"]}]
    run = await world.run("${WHERE}/doubles.jsonl", observers=observers)
    with Store.open(world.store) as store:
        recorded = "".join(each.event.model_dump_json() for each in store.events(run))
    assert digest not in recorded
    assert "return 2 * x" not in recorded
    found = await world.grade(run, sandbox)
    assert [row.right for row in found.rows] == [True, False]


def refused(answer):
    raise AssertionError("there is nothing to tell")


def test_what_a_data_source_does_is_told_as_an_answer():
    def exits(order, tell):
        raise SystemExit(0)

    def breaks(order, tell):
        raise RuntimeError("lost the tests" * 1_000_000)

    order = ReadTasks(use="x")
    answers = []
    for obey in (exits, breaks):
        answered(order, obey, answers.append)
    assert "a data source called sys.exit(0)" in answers[0].cause
    told = answers[1]
    assert told.cause.startswith("RuntimeError: lost the tests")
    assert len(told.cause) <= 2_000


@pytest.mark.parametrize(
    ("use", "options", "told"),
    [
        ("none.jsonl", {}, "cannot read"),
        ("fases", {}, "no installed distribution offers the data source 'fases'"),
        ("jsonl", {}, "needs the option 'path'"),
        ("jsonl", {"pth": "x", "path": "y"}, "no option 'pth'"),
    ],
)
def test_sources_that_cannot_be_read(use, options, told):
    with pytest.raises(LiftError) as caught:
        read(ReadTasks(use=use, options=options), refused)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (json.dumps(TASKS[0]) + "\n" + json.dumps(TASKS[1])[:50], "cut off"),
        (json.dumps(TASKS[0]) + "\n" + json.dumps(TASKS[0]), "already that of line 1"),
        ("", "holds no task"),
    ],
)
def test_a_broken_suite_file(tmp_path, text, told):
    path = tmp_path / "broken.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match=told):
        read(ReadTasks(use=str(path)), refused)


def test_a_pipelines_rules_hold_for_data_sources_too(tmp_path):
    rules = PluginRules(deny=("lift-sys-jsonl",))
    with pytest.raises(LiftError, match="on the deny list"):
        read(ReadTasks(use=str(tmp_path / "a.jsonl"), rules=rules), refused)
