"""Grades: written and read by who grades, out of reach of all that a run is made of."""

import gc
import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy.exc import DatabaseError
from stored_events import FAIL, PASS, whole_run
from test_store_events import keep

from lift_sys import Pipeline
from lift_sys.errors import InputError
from lift_sys.interfaces import Route
from lift_sys.pipeline.strategies import PlainDraws
from lift_sys.plugins import Component, PluginManager
from lift_sys.store import Grade, Grades, Store
from lift_sys.testing.samples import RIGHT_TEXT, TASK, scripted_model
from lift_sys.testing.sandboxes import TrustingSandbox


def test_grades_are_kept_apart_from_runs(place):
    one = Grade(task="t0", grader="g", verdict=PASS, passed=3, total=3)
    two = Grade(task="t0", grader="g", subject="t0/implement/2", verdict=FAIL, passed=1, total=3)
    with Store.open(place) as store:
        keep(store, "r", whole_run())
        keep(store, "s", whole_run("s"))
        with Grades.open(place) as grades:
            grades.put("r", [one, two])
            assert grades.of("r") == [two, one]
            assert grades.of("s") == []
            again = one.model_copy(update={"passed": 2, "verdict": FAIL})
            grades.put("r", [again])
            assert grades.of("r", subject="winner") == [again], "the later one counts"
            assert grades.of("r", grader="other") == []
            assert grades.of("r", task="t0", grader="g") == [two, again]
            with pytest.raises(InputError, match="no run 'none'"):
                grades.put("none", [one])
            store.prune(runs=["r"])
            with pytest.raises(InputError):
                grades.of("r")
            keep(store, "r", whole_run())
            assert grades.of("r") == []


def test_the_connections_of_a_store_may_not_read_grades(tmp_path):
    with Store.open(tmp_path / "s.db") as store:
        keep(store, "r", whole_run())
        with Grades.open(tmp_path / "s.db") as grades:
            grades.put("r", [Grade(task="t0", grader="g", verdict=PASS)])
        for statement in ("SELECT * FROM grades", "SELECT (SELECT max(status) FROM grades)"):
            with store._engine.connect() as connection, pytest.raises(DatabaseError):
                connection.exec_driver_sql(statement)


class Nosy:
    """In turn a strategy, a scorer and a router: looks through all it is given."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self.connections = 0

    def look(self, *given) -> None:
        seen: set[int] = set()
        waiting = list(given)
        while waiting:
            thing = waiting.pop()
            if id(thing) in seen or isinstance(thing, type(sys)):
                continue
            seen.add(id(thing))
            kind = type(thing)
            if kind.__module__.startswith("lift_sys.store"):
                self.found.add(kind.__name__)
            if isinstance(thing, sqlite3.Connection):
                self.connections += 1
                with pytest.raises(sqlite3.DatabaseError, match="prohibited"):
                    thing.execute("SELECT * FROM grades")
            # What belongs to a function's or a class's module is no object handed over.
            if not isinstance(thing, type):
                owned = gc.get_referents(thing)
                globals_of = getattr(thing, "__globals__", None)
                waiting += [each for each in owned if each is not globals_of]

    async def run(self, problem, ctx, want=1):
        self.look(problem, ctx)
        return await PlainDraws().run(problem, ctx, want)

    def next(self, task, history, left):
        self.look(task, history, left)
        return None if history else Route(name="default", reason="once")

    async def score(self, problem, candidates, ctx):
        self.look(problem, candidates, ctx)
        return []


def test_no_grade_can_be_reached_from_what_a_strategy_is_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    nosy = Nosy()
    plugins = PluginManager.of(
        providers=[Component("scripted", lambda *_: scripted_model(lambda i, _: RIGHT_TEXT), "s")],
        strategies=[Component("nosy", lambda *_: nosy, "looks")],
        routers=[Component("nosy", lambda *_: nosy, "looks")],
        sandboxes=[Component("trusting", lambda *_: TrustingSandbox(), "t")],
    )
    stage = {"provider": "model", "strategy": "nosy"}
    document = {
        "version": 1,
        "providers": {"model": "scripted"},
        "stages": {"specify": stage, "implement": stage},
        "router": "nosy",
        "sandbox": "trusting",
    }
    for _ in range(2):  # the second time there are grades
        assert Pipeline.load(document, plugins=plugins).run(TASK).status == "pass"
        with Store.open(".lift/store.db") as store, Grades.open(".lift/store.db") as grades:
            grades.put(store.runs()[0].id, [Grade(task=TASK.id, grader="g", verdict=PASS)])
    assert "StoreRecorder" in nosy.found, "the search goes deep enough"
    assert nosy.connections, "it even meets the connection"
    assert "Grades" not in nosy.found


def test_a_run_does_not_even_import_what_reads_grades():
    code = """
import sys
import lift_sys.pipeline.pipeline, lift_sys.testing.runs
from lift_sys.store import Store, StoreRecorder, Samples
Store
assert "lift_sys.store.store" in sys.modules
assert "lift_sys.store.grades" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
