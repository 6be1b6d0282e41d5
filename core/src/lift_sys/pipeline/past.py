"""What the record of a task gives to the task while it runs again: replayed, or resumed."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import NoReturn, Protocol

from .. import errors
from ..errors import LiftError, ProviderError, RecordError
from ..interfaces import Call, CallMade, Limits, Route, Sample, Spend, spend_of_calls
from .recorded import TaskRecord

PATIENCE = 60.0
"""Seconds in which a replay that waits for the place where it was stopped must move."""


class Paying(Protocol):
    def charge_past(self, spend: Spend) -> None: ...


class Past:
    """Asked before anybody else is. Where it is `complete`, nobody else can be asked."""

    def __init__(self, record: TaskRecord | None = None, *, complete: bool = False) -> None:
        self._record = record or TaskRecord("")
        self._is_empty = record is None
        self.complete = complete
        self._charged: set[str] = set()
        self._recalled: set[str] = set()
        self._stopped_at: set[str] = set()
        self._read: dict[str, int] = {}
        self._steps = 0
        self._limit: asyncio.Timeout | None = None
        self._answer: Callable[[], str | None] = lambda: None
        self._moved = asyncio.Event()
        cut = self._record.cut
        # Who resumes what a person stopped wants it to go on.
        self._cut = cut if complete or (cut is not None and cut.reason == "time") else None
        self._waiting = (
            frozenset(self._cut.waiting if self._cut else ()) - self._record.samples.keys()
        )
        self._raises = complete and bool(self._record.raised.keys() - self._record.samples.keys())

    @property
    def began(self) -> bool:
        return self._record.started is not None

    @property
    def elapsed(self) -> float:
        """Seconds that the task had used when the record ended."""
        return self._record.seconds

    def seconds(self, now: float) -> float:
        """How long the task took in all."""
        ended = self._record.ended
        return ended.seconds if self.complete and ended is not None else now

    # Draws

    def recall(self, places: Mapping[str, int], budget: Paying) -> list[Sample]:
        """The samples that are recorded, in the order in which they came; charged once."""
        if self._is_empty:
            return []
        for place in places:
            tries = list(self._record.failed.get(place, ()))
            # What was lost before the run was resumed; else it is lost again when that happens.
            resumed = not self.complete and place not in self._waiting
            if resumed or place in self._record.samples:
                tries += self._record.cancelled.get(place, ())
                tries += [made for made in [self._record.raised.get(place)] if made is not None]
            self._charge((made.call for made in tries), budget)
        samples: list[Sample] = []
        for place, kept in self._record.samples.items():
            if place in places:
                self._charge([kept.paid], budget)
                self._recalled.add(place)
                said = kept.delivered
                samples.append(
                    Sample(said.index, said.completion, kept.call, said.seed, said.error)
                )
        return samples

    def tries(self, place: str) -> tuple[int, int]:
        """How many calls for it failed and may be tried again, and how many were made."""
        failed = len(self._record.failed.get(place, ()))
        return failed, self._record.numbers.get(place, 0)

    def refusal(self, places: Iterable[str]) -> str | None:
        """Why no budget covered them, in the run that is replayed."""
        if not self.complete:
            return None
        refused = [self._record.refused.get(place) for place in places]
        if not refused or None in refused:
            return None
        return refused[0]

    async def absent(self, places: Iterable[str], budget: Paying) -> NoReturn:
        """For samples that are not recorded: waits as was waited then, or raises."""
        for place in places:
            made = self._record.raised.get(place)
            if made is not None:
                self._charge([made.call], budget)
                self._raises = False
                raise _raised(made)
        cancelled = self._record.cancelled
        expected = [place for place in places if place in self._waiting or place in cancelled]
        if not expected and not self._raises:
            raise self._lacks(next(iter(places)))
        await self._stopped(places, budget)

    async def stay_stopped(self, places: Iterable[str], budget: Paying) -> None:
        """For samples that did not come before the clock ended their attempt: nor do they now."""
        if not self._waiting.isdisjoint(places):
            await self._stopped(places, budget)

    def _charge(self, calls: Iterable[Call], budget: Paying) -> None:
        for call in calls:
            if call.id not in self._charged:
                self._charged.add(call.id)
                budget.charge_past(spend_of_calls([call]))

    def _lacks(self, place: str) -> RecordError:
        provider, request, index = place.rsplit("/", 2)
        return RecordError(
            f"the record has no sample {index} of the request {request} to provider {provider} "
            f"in task {self._record.label!r}",
            remedy="the pipeline asks for something else than it did then: replay it with the "
            "distributions and prompts of then (`lift plugins freeze RUN`)",
        )

    # What depended on the clock, or on what a router knew

    def route(self, number: int) -> Route | None:
        if number > len(self._record.routes):
            return None
        taken = self._record.routes[number - 1]
        start = None
        if taken.forced:
            start = "specify" if taken.start == "specify" else "implement"
        return Route(name=taken.route, reason=taken.reason, budget=taken.budget, start=start)

    def reading(self, stage: str) -> Limits | None:
        """What was left when this stage looked the last time but as many as it has looked now."""
        seen = self._read.get(stage, 0)
        readings = self._record.readings.get(stage, ())
        self._read[stage] = seen + 1
        return readings[seen] if seen < len(readings) else None

    # Stops

    def time_for(self, seconds: float | None) -> float | None:
        """How long an attempt may take: in a replay, until it is stopped as it was."""
        return None if self.complete else seconds

    def watch(self, attempt: int, limit: asyncio.Timeout, answer: Callable[[], str | None]) -> None:
        """Stops the attempt where it was stopped: `answer` gives the candidate it would give."""
        if self._cut is not None and self._cut.attempt == attempt:
            self._limit, self._answer = limit, answer
            self.moved()

    @property
    def stopped_by_person(self) -> bool:
        return self.complete and self._cut is not None and self._cut.reason == "cancelled"

    def step(self) -> None:
        """The task has told something."""
        self._steps += 1
        self.moved()

    def moved(self) -> None:
        """Stops what was stopped, once everything is as it was then."""
        self._moved.set()
        if self._limit is None or self._cut is None:
            return
        if (
            self._steps >= self._record.steps
            and self._recalled.issuperset(self._record.samples)
            and self._stopped_at.issuperset(self._waiting)
            and self._answer() == self._cut.best
        ):
            self._limit.reschedule(asyncio.get_running_loop().time())
            self._limit = None

    async def _stopped(self, places: Iterable[str], budget: Paying) -> NoReturn:
        """Until the attempt is stopped: then the calls that were under way are paid for."""
        self._stopped_at.update(places)
        self.moved()
        try:
            while True:
                self._moved.clear()
                async with asyncio.timeout(PATIENCE):
                    await self._moved.wait()
        except TimeoutError:
            raise RecordError(
                f"task {self._record.label!r} does not come to where it was stopped",
                remedy="replay it with the distributions of then (`lift plugins freeze RUN`)",
            ) from None
        except asyncio.CancelledError:
            for place in places:
                tries = self._record.cancelled.get(place, ())
                self._charge((made.call for made in tries), budget)
            raise


def _raised(made: CallMade) -> LiftError:
    """The error that a call met, as it was."""
    kind = getattr(errors, made.raised or "", ProviderError)
    if not (isinstance(kind, type) and issubclass(kind, ProviderError)):
        kind = ProviderError
    cause = (made.error or "").removesuffix(f": {made.remedy}") if made.remedy else made.error
    return kind(cause or "", remedy=made.remedy)
