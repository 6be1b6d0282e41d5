"""Events: what is kept comes before who watches, and observers that break are left out."""

import pytest

from lift_sys.errors import RecordError
from lift_sys.interfaces import Noted
from lift_sys.pipeline.events import EventStream, NoRecord


def note(text: str) -> Noted:
    return Noted(message=text)


class Kept:
    def __init__(self) -> None:
        self.events: list[Noted] = []
        self.closed = False

    def record(self, event) -> None:
        self.events.append(event)

    def close(self) -> None:
        self.closed = True


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


def test_an_observer_that_raises_is_told_of_once_and_left_out():
    good, bad, late = Watcher(), Watcher(breaks_at=1), Watcher()
    recorder = Kept()
    stream = EventStream(recorder, [("bad", bad), ("good", good)])
    stream.watch("late", late)
    for text in "abc":
        stream.emit(note(text))
    stream.close()
    told = "observer bad broke and is left out: ValueError: no more"
    assert bad.seen == ["a"]
    assert sorted(good.seen) == sorted(late.seen) == sorted(["a", "b", told, "c"])
    assert [event.message for event in recorder.events] == ["a", "b", told, "c"]
    assert good.closed
    assert late.closed


def test_an_observer_that_raises_when_closed_keeps_nobody_from_being_closed():
    bad, good = Watcher(breaks_at=99), Watcher()
    stream = EventStream(NoRecord(), [("bad", bad), ("good", good)])
    recorder = Kept()
    stream.record_with(recorder)
    stream.emit(note("a"))
    stream.close()
    assert bad.closed
    assert good.closed
    assert len(recorder.events) == 1
    assert recorder.closed


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
