"""Where events go: to the recorder first, then to whoever watches."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import RecordError
from ..interfaces import Event, Noted, Observer, Recorder


class EventStream:
    """One run's events, in order. An observer that raises is told of once and left out."""

    def __init__(self, recorder: Recorder, observers: Sequence[tuple[str, Observer]] = ()) -> None:
        self._recorder = recorder
        self._observers = list(observers)

    def emit(self, event: Event) -> None:
        self._recorder.record(event)
        for name, observer in tuple(self._observers):
            try:
                observer.on_event(event)
            except Exception as error:  # noqa: BLE001 - watching must not disturb the run
                self._observers.remove((name, observer))
                told = f"observer {name} broke and is left out: {type(error).__name__}: {error}"
                self.emit(Noted(level="warning", message=told))

    def close(self) -> None:
        for _, observer in self._observers:
            observer.close()
        self._recorder.close()


class NoRecord:
    """For runs that nobody will want to see again."""

    def record(self, event: Event) -> None:
        pass

    def close(self) -> None:
        pass


class JsonlRecorder:
    """One JSON object a line, written through as it happens: a killed process loses no line."""

    def __init__(self, path: Path, redact: Callable[[str], str] = lambda text: text) -> None:
        self.path = path
        self._redact = redact
        self._number = 0
        self._started = time.monotonic()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("x", encoding="utf-8", buffering=1)
        except OSError as error:
            raise RecordError(
                f"cannot write the record {path}: {error.strerror}",
                remedy="set record.path to a folder you may write to, or `record: null`",
            ) from error

    def record(self, event: Event) -> None:
        self._number += 1
        head = json.dumps({"seq": self._number, "at": round(time.monotonic() - self._started, 6)})
        body = event.model_dump_json()
        try:
            self._file.write(self._redact(f"{head[:-1]}, {body[1:]}") + "\n")
        except OSError as error:
            raise RecordError(
                f"cannot go on writing the record {self.path}: {error.strerror}",
                remedy="make room, then run again: what was done so far is kept",
            ) from error

    def close(self) -> None:
        self._file.close()
