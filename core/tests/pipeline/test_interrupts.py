"""Ctrl-C at any moment: no traceback, exit status 130 or a finished result, nothing lost.

At more moments by the environment variable LIFT_INTERRUPTS, as `.ci/heavy store` does.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from lift_sys.interfaces import CallMade, CandidateDrawn, RunEnded
from lift_sys.store import Store

HARNESS = Path(__file__).with_name("interrupted_run.py")
PIPELINE = """
version: 1
providers: {model: {use: slow}}
stages:
  specify: {provider: model, strategy: several}
  implement: {provider: model}
router: again
tasks: some
"""
MOMENTS, SIDE_BY_SIDE = int(os.environ.get("LIFT_INTERRUPTS", "16")), 4
FINISHED = {0, 10, 11, 12}
INTERRUPTED = {130, -signal.SIGINT}
"""A shell says 130 of both: the second is that of an interpreter that was ending already."""


class Run(NamedTuple):
    folder: Path
    process: subprocess.Popen[bytes]


_started: list[Run] = []


def start(folder: Path, *arguments: str) -> Run:
    folder.mkdir()
    (folder / "pipeline.yaml").write_text(PIPELINE)
    command = [sys.executable, str(HARNESS), "drawn", "run", "pipeline.yaml", *arguments]
    process = subprocess.Popen(
        [*command, "--allow-unsandboxed"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    run = Run(folder, process)
    _started.append(run)
    assert process.stderr is not None
    assert process.stderr.readline() == b"begun\n"
    return run


@pytest.fixture(autouse=True)
def leave_none_behind():
    yield
    for run in _started:
        run.process.kill()
        run.process.communicate()
    _started.clear()


def interrupt(run: Run, times: int) -> None:
    """As a terminal does: everything that the run started gets it too."""
    for _ in range(times):
        try:
            os.killpg(run.process.pid, signal.SIGINT)
        except ProcessLookupError:
            return


def ended(run: Run) -> tuple[int, str]:
    out, err = run.process.communicate(timeout=60)
    _started.remove(run)
    return run.process.returncode, (out + err).decode()


def record_of(folder: Path) -> list:
    place = folder / ".lift" / "store.db"
    if not place.exists():
        return []
    with Store.open(place) as store:
        runs = store.runs()
        recorded = list(store.events(runs[0].id)) if runs else []
    assert len(runs) <= 1
    assert [each.seq for each in recorded] == list(range(1, len(recorded) + 1))
    return [each.event for each in recorded]


def check_kept(folder: Path) -> int:
    """How many draws the record holds: all that the model gave."""
    drawn = folder / "drawn"
    given = len(drawn.read_text().splitlines()) if drawn.exists() else 0
    events = record_of(folder)
    paid = [event for event in events if isinstance(event, CallMade) and event.error is None]
    assert len(paid) == given
    texts = {call for e in events if isinstance(e, CandidateDrawn) for call in e.calls}
    assert texts >= {event.call.id for event in paid}
    if events:
        assert isinstance(events[-1], RunEnded)
    return given


@pytest.fixture(scope="module")
def whole_seconds(tmp_path_factory) -> float:
    """How long a run takes that nobody interrupts."""
    run = start(tmp_path_factory.mktemp("whole") / "run")
    started = time.monotonic()
    code, said = ended(run)
    assert code in FINISHED, said
    assert check_kept(run.folder) > 30
    return time.monotonic() - started


@pytest.mark.parametrize("what", ["a request", "tasks"])
def test_ctrl_c_at_any_moment(tmp_path, whole_seconds, what):
    arguments = ("Create a function that doubles a number",) if what == "a request" else ()
    dice = random.Random(what)
    statuses: list[int] = []
    kept: list[int] = []
    for first in range(0, MOMENTS // 2, SIDE_BY_SIDE):
        runs = [start(tmp_path / f"{first + place}", *arguments) for place in range(SIDE_BY_SIDE)]
        begun = time.monotonic()
        moments = sorted(dice.uniform(0, whole_seconds) for _ in runs)
        for run, moment in zip(runs, moments, strict=True):
            time.sleep(max(0.0, begun + moment - time.monotonic()))
            interrupt(run, times=1)
        for run in runs:
            status, said = ended(run)
            assert "Traceback" not in said, said
            assert "never awaited" not in said, said
            assert status in FINISHED | INTERRUPTED, said
            statuses.append(status)
            kept.append(check_kept(run.folder))
    assert not INTERRUPTED.isdisjoint(statuses)
    assert any(kept), "some were interrupted after something was drawn"


def test_ctrl_c_again_and_again(tmp_path, whole_seconds):
    dice = random.Random("again")
    runs = [start(tmp_path / str(place)) for place in range(SIDE_BY_SIDE)]
    for run in runs:
        time.sleep(dice.uniform(0, whole_seconds / SIDE_BY_SIDE))
        interrupt(run, times=1)
        time.sleep(dice.uniform(0, 0.05))
        interrupt(run, times=2)
    for run in runs:
        status, said = ended(run)
        assert "Traceback" not in said, said
        assert status in FINISHED | INTERRUPTED, said
        check_kept(run.folder)
