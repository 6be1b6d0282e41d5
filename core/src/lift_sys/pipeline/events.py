"""Where events go: to the recorder first, then to whoever watches."""

from collections.abc import Sequence
from contextlib import suppress

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
