"""Tasks, grades and data come out of workers elsewhere as they do here, whoever gets lost."""

import asyncio
import json
from collections import Counter
from contextlib import aclosing
from pathlib import Path

import pytest

from lift_sys import Pipeline
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.building.builder import build
from lift_sys.data.building.plan import Plan
from lift_sys.engines import FarEnd, LocalEngine
from lift_sys.errors import EngineError, InputError
from lift_sys.evaluation.grader import Grader, evaluation
from lift_sys.evaluation.sources import open_source
from lift_sys.interfaces import Assignment, CallMade, Order, TaskStarted, Told
from lift_sys.pipeline.recorded import RunRecord
from lift_sys.plugins import Component, PluginManager
from lift_sys.plugins.catalogue import Catalogue
from lift_sys.store import Store
from lift_sys.testing.loopback import Answer, LoopbackServer
from lift_sys.testing.samples import RIGHT, SPECIFICATION, SPECIFIES

TASKS = [
    {
        "id": name,
        "request": f"Create a function that doubles a number ({name})",
        "examples": [{"args": [2], "expected": 4}],
        "function": "double",
        "hidden": {"tests": [{"args": [3], "expected": right}, {"args": [0], "expected": 0}]},
    }
    for name, right in (("one", 6), ("trap", 7), ("three", 6))
]
TIMES = {"seconds", "run", "started"}
STAGE = {"provider": "model"}


class Elsewhere:
    """An engine that sends text to a thread. The first worker of each job is lost after it has told
    `lost_after` things; in the end all that is said of a job is said once more."""

    def __init__(self, lost_after: int = 0) -> None:
        self.far = FarEnd()
        self.lost_after = lost_after

    async def run(self, work, keys, concurrency):
        for key in keys:
            said = [each async for each in self.obeyed(await work.order(key), self.lost_after)]
            assert all(work.hear(each) is None for each in said)
            async with aclosing(self.obeyed(await work.order(key))) as stream:
                async for told in stream:
                    said.append(told)
                    result = work.hear(told)
                    if result is not None:
                        yield result
            assert all(work.hear(each) is None for each in said)

    async def obeyed(self, order, most=None):
        sent = Order.model_validate_json(order.model_dump_json())
        stream = self.far.obey(sent)
        try:
            while most is None or most > 0:
                told = await asyncio.to_thread(next, stream, None)
                if told is None:
                    return
                yield Told.model_validate_json(told.model_dump_json())
                most = None if most is None else most - 1
        finally:
            await asyncio.to_thread(stream.close)

    async def aclose(self):
        await asyncio.to_thread(self.far.close)


class Model:
    def __init__(self) -> None:
        self.asked = []

    def __call__(self, incoming) -> Answer:
        self.asked.append(json.dumps(incoming.document, sort_keys=True))
        specifies = SPECIFIES in self.asked[-1]
        return Answer(text=SPECIFICATION.model_dump_json() if specifies else RIGHT.source)


def manager(**options) -> PluginManager:
    engine = Component("elsewhere", lambda _, parts: Elsewhere(**options), "In a thread")
    return PluginManager(Catalogue.installed(), given={"engines": [engine]})


def write_tasks(home: Path) -> None:
    home.mkdir()
    (home / "tasks.jsonl").write_text("".join(json.dumps(each) + "\n" for each in TASKS))


async def solved(home: Path, engine: str = "local", manager=None, **settings):
    """A run's results, events and the requests that were made for it; and how to grade it."""
    write_tasks(home)
    given = PluginManager.installed()
    source = open_source("jsonl", {"path": str(home / "tasks.jsonl")}, given)
    tasks, model = source.tasks(), Model()
    digests = {task.id: task.digest for task in tasks}
    assignment = Assignment(
        suite=source.suite, use=source.use, options=source.options, tasks=digests
    )
    async with LoopbackServer(model) as server:
        price = {"input": 1, "output": 2}
        provider = {"use": "openai", "base_url": server.url, "model": "m", "price": price}
        config = {
            "version": 1,
            "providers": {"model": provider},
            "stages": {"specify": STAGE, "implement": STAGE},
            "cache": "off",
            "record": str(home / "store.db"),
            "engine": engine,
            **settings,
        }
        pipeline = Pipeline.load(config, plugins=manager or given)
        async with pipeline.open(assignment=assignment) as session:
            found = [result async for result in session.solve_all(tasks)]
    with Store.open(home / "store.db") as store:
        told = [*store.events(session.run)]
    return session.run, found, told, model.asked


def timeless(value):
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in TIMES}
    return [*map(timeless, value)] if isinstance(value, list) else value


def plain(results):
    return {each.task.id: timeless(each.to_json()) for each in results}


def calls(told):
    return Counter(each.event.call.id for each in told if isinstance(each.event, CallMade))


async def grades(home: Path, run: str, engine=None):
    sandbox = default_sandbox()
    try:
        grader = Grader(home / "store.db", sandbox, engine=engine or LocalEngine(), again=True)
        found = await evaluation(grader, run)
    finally:
        await sandbox.aclose()
        if engine is not None:
            await engine.aclose()
    return timeless(found.model_dump(mode="json"))


async def test_a_run_and_its_grades_are_the_same_wherever_they_are_made(tmp_path):
    run, here, told_here, asked_here = await solved(tmp_path / "here")
    _, there, told, asked = await solved(tmp_path / "there", "elsewhere", manager(lost_after=6))
    assert plain(there) == plain(here)
    assert {each.status for each in here} == {"pass"}
    assert calls(told) == calls(told_here)
    assert set(calls(told).values()) == {1}, "a call is counted twice"
    begun = [each.event for each in told if isinstance(each.event, TaskStarted)]
    assert [each.resumed for each in begun] == [False, True] * len(TASKS)
    assert RunRecord.of(told).spend.usd == RunRecord.of(told_here).spend.usd > 0
    again = Counter(asked) - Counter(asked_here)
    assert again.total() <= len(TASKS), "what was answered is asked for again"

    graded = await grades(tmp_path / "here", run)
    assert [row["right"] for row in graded["rows"]] == [True, False, True]
    assert await grades(tmp_path / "here", run, Elsewhere()) == graded


async def test_a_data_set_is_the_same_wherever_it_is_made(tmp_path):
    digests = []
    for engine in (None, Elsewhere()):
        sandbox = default_sandbox()
        folder = tmp_path / type(engine).__name__
        made = await build(folder, Plan(count=4), sandbox, engine=engine)
        await sandbox.aclose()
        if engine is not None:
            await engine.aclose()
        digests.append(made.digest)
    assert digests[0] == digests[1]


async def test_workers_never_overrun_the_budget_of_the_run(tmp_path):
    budgets = {"budget": {"calls": 2}, "run_budget": {"calls": 3}}
    _, found, told, asked = await solved(tmp_path / "a", "elsewhere", manager(), **budgets)
    assert len(calls(told)) == len(asked) == 3
    assert [each.status for each in found].count("pass") == 1
    with pytest.raises(InputError, match=r"cannot keep to `run_budget\.calls`"):
        await solved(tmp_path / "b", "elsewhere", manager(), run_budget={"calls": 3})


class Mute(Elsewhere):
    async def obeyed(self, order, most=None):
        async with aclosing(super().obeyed(order, most)) as stream:
            async for told in stream:
                if told.number != 1:
                    yield told


async def test_what_an_engine_swallows_is_not_taken_for_done(tmp_path):
    engine = Component("elsewhere", lambda _, parts: Mute(), "Loses a word")
    plugins = PluginManager(Catalogue.installed(), given={"engines": [engine]})
    with pytest.raises(EngineError, match="lost something of what one told"):
        await solved(tmp_path / "a", "elsewhere", plugins)
