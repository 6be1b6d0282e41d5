"""What a person sees of a run as it goes on: a live line on a terminal, else plain lines."""

import sys
from typing import TextIO

from rich.console import Console
from rich.status import Status

from ..interfaces import (
    AttemptEnded,
    CallMade,
    CandidateDrawn,
    Event,
    Noted,
    RouteTaken,
    Spend,
    StrategyStopped,
    TaskEnded,
    TaskStarted,
)
from ._terminal import plain


class Progress:
    """An observer that tells on standard error how far the run is."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._status: Status | None = None
        self._calls = 0
        self._told: set[str] = set()
        if self._stream.isatty():
            self._status = Console(file=self._stream).status("starting")
            self._status.start()

    def on_event(self, event: Event) -> None:
        if isinstance(event, CallMade):
            self._calls += 1
            for setting in sorted(set(event.ignored) - self._told):
                self._told.add(setting)
                self._say(f"note: {event.call.provider} ignores {setting}")
        line = describe(event)
        if line is None:
            return
        if self._status is not None and not isinstance(event, Noted):
            self._status.update(f"{plain(line)}  ({self._calls} calls)")
        else:
            self._say(line)

    def close(self) -> None:
        if self._status is not None:
            self._status.stop()

    def _say(self, line: str) -> None:
        self._stream.write(plain(line) + "\n")
        self._stream.flush()


def describe(event: Event) -> str | None:
    """One line for what a person wants to know, None for the rest."""
    match event:
        case TaskStarted():
            return f"{event.task}: {event.request.strip().splitlines()[0][:80]}"
        case RouteTaken():
            return f"{event.task}: attempt {event.attempt} by {event.route} from {event.start}"
        case CandidateDrawn(failure=failure) if failure is not None:
            return f"{event.task}: {event.stage} drew nothing usable: {failure['message']}"
        case CandidateDrawn():
            return f"{event.task}: {event.stage} drew {event.candidate}"
        case CallMade(error=error) if error is not None:
            return f"{event.task}: a call failed: {error}"
        case StrategyStopped():
            return f"{event.task}: {event.stage} stopped: {event.why}"
        case AttemptEnded():
            blame = f", {event.fault} is at fault" if event.fault else ""
            return f"{event.task}: attempt {event.attempt}: {event.verdict.status}{blame}"
        case Noted():
            return f"{event.level}: {event.message}"
        case TaskEnded():
            return f"{event.task}: {event.status} ({event.why}), {spend_text(event.spend)}"
        case _:
            return None


def spend_text(spend: Spend) -> str:
    money = f"${spend.usd:.4f}"
    if spend.unpriced_calls:
        money += f" and {spend.unpriced_calls} calls of unknown price"
    return f"{spend.calls} calls, {spend.tokens} tokens, {money}"
