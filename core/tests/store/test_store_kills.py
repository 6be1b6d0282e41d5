"""A `kill -9` at any moment: it costs the window at most, damages nothing, counts nothing twice.

More of them by the environment variable LIFT_KILLS, as `.ci/heavy store` does.
"""

import os
import random

import pytest
from killed import kill_once
from stored_events import ended, of_a_task
from test_store_events import keep, kept

from lift_sys.interfaces import RunResumed
from lift_sys.store import Store

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
