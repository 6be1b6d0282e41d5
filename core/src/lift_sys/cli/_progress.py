"""What a person sees of a run as it goes on: a live line on a terminal, else plain lines."""

import sys
from collections import Counter
from typing import TextIO

from rich.console import Console
from rich.status import Status
from rich.text import Text

from ..interfaces import (
    AttemptEnded,
    CallMade,
    CandidateDrawn,
    Event,
    Failure,
    Noted,
    RouteTaken,
    RunEnded,
    RunStarted,
    Spend,
    StrategyStopped,
    TaskEnded,
    TaskStarted,
)
from ._pace import Pace
from ._terminal import line, plain

_SPINNER = 2
"""Columns that the sign of life and the space after it take."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Nobody reads on: no reason to end the run, as rich would."""
        self.quiet = True


class Progress:
    """An observer that tells on standard error how far the run is, and where its record is."""

    def __init__(
        self,
        record: str | None,
        stream: TextIO | None = None,
        *,
        code: bool = False,
        of: int | None = None,
    ) -> None:
        """`record`: the store that the run is recorded in; `code`: shown where it fails; `of`: so
        many tasks, too many to tell more than the end of each."""
        self._shows_code = code
        self._pace = None if of is None else Pace(of)
        self._code = ""
        self._record = record
        self._run = ""
        self._console = _Console(file=stream or sys.stderr, highlight=False)
        self._status: Status | None = None
        self._calls = 0
        self._ended: Counter[str] = Counter()
        self._error = ""
        self._told: set[str] = set()
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._status = self._console.status(self._fitting("starting"))
            self._status.start()

    def on_event(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._run = event.run
            case CallMade():
                self._count(event)
            case TaskEnded():
                self._ended[event.status] += 1
                if self._pace is not None:
                    self._pace.add(event)
            case CandidateDrawn(stage="implement", value=value) if value is not None:
                self._code = str(value["source"])
            case _:
                pass
        text = self._ending(event) if isinstance(event, TaskEnded) else describe(event)
        if text is not None and (self._status or self._tells(event)):
            self._show(text, keep=isinstance(event, Noted))
        if isinstance(event, AttemptEnded) and event.verdict.status == "fail":
            self._show_code()
        if isinstance(event, RunEnded):
            self.close()
            if self._ended.total() > 1:
                self._say(summary(self._ended, event.spend, event.seconds))
            if self._record is not None:
                self._say(f"record: {self._run} in {self._record}")
                if event.why != "all tasks done":
                    self._say(f"`lift runs resume {self._run}` goes on with it")

    def close(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _ending(self, event: TaskEnded) -> str:
        why = "" if event.why == self._error else f" ({event.why})"
        text = f"{event.task}: {event.status}{why}, {spend_text(event.spend)}"
        # A live line says it at its beginning.
        return f"{self._pace.text()}; {text}" if self._pace and not self._status else text

    def _tells(self, event: Event) -> bool:
        return self._pace is None or isinstance(event, Noted | TaskEnded)

    def _count(self, event: CallMade) -> None:
        self._calls += not event.call.cached
        self._error = event.error or ""
        for setting in sorted(set(event.ignored) - self._told):
            self._told.add(setting)
            self._say(f"note: {event.call.provider} ignores {setting}")

    def _show_code(self) -> None:
        if self._shows_code:
            for row in plain(self._code).splitlines():
                self._console.print(Text(f"    {row}"), soft_wrap=True)
        self._code = ""

    def _show(self, text: str, *, keep: bool) -> None:
        if self._status is None or keep:
            self._say(text)
            return
        done = counted(self._ended.total(), "task") + " done"
        so_far = done if self._pace is None else self._pace.text()
        counts = f"({so_far}, {counted(self._calls, 'call')}) "
        self._status.update(self._fitting(counts + line(text)))

    def _fitting(self, text: str) -> Text:
        """What is wider than the terminal would leave lines behind."""
        shown = Text(text)
        shown.truncate(max(1, self._console.width - _SPINNER), overflow="ellipsis")
        return shown

    def _say(self, text: str) -> None:
        # A Text, as rich would read a model's words as its markup.
        self._console.print(Text(line(text)), soft_wrap=True)


def describe(event: Event) -> str | None:
    """One line for what a person wants to know, None for the rest."""
    match event:
        case TaskStarted():
            return f"{event.task}: {' '.join(event.request.split())[:80]}"
        case RouteTaken():
            return f"{event.task}: attempt {event.attempt}, by route {event.route}"
        case CandidateDrawn(failure=failure) if failure is not None:
            return f"{event.candidate}: unusable: {failure['message']}"
        case CandidateDrawn():
            return f"{event.candidate}: drawn"
        case CallMade(error=error) if error is not None:
            return f"{event.task}: a call failed: {error}"
        case StrategyStopped():
            return f"{event.task}: {event.stage} stopped: {event.why}"
        case AttemptEnded():
            blame = f", {event.fault} is at fault" if event.fault else ""
            why = (
                f" ({_told(first)})" if (first := next(iter(event.verdict.failures), None)) else ""
            )
            return f"{event.task}: attempt {event.attempt}: {event.verdict.status}{blame}{why}"
        case Noted():
            return f"{event.level}: {event.message}"
        case _:
            return None


def _told(failure: Failure) -> str:
    at = f" for {failure.input}" if failure.input else ""
    came = f", got {failure.got}" if failure.got is not None else ""
    wanted = f": expected {failure.expected}{came}" if failure.expected is not None else ""
    return f"{failure.message}{at}{wanted}"


def summary(ended: Counter[str], spend: Spend, seconds: float) -> str:
    """Of a run over several tasks."""
    statuses = ", ".join(f"{count} {status}" for status, count in ended.most_common())
    return f"{ended.total()} tasks: {statuses}; {spend_text(spend)}, {seconds:.1f} s"


def spend_text(spend: Spend) -> str:
    money = f"${spend.usd:.4f}"
    if spend.batch_calls:
        money += f" ({counted(spend.batch_calls, 'call')} at the price of batches)"
    if spend.unpriced_calls:
        money += f" and {counted(spend.unpriced_calls, 'call')} of unknown price"
    told = f"{counted(spend.calls, 'call')}, {counted(spend.tokens, 'token')}, {money}"
    if spend.cached_calls:
        cached = counted(spend.cached_calls, "call")
        told += f" ({cached} answered by the record, ${spend.cached_usd:.4f} not paid again)"
    return told


def counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
