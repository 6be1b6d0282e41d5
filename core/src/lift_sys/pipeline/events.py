"""Where events go: to the recorder first, then to whoever watches."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic_core import PydanticSerializationError

from ..errors import RecordError
from ..interfaces import Event, Noted, Observer, Recorder


class EventStream:
    """One run's events, in order. An observer that raises is told of once and left out."""

    def __init__(self, recorder: Recorder, observers: Sequence[tuple[str, Observer]] = ()) -> None:
        self._recorder = recorder
        self._observers = list(observers)

    def record_with(self, recorder: Recorder) -> None:
        """From here on; closed with this stream."""
        self._recorder = recorder

    def watch(self, name: str, observer: Observer) -> None:
        self._observers.append((name, observer))

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
            # The run is over, and nobody is left to be told.
            with suppress(Exception):
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

    def __init__(self, path: Path, redact: Callable[[Any], Any] = lambda data: data) -> None:
        """`redact` hides secrets, in a text and in plain data."""
        self.path = path
        self._redact = redact
        self._number = 0
        self._size = 0
        self._started = time.monotonic()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Unbuffered: what could not be written is not tried again when the file is closed.
            self._file = path.open("xb", buffering=0)
        except (OSError, ValueError) as error:
            raise RecordError(
                f"cannot write the record {path}: {getattr(error, 'strerror', None) or error}",
                remedy="set record.path to a folder you may write to, or `record: null`",
            ) from error

    def record(self, event: Event) -> None:
        at = round(time.monotonic() - self._started, 6)
        text = _json(event)
        if self._redact(text) != text:
            # A secret such as `8080` or `null` may be a part of the form, and is none there.
            text = _encodable(self._redact(event.model_dump(mode="json")))
        line = f'{{"seq": {self._number + 1}, "at": {at}, {text[1:]}\n'.encode()
        try:
            self._write(line)
        except OSError as error:
            raise RecordError(
                f"cannot go on writing the record {self.path}: {error.strerror}",
                remedy="make room, then run again: what was done so far is kept",
            ) from error
        self._number += 1
        self._size += len(line)

    def close(self) -> None:
        self._file.close()
        if not self._number:
            self.path.unlink(missing_ok=True)

    def _write(self, line: bytes) -> None:
        """The whole line or nothing of it."""
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            with suppress(OSError):
                self._file.truncate(self._size)
                self._file.seek(self._size)
            raise


def _json(event: Event) -> str:
    try:
        return event.model_dump_json()
    except PydanticSerializationError:
        return _encodable(event.model_dump(mode="json"))


def _encodable(data: Any) -> str:
    """As JSON, also where somebody's exception says half a character."""
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode()
