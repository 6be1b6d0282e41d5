"""Runs and tasks as their own rows tell them; resuming, pruning, the cache."""

import os

import pytest
from stored_events import call_made, drawn, ended, of_a_task, started, whole_run
from test_store_events import keep, kept

from lift_sys.errors import InputError, RecordError
from lift_sys.interfaces import (
    Completion,
    Delivered,
    Noted,
    RunResumed,
    TaskEnded,
    spend_of_calls,
)
from lift_sys.store import Store, owners

RESUMED = RunResumed(started="2026-11-22T00:00:00+00:00", distributions={})


@pytest.fixture
def store(place):
    with Store.open(place) as store:
        yield store


def test_what_a_run_adds_up_to(store):
    events = [started(), *of_a_task("a"), *of_a_task("b", "fail"), call_made("c", cached=True)]
    keep(store, "r", [*events, ended("because")])
    run = store.run("r")
    assert (run.state, run.why, run.seed) == ("ended", "because", 7)
    assert (run.started, run.events) == (started().started, len(events) + 1)
    assert (run.tasks, run.statuses, run.candidates) == (3, {"pass": 1, "fail": 1}, 4)
    spend = spend_of_calls(event.call for event in events if event.kind == "call_made")
    assert run.spend.model_dump() == pytest.approx(spend.model_dump())
    assert run.spend.cached_calls == 1


def test_tasks_as_they_stand(store):
    keep(
        store, "r", [started(), *of_a_task("a"), *of_a_task("b", "fail"), *list(of_a_task("c"))[:3]]
    )
    a, b, c = store.tasks("r")
    assert [task.number for task in (a, b, c)] == [1, 2, 3]
    assert (a.status, a.failure, a.request) == (
        "pass",
        None,
        "Create a function that doubles a number",
    )
    assert (b.status, b.failure, b.seconds) == ("fail", "wrong_output", 1.5)
    assert b.spend == next(e.spend for e in of_a_task("b") if isinstance(e, TaskEnded))
    assert (c.status, c.why) == (None, "")
    assert store.tasks("r", status="fail") == [b]
    assert store.tasks("r", limit=1, offset=1) == [b]


def test_filters(store):
    for day, (label, status) in enumerate([("x", "pass"), ("y", "fail"), ("x", "fail")], start=1):
        begun = started(
            started=f"2026-11-0{day}T00:00:00+00:00", label=label, pipeline=f"p{day}.yaml"
        )
        keep(store, f"run-{day}", [begun, *of_a_task("t", status), ended()])

    def named(**which):
        return [run.id for run in store.runs(**which)]

    assert named() == ["run-3", "run-2", "run-1"]
    assert named(limit=1, offset=1) == ["run-2"]
    assert named(limit=None, offset=1) == ["run-2", "run-1"]
    assert named(status="pass") == ["run-1"]
    assert named(label="x") == ["run-3", "run-1"]
    assert named(pipeline="2.y") == ["run-2"]
    assert named(pipeline="p_.yaml") == []
    assert named(since="2026-11-02") == ["run-3", "run-2"]
    assert named(until="2026-11-02") == ["run-1"]
    assert named(state="ended", limit=2) == ["run-3", "run-2"]
    assert named(state="running") == []


def test_a_run_by_the_beginning_of_its_id(store):
    keep(store, "20261101-a", whole_run())
    with pytest.raises(InputError):
        store.run("")  # an empty variable of a shell names no run, not even the only one
    keep(store, "20261102-b", whole_run())
    keep(store, "20261102-b-c", whole_run())
    assert store.run("20261101").id == "20261101-a"
    assert store.run("20261102-b").id == "20261102-b", "a whole id is that run"
    with pytest.raises(InputError, match="several runs begin with '2026110'"):
        store.run("2026110")
    for none in ("x", "", "%"):
        with pytest.raises(InputError):
            store.run(none)


def test_a_run_goes_on_where_its_record_ends(store):
    first = [started(), *of_a_task("a"), *list(of_a_task("b"))[:5]]
    second = [RESUMED, *of_a_task("b"), *of_a_task("c"), ended()]
    keep(store, "r", first)
    before = list(store.events("r"))
    recorder = store.recorder("r", resume=True)
    for event in second:
        recorder.record(event)
    recorder.close()
    recorded = list(store.events("r"))
    assert [each.event for each in recorded] == first + second
    assert [each.seq for each in recorded] == list(range(1, len(recorded) + 1))
    assert recorded[len(first)].at >= before[-1].at
    run = store.run("r")
    assert (run.tasks, run.statuses, run.state) == (3, {"pass": 3}, "ended")
    spent = [event.call for event in first + second if event.kind == "call_made"]
    assert run.spend.calls == len(spent)
    assert [task.status for task in store.tasks("r")] == ["pass"] * 3


def test_a_task_that_is_done_again_counts_as_what_it_became_last(store):
    keep(store, "r", [started(), *of_a_task("a", "cancelled"), *of_a_task("a")])
    assert store.run("r").statuses == {"pass": 1}
    assert store.run("r").tasks == 1


def test_what_is_under_way_is_told_from_what_is_broken_off(store, monkeypatch):
    recorder = store.recorder("r")
    recorder.record(started())
    recorder.flush()
    assert store.run("r").state == "running"
    assert [run.id for run in store.runs(state="running")] == ["r"]
    with pytest.raises(InputError, match="run r is under way"):
        store.recorder("r", resume=True)
    assert store.prune(keep=0).runs == (), "what is under way stays"
    recorder.close()
    assert store.run("r").state == "broken off", "its recorder is closed, and no end was told"
    store.recorder("r", resume=True)
    assert store.run("r").state == "running"
    with pytest.raises(InputError, match="no run 'never'"):
        store.recorder("never", resume=True)


def test_whose_process_is_gone(store, monkeypatch):
    dead = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(dead, 0)
    host, pid, began, _ = owners.claim().split("/")
    mine = owners.claim()
    states = {
        mine: "running",
        f"{host}/{dead}/1/1": "broken off",
        f"{host}/{pid}/1/1": "broken off",
        f"{host}/{pid}/{began}/none": "broken off",
        f"{host}/{os.getppid()}/{owners._began(os.getppid())}/1": "running",
        "elsewhere/1/1/1": "running",
    }
    for owner in states:
        monkeypatch.setattr("lift_sys.store.starting.claim", lambda owner=owner: owner)
        recorder = store.recorder(owner)
        recorder.record(started())
        recorder.flush()
    assert {run.id: run.state for run in store.runs()} == states
    for state in ("running", "broken off"):
        found = {run.id for run in store.runs(state=state)}
        assert found == {owner for owner in states if states[owner] == state}
    assert owners.is_gone("elsewhere/1/1/1", "2026-01-01T00:00:00+00:00"), "silent for long"
    owners.release(mine)
    assert store.run(mine).state == "broken off"


def blobs_of(store) -> int:
    with store._engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM blobs").scalar_one()


def test_pruning_takes_out_runs_and_what_only_they_held(store):
    for day in (1, 2, 3):
        begun = started(started=f"2026-11-0{day}T00:00:00+00:00")
        own = drawn(f"own-{day}", f"only of day {day} " * 100)
        events = [begun, own, *of_a_task("t"), call_made(f"k{day}", "x" * 600), ended()]
        keep(store, f"r{day}", events)

    def named():
        return [run.id for run in store.runs()]

    assert store.prune(keep=1, dry_run=True).runs == ("r2", "r1")
    assert named() == ["r3", "r2", "r1"]
    before = blobs_of(store)
    pruned = store.prune(before="2026-11-02")
    assert pruned.runs == ("r1",)
    assert pruned.bytes > 0
    assert named() == ["r3", "r2"]
    assert blobs_of(store) == before - 1, "of what they share nothing goes"
    assert store.samples.get(["k1-0"]) == {}
    assert store.samples.get(["k2-0"])["k2-0"].completion.text == "x" * 600
    assert kept(store, "r2")[2:4] == list(of_a_task("t"))[:2]
    assert store.prune(runs=["r2"]).runs == ("r2",)
    assert store.prune(keep=0).runs == ("r3",)
    assert blobs_of(store) == 0
    with pytest.raises(InputError):
        store.prune(runs=["r2"])


def test_pruning_and_recording_side_by_side_lose_no_text(store):
    shared = of_a_task("t")
    keep(store, "old", [started(), *shared, ended()])
    recorder = store.recorder("new")
    for round in range(40):
        for event in of_a_task(f"t{round}"):
            recorder.record(event)
        if round % 10 == 5:
            store.prune(runs=[run.id for run in store.runs() if run.id != "new"])
    recorder.close()
    assert kept(store, "new") == [event for i in range(40) for event in of_a_task(f"t{i}")]


def test_samples_come_from_any_run_with_their_share_of_the_call(store):
    two = call_made("a", "first", "second")
    cut = Delivered(index=0, key="cut", completion=Completion(text="fir", finish="cut"))
    lost = Delivered(index=1, key="lost", error="no reply")
    failed = call_made("f").model_copy(update={"samples": (cut, lost)})
    keep(store, "r", [two, failed])
    keep(store, "s", [call_made("a", "told again", cached=True)])
    found = store.samples.get(["a-0", "a-1", "cut", "lost", "none"])
    assert {key: sample.completion.text for key, sample in found.items()} == {
        "a-0": "first",
        "a-1": "second",
    }
    assert len(store.samples._rows(["a-0"])) == 1, "not one for each run that used it again"
    share = found["a-1"].call
    assert (share.id, share.cost, share.usage.output_tokens) == ("a", 0.05, 15)
    many = [f"k-{i}" for i in range(1200)]
    keep(store, "t", [call_made("k", *many)])
    found = store.samples.get([f"k-{i}" for i in range(1200)])
    assert {key: sample.completion.text for key, sample in found.items()} == {k: k for k in many}
    assert store.samples.get([]) == {}


def test_a_closed_store_says_so(store):
    recorder = store.recorder("r")
    recorder.record(Noted(message="a"))
    store.close()
    with pytest.raises(RecordError, match="is closed"):
        recorder.record(Noted(message="b"))
    assert kept(store, "r") == [Noted(message="a")], "closing commits"
