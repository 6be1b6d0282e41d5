"""Events: recorded whole and in order, secrets out of them; observers that break are left out."""

import json
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from lift_sys.errors import RecordError
from lift_sys.interfaces import EVENT, CandidateDrawn, Noted, RunEnded, Spend
from lift_sys.pipeline.environment import Secrets
from lift_sys.pipeline.events import EventStream, JsonlRecorder, NoRecord


def note(text: str) -> Noted:
    return Noted(task="t", message=text)


def lines(path: Path) -> list[dict]:
    raw = path.read_bytes()
    assert raw.endswith(b"\n")
    return [json.loads(line) for line in raw.splitlines()]


def recorded(path: Path, *events) -> list[dict]:
    recorder = JsonlRecorder(path)
    for event in events:
        recorder.record(event)
    recorder.close()
    return lines(path)


def test_each_line_is_an_event_in_order(tmp_path):
    events = [note("one\ntwo\u2028three"), RunEnded(why="done", spend=Spend(usd=0.5), seconds=1.5)]
    found = recorded(tmp_path / "new" / "folder" / "run.jsonl", *events)
    assert [line["seq"] for line in found] == [1, 2]
    assert 0 <= found[0]["at"] <= found[1]["at"]
    for line, event in zip(found, events, strict=True):
        rest = {key: value for key, value in line.items() if key not in ("seq", "at")}
        assert EVENT.validate_python(rest) == event


def test_half_a_character_is_replaced_and_the_rest_kept(tmp_path):
    (line,) = recorded(tmp_path / "r.jsonl", note("bad \ud800 byte, good é"))
    assert line["message"] == "bad ? byte, good é"


def test_what_no_json_has_does_not_break_the_line(tmp_path):
    event = CandidateDrawn(stage="s", candidate="c", text="", value={"x": float("nan")})
    (line,) = recorded(tmp_path / "r.jsonl", event)
    assert line["candidate"] == "c"


def test_secrets_are_redacted_however_they_are_spelt(tmp_path):
    secrets = Secrets()
    secrets.add('hush-"quoted"-\n-secret', "${KEY}")
    recorder = JsonlRecorder(tmp_path / "r.jsonl", secrets.redact_data)
    recorder.record(note('the key is hush-"quoted"-\n-secret, do not tell'))
    recorder.close()
    (line,) = lines(tmp_path / "r.jsonl")
    assert line["message"] == "the key is ${KEY}, do not tell"


def test_a_record_is_never_overwritten(tmp_path):
    path = tmp_path / "r.jsonl"
    recorded(path, note("kept"))
    with pytest.raises(RecordError, match="cannot write the record"):
        JsonlRecorder(path)
    assert lines(path)[0]["message"] == "kept"


def test_a_folder_that_is_none_is_told_with_the_remedy(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError, match="record: null"):
        JsonlRecorder(tmp_path / "file" / "r.jsonl")


def test_a_record_of_nothing_leaves_no_file(tmp_path):
    JsonlRecorder(tmp_path / "r.jsonl").close()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_process_loses_no_line(tmp_path):
    code = f"""
import os
from pathlib import Path
from lift_sys.interfaces import Noted
from lift_sys.pipeline.events import JsonlRecorder
recorder = JsonlRecorder(Path({str(tmp_path / "r.jsonl")!r}))
for i in range(500):
    recorder.record(Noted(message=str(i)))
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    assert [line["message"] for line in lines(tmp_path / "r.jsonl")] == [str(i) for i in range(500)]


@contextmanager
def full_disk():
    """No file of this process may grow beyond 2,000 bytes: what a full disk looks like.

    The test's own output is such a file too, so nothing is reported in here.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_is_told_and_what_was_kept_stays_whole(tmp_path):
    recorder = JsonlRecorder(tmp_path / "r.jsonl")
    kept = 5
    with full_disk():
        for _ in range(kept):
            recorder.record(note("x" * 300))
        with pytest.raises(RecordError, match=r"cannot go on writing .*: make room"):
            recorder.record(note("x" * 300))
        with pytest.raises(RecordError):
            recorder.record(note("y" * 500))
        recorder.record(note("short"))  # room for this one
    recorder.close()
    found = lines(tmp_path / "r.jsonl")
    assert len(found) == kept + 1
    assert [line["seq"] for line in found] == list(range(1, kept + 2))
    assert found[-1]["message"] == "short"


def test_a_write_that_takes_only_a_part_is_gone_on_with(tmp_path, monkeypatch):
    recorder = JsonlRecorder(tmp_path / "r.jsonl")
    real = recorder._file

    class Sips:
        def write(self, data):
            return real.write(data[:7])

        def close(self):
            real.close()

    recorder._file = Sips()
    recorder.record(note("a long one"))
    recorder.record(note("another"))
    recorder.close()
    assert [line["message"] for line in lines(tmp_path / "r.jsonl")] == ["a long one", "another"]


class Watcher:
    def __init__(self, breaks_at: int | None = None) -> None:
        self.seen: list[str] = []
        self.breaks_at = breaks_at
        self.closed = False

    def on_event(self, event) -> None:
        if len(self.seen) == self.breaks_at:
            raise ValueError("no more")
        self.seen.append(event.message)

    def close(self) -> None:
        self.closed = True
        if self.breaks_at is not None:
            raise ValueError("not even this")


def test_an_observer_that_raises_is_told_of_once_and_left_out(tmp_path):
    good, bad, late = Watcher(), Watcher(breaks_at=1), Watcher()
    recorder = JsonlRecorder(tmp_path / "r.jsonl")
    stream = EventStream(recorder, [("bad", bad), ("good", good)])
    stream.watch("late", late)
    for text in "abc":
        stream.emit(note(text))
    stream.close()
    told = "observer bad broke and is left out: ValueError: no more"
    assert bad.seen == ["a"]
    assert sorted(good.seen) == sorted(late.seen) == sorted(["a", "b", told, "c"])
    assert [line["message"] for line in lines(tmp_path / "r.jsonl")] == ["a", "b", told, "c"]
    assert good.closed
    assert late.closed


def test_an_observer_that_raises_when_closed_keeps_nobody_from_being_closed(tmp_path):
    bad, good = Watcher(breaks_at=99), Watcher()
    stream = EventStream(NoRecord(), [("bad", bad), ("good", good)])
    stream.record_with(JsonlRecorder(tmp_path / "r.jsonl"))
    stream.emit(note("a"))
    stream.close()
    assert bad.closed
    assert good.closed
    assert len(lines(tmp_path / "r.jsonl")) == 1


def test_what_the_recorder_raises_reaches_whoever_emits():
    class Full:
        def record(self, event):
            raise RecordError("full")

        def close(self):
            pass

    watcher = Watcher()
    with pytest.raises(RecordError):
        EventStream(Full(), [("w", watcher)]).emit(note("a"))
    assert watcher.seen == [], "what is not kept did not happen"


def test_many_processes_may_record_in_one_folder(tmp_path):
    code = f"""
from pathlib import Path
from lift_sys.interfaces import Noted
from lift_sys.pipeline.events import JsonlRecorder
from lift_sys.pipeline.pipeline import new_run_id
recorder = JsonlRecorder(Path({str(tmp_path)!r}, new_run_id() + ".jsonl"))
recorder.record(Noted(message="mine"))
recorder.close()
"""
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    assert len(list(tmp_path.iterdir())) == 4
