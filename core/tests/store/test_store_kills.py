"""A `kill -9` at any moment: it costs the window at most, damages nothing, counts nothing twice.

More of them by the environment variable LIFT_KILLS, as `.ci/heavy store` does.
"""

import itertools
import os
import random
import signal
import time
from pathlib import Path

import pytest
from killed import check_whole, kill_once
from killed_run import bill, results, start
from stored_events import ended, of_a_task
from test_store_events import keep, kept

from lift_sys.interfaces import RunResumed
from lift_sys.store import Store
from lift_sys.store.writer import WINDOW_ROWS

KILLS = int(os.environ.get("LIFT_KILLS", "8"))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_kill_costs_the_window_at_most(database, tmp_path, request):
    place, kills = str(tmp_path / "store.db"), KILLS
    if database == "postgresql":
        place, kills = request.getfixturevalue("postgres").new_database(), max(4, KILLS // 4)
    Store.open(place).close()
    dice = random.Random(database)
    lost = [kill_once(place, tmp_path, str(i), dice) for i in range(kills)]
    assert any(lost) or kills < 20, "no kill came in the middle of anything"
    with Store.open(place) as store:
        keep(store, "after", [*of_a_task("t"), ended()])
        run = next(summary for summary in store.runs(limit=None) if summary.state == "broken off")
        before = kept(store, run.id)
        recorder = store.recorder(run.id, resume=True)
        more = [RunResumed(started="2026-11-22T00:00:00+00:00", distributions={}), ended()]
        for event in more:
            recorder.record(event)
        recorder.close()
        assert kept(store, run.id) == before + more


def given_lines(path: Path) -> int:
    return len(path.read_text().splitlines())


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_killed_run_goes_on_to_the_end_it_would_have_come_to(database, tmp_path, request):
    place, kills = str(tmp_path / "store.db"), KILLS
    if database == "postgresql":
        place, kills = request.getfixturevalue("postgres").new_database(), max(4, KILLS // 4)
    begun = time.monotonic()
    assert os.waitpid(start(place, "whole", tmp_path / "whole", None), 0)[1] == 0
    seconds = time.monotonic() - begun
    with Store.open(place) as store:
        (whole,) = store.runs()
        expected, whole_bill = results(store, whole.id), sorted(bill(store, whole.id))
    calls = given_lines(tmp_path / "whole")
    assert len(whole_bill) == calls > 30
    dice, killed, paid_again = random.Random(database), 0, 0
    # Runs are not numbered by their kills: one that ends before its kill would share a name.
    numbers = itertools.count()
    while killed < kills:
        label, run = f"run {next(numbers)}", None
        given = tmp_path / label
        while True:
            pid = start(place, label, given, run)
            time.sleep(dice.uniform(0, seconds))
            os.kill(pid, signal.SIGKILL)
            ended = os.waitpid(pid, 0)[1] == 0
            killed += not ended
            with Store.open(place) as store:
                check_whole(store)
                found = store.runs(label=label)
                if ended or (found and found[0].state == "ended"):
                    break
                run = found[0].id if found else None
                assert run is None or store.run(run).state == "broken off"
        with Store.open(place) as store:
            assert results(store, found[0].id) == expected
            assert sorted(bill(store, found[0].id)) == whole_bill, "each call is told once"
        paid_again += given_lines(given) - calls
    # Of each kill at most what was under way and what was not committed.
    assert paid_again <= killed * WINDOW_ROWS
