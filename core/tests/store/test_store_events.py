"""What comes out of a store equals what went in, from SQLite and from PostgreSQL."""

import subprocess
import sys
import typing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as sqlalchemy_event
from stored_events import EVERY_KIND, ODD, call_made, drawn, of_a_task, started, whole_run

from lift_sys.errors import InputError, RecordError
from lift_sys.interfaces import Completion, Delivered, Event, Noted, TaskStarted
from lift_sys.pipeline.environment import Secrets
from lift_sys.store import Store
from lift_sys.store.blobs import packed, unpacked


def keep(store: Store, run: str, events: list[Event], *redact) -> None:
    recorder = store.recorder(run, *redact)
    for event in events:
        recorder.record(event)
    recorder.close()


def kept(store: Store, run: str, **which) -> list[Event]:
    return [recorded.event for recorded in store.events(run, **which)]


def test_every_kind_comes_back_equal_and_in_order(place):
    told = {type(event) for event in EVERY_KIND}
    assert told == set(typing.get_args(typing.get_args(Event)[0])), "a kind is missing here"
    with Store.open(place) as store:
        keep(store, "r", EVERY_KIND + ODD)
        found = list(store.events("r"))
    assert [recorded.event for recorded in found] == EVERY_KIND + ODD
    assert [recorded.seq for recorded in found] == list(range(1, len(found) + 1))
    assert [recorded.at for recorded in found] == sorted(recorded.at for recorded in found)
    with Store.open(place) as again:
        assert kept(again, "r") == EVERY_KIND + ODD


_TEXTS = st.text(max_size=600)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def one_store(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("one") / "store.db") as store:
        yield store


_runs = iter(range(1_000_000))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(_TEXTS, min_size=1, max_size=4), value=_JSON, task=_TEXTS)
def test_any_text_and_any_value_come_back_equal(one_store, texts, value, task):
    task = task.replace("\0", "")
    events = [
        drawn("c", texts[0], task, value=value, notes={"a": texts[-1]}),
        call_made("c", *texts, task=task),
        Noted(task=task, message=texts[0]),
    ]
    run = f"r{next(_runs)}-"
    keep(one_store, run, events)
    assert kept(one_store, run) == events


def test_half_a_character_costs_itself_alone(place):
    with Store.open(place) as store:
        half = drawn("c", "a \ud800", notes={"n": "\udfff"})
        keep(store, "r", [Noted(message="bad \ud800 byte"), half])
        noted, candidate = kept(store, "r")
    assert noted.message == "bad ? byte"
    assert candidate.text == "a ?"
    assert candidate.notes == {"n": "?"}


def test_a_part_of_the_events(place):
    events = [started(), *of_a_task("a"), *of_a_task("b"), *of_a_task("a", "fail")]
    with Store.open(place) as store:
        keep(store, "r", events)
        assert kept(store, "r", task="a") == [event for event in events if event.task == "a"]
        assert kept(store, "r", task="c") == []
        assert kept(store, "r", after=5) == events[5:]
        assert kept(store, "r", task="b", after=13) == [e for e in events[13:] if e.task == "b"]
        kinds = ["candidate_drawn", "task_ended"]
        assert kept(store, "r", kinds=kinds) == [event for event in events if event.kind in kinds]


def test_a_long_run_is_read_in_parts(tmp_path):
    events = [Noted(task=f"t{i % 7}", message=str(i)) for i in range(4321)]
    with Store.open(tmp_path / "s.db") as store:
        keep(store, "r", events)
        assert kept(store, "r") == events


def test_secrets_are_masked_wherever_they_stand(place):
    secrets = Secrets()
    secrets.add('hush-"quoted"-\n-secret', "${KEY}")
    secrets.add("call_made", "${ODD}")
    secret = 'the hush-"quoted"-\n-secret is'
    sample = Delivered(index=0, key="k", completion=Completion(text="ok", reasoning=secret))
    events = [
        started(config={"a": secret}, pipeline=secret, label=secret),
        TaskStarted(task=secret, request=secret, document={"request": secret}),
        drawn("c", secret, secret, value={"v": secret}, notes={"n": secret}),
        call_made("x", secret, task=secret),
        call_made("y").model_copy(update={"samples": (sample,)}),
        Noted(message=secret),
    ]
    with Store.open(place) as store:
        keep(store, "r", events, secrets.redact_data)
        found = kept(store, "r")
        assert [event.kind for event in found] == [event.kind for event in events]
        shown = repr(found) + repr(store.runs()) + repr(store.tasks("r"))
        assert store.samples.get(["x-0", "k"]) == {}, "what was masked is no completion"
    assert "hush" not in shown
    assert found[2].value == {"v": "the ${KEY} is"}
    assert found[1].task == "the ${KEY} is"
    if not place.startswith("postgresql"):
        assert b"hush" not in Path(place).read_bytes()


def test_equal_texts_are_kept_once_and_long_ones_smaller(tmp_path):
    text = "def f():\n    return 'a long line of code'\n" * 100

    def size(count: int, *, differ: bool) -> int:
        path = tmp_path / f"{count}{differ}.db"
        with Store.open(path) as store:
            texts = (text + str(i) * differ for i in range(count))
            keep(store, "r", [drawn(f"c{i}", each) for i, each in enumerate(texts)])
        return path.stat().st_size

    assert size(200, differ=False) - size(1, differ=False) < 200 * 500
    assert size(200, differ=True) < 200 * len(text) / 2
    form, data = packed(text)[1:]
    assert len(data) < len(text) / 5
    assert unpacked(form, data) == text


def test_a_run_is_recorded_once(place):
    with Store.open(place) as store:
        keep(store, "r", whole_run())
        with pytest.raises(RecordError, match="there is a run 'r' already"):
            store.recorder("r")
        assert kept(store, "r") == whole_run()


def test_a_record_of_nothing_is_no_run(place):
    with Store.open(place) as store:
        store.recorder("r").close()
        assert store.runs() == []
        with pytest.raises(InputError, match="no run 'r'"):
            store.run("r")
        keep(store, "r", whole_run())
        assert store.run("r").events == len(whole_run())


def test_many_processes_on_one_new_store(tmp_path):
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from stored_events import whole_run
from lift_sys.store import Store
with Store.open({str(tmp_path / "s.db")!r}) as store:
    recorder = store.recorder(sys.argv[1])
    for event in whole_run(sys.argv[1], 30):
        recorder.record(event)
    recorder.close()
"""
    running = [subprocess.Popen([sys.executable, "-c", code, f"run{i}"]) for i in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    with Store.open(tmp_path / "s.db") as store:
        for i in range(4):
            assert kept(store, f"run{i}") == whole_run(f"run{i}", 30)


@pytest.mark.parametrize(
    ("which", "by"),
    [({"task": "t"}, "(run=? AND task=? AND seq>?)"), ({}, "(run=? AND seq>? AND seq<?)")],
)
def test_a_part_of_a_run_is_found_without_going_through_all_of_it(tmp_path, which, by):
    asked = []
    with Store.open(tmp_path / "s.db") as store:
        keep(store, "r", [started(), *of_a_task("t")])
        sqlalchemy_event.listen(
            store._engine, "before_cursor_execute", lambda c, cursor, *said: asked.append(said[:2])
        )
        kept(store, "r", **which)
        with store._engine.connect() as connection:
            selects = [said for said in asked if said[0].startswith("SELECT")]
            plans = [
                [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
                for sql, values in selects
            ]
    steps = [step for plan in plans for step in plan]
    assert sum(by in step for step in steps) == 5, steps
    assert not any("SCAN" in step for step in steps), steps
