"""Processes that record until they are killed, and what is left of them.

Each child is forked, so that a kill costs a tenth of a second and not an interpreter's start.
"""

import itertools
import os
import random
import signal
import time
from pathlib import Path

from stored_events import of_a_task, started

from lift_sys.interfaces import Event
from lift_sys.store import Store
from lift_sys.store.writer import WINDOW_ROWS


def told(run: str):
    """Without an end."""
    yield started(run)
    for i in itertools.count():
        yield from of_a_task(f"t{i}")


def record_for_ever(place: str, run: str, tally: Path, pause: float) -> None:
    """After each event that `record` took, a byte goes to the file `tally`."""
    counted = os.open(tally, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    recorder = Store.open(place).recorder(run)
    for event in told(run):
        recorder.record(event)
        os.write(counted, b".")
        time.sleep(pause)


def fork(work, *arguments) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        work(*arguments)
    finally:
        os._exit(1)


def kill_once(place: str, folder: Path, name: str, dice: random.Random) -> int:
    """How many events the kill cost; what is left is a beginning of what was told."""
    tally = folder / f"{name}.tally"
    run = f"run-{name}"
    pid = fork(record_for_ever, place, run, tally, dice.choice((0, 0, 0.0005, 0.002)))
    while not tally.exists():
        time.sleep(0.001)
        assert os.waitpid(pid, os.WNOHANG) == (0, 0), "the recording process ended by itself"
    time.sleep(dice.uniform(0, 0.3))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    taken = tally.stat().st_size
    with Store.open(place) as store:
        check_whole(store)
        kept = check_beginning(store, run)
    # One more may have been taken whose byte was not written yet.
    assert kept <= taken + 1
    lost = max(0, taken - kept)
    assert lost <= WINDOW_ROWS, f"{lost} of {taken} events lost"
    return lost


def check_beginning(store: Store, run: str) -> int:
    """How many events are left of a run: the first ones, numbered without a gap, counted once."""
    if run not in {summary.id for summary in store.runs(limit=None)}:
        return 0
    recorded = list(store.events(run))
    assert [each.seq for each in recorded] == list(range(1, len(recorded) + 1))
    events: list[Event] = [each.event for each in recorded]
    assert events == list(itertools.islice(told(run), len(events)))
    summary = store.run(run)
    assert summary.events == len(events)
    assert summary.state == "broken off"
    calls = [event for event in events if event.kind == "call_made"]
    assert summary.spend.calls == len(calls)
    assert summary.candidates == sum(event.kind == "candidate_drawn" for event in events)
    assert sum(summary.statuses.values()) == sum(event.kind == "task_ended" for event in events)
    return len(events)


def check_whole(store: Store) -> None:
    with store._engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
            assert found == "ok", found
            return
        # The server may still be at work on what it was sent before the kill.
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        while connection.exec_driver_sql(others).scalar_one() > 1:
            connection.rollback()  # statistics are those of a transaction's beginning
            time.sleep(0.01)
