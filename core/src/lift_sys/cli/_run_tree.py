"""What became of a task: its routes, stages, candidates and scores, and why each stopped."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..interfaces import (
    AttemptAudited,
    AttemptEnded,
    CallMade,
    CandidateDrawn,
    CandidateScored,
    CutOff,
    Event,
    RouteTaken,
    StrategyStopped,
    TaskEnded,
    TaskStarted,
)
from ._progress import counted, spend_text
from ._terminal import line

_STAGES = ("specify", "implement", "attempt")


@dataclass(slots=True)
class AttemptTree:
    route: RouteTaken
    candidates: list[CandidateDrawn] = field(default_factory=list[CandidateDrawn])
    stops: list[StrategyStopped] = field(default_factory=list[StrategyStopped])
    cut: CutOff | None = None
    ended: AttemptEnded | None = None
    audited: AttemptAudited | None = None

    @property
    def stages(self) -> list[str]:
        seen = {event.stage for event in (*self.candidates, *self.stops)}
        return sorted(seen, key=lambda stage: (*_STAGES, stage).index(stage))


@dataclass(slots=True)
class TaskTree:
    """Since the task last began; `errors` are those of failed calls, with how often each came."""

    id: str
    started: TaskStarted | None = None
    attempts: list[AttemptTree] = field(default_factory=list[AttemptTree])
    scores: dict[str, CandidateScored] = field(default_factory=dict[str, CandidateScored])
    errors: dict[str, int] = field(default_factory=dict[str, int])
    ended: TaskEnded | None = None

    @classmethod
    def of(cls, task: str, events: Iterable[Event]) -> "TaskTree":
        tree = cls(task)
        for event in events:
            tree = tree.told(event)
        return tree

    def told(self, event: Event) -> "TaskTree":
        attempt = self.attempts[-1] if self.attempts else None
        match event:
            case TaskStarted():
                return TaskTree(self.id, event, errors=self.errors)
            case TaskEnded():
                self.ended = event
            case RouteTaken():
                self.attempts.append(AttemptTree(event))
            case CallMade(error=error) if error is not None:
                self.errors[error] = self.errors.get(error, 0) + 1
            case CandidateScored():
                self.scores[event.candidate] = event
            case CandidateDrawn() if attempt is not None:
                attempt.candidates.append(event)
            case StrategyStopped() if attempt is not None:
                attempt.stops.append(event)
            case CutOff() if attempt is not None:
                attempt.cut = event
            case AttemptEnded() if attempt is not None:
                attempt.ended = event
            case AttemptAudited() if attempt is not None:
                attempt.audited = event
            case _:
                pass
        return self

    def as_json(self) -> dict[str, Any]:
        return {
            "task": self.id,
            "request": self.started.request if self.started else None,
            "attempts": [self._attempt_json(attempt) for attempt in self.attempts],
            "errors": self.errors,
            "ended": self.ended.model_dump(mode="json") if self.ended else None,
        }

    def _attempt_json(self, attempt: AttemptTree) -> dict[str, Any]:
        return {
            "route": attempt.route.model_dump(mode="json"),
            "candidates": [
                {**each.model_dump(mode="json"), "score": self._score_json(each)}
                for each in attempt.candidates
            ],
            "stops": [each.model_dump(mode="json") for each in attempt.stops],
            "cut_off": attempt.cut.model_dump(mode="json") if attempt.cut else None,
            "ended": attempt.ended.model_dump(mode="json") if attempt.ended else None,
            "audited": attempt.audited.model_dump(mode="json") if attempt.audited else None,
        }

    def _score_json(self, candidate: CandidateDrawn) -> dict[str, Any] | None:
        score = self.scores.get(candidate.candidate)
        return None if score is None else score.model_dump(mode="json")

    def lines(self) -> Iterator[str]:
        """For a person, indented."""
        yield line(f"task {self.id}")
        if self.started is not None:
            yield "  " + line(f"request: {self.started.request}")[:200]
        for attempt in self.attempts:
            yield from (f"  {text}" for text in self._attempt(attempt))
        for error, count in self.errors.items():
            yield "  " + line(f"{counted(count, 'call')} failed: {error}")
        if self.ended is None:
            yield "  not ended"
            return
        yield "  " + line(f"{self.ended.status}: {self.ended.why}")
        yield f"  {spend_text(self.ended.spend)}, {self.ended.seconds:.1f} s"

    def _attempt(self, attempt: AttemptTree) -> Iterator[str]:
        route = attempt.route
        what = "audit" if route.audit else f"attempt {route.attempt}"
        yield line(f"{what} by route {route.route}: {route.reason}")
        for stage in attempt.stages:
            yield f"  {line(stage)}"
            stops = [each for each in attempt.stops if each.stage == stage]
            winners = {winner for each in stops for winner in each.winners}
            for candidate in attempt.candidates:
                if candidate.stage == stage:
                    yield "    " + self._candidate(candidate, candidate.candidate in winners)
            for stopped in stops:
                yield "    " + line(_stopped(stopped))
        if attempt.cut is not None:
            by = {"time": "the clock", "cancelled": "a person"}[attempt.cut.reason]
            yield f"  cut off by {by}"
        if attempt.ended is not None:
            yield from (f"  {text}" for text in _verdict(attempt.ended))
        if attempt.audited is not None:
            yield "  " + line(f"attempt {attempt.audited.attempt} audited: {attempt.audited.why}")

    def _candidate(self, candidate: CandidateDrawn, won: bool) -> str:
        mark = "*" if won else "-"
        name = candidate.candidate.removeprefix(f"{self.id}/")
        origin = candidate.origin or {}
        drawn = [str(origin[key]) for key in ("model", "variant") if origin.get(key)]
        if origin.get("temperature") is not None:
            drawn.append(f"temperature {origin['temperature']}")
        parts = [" ".join([mark, name, *([f"({', '.join(drawn)})"] if drawn else [])])]
        if candidate.failure is not None:
            parts.append(f"{candidate.failure['category']}: {candidate.failure['message']}")
        score = self.scores.get(candidate.candidate)
        if score is not None:
            parts.append(_score(score))
        parts += [f"{name}: {note}" for name, note in candidate.notes.items()]
        return line("; ".join(parts))


def _score(score: CandidateScored) -> str:
    value = "no score" if score.score is None else f"score {score.score:.3f}"
    parts = [
        f"{name} {'abstains' if part is None else f'{part:.3f}'}"
        for name, part in score.parts.items()
    ]
    return f"{value} ({', '.join(parts)})" if parts else value


def _stopped(stopped: StrategyStopped) -> str:
    text = f"{stopped.strategy} stopped: {stopped.why}"
    if stopped.distinct is not None:
        text += f" ({stopped.distinct} of {stopped.drawn} distinct"
        if stopped.distinct_behaviour is not None:
            text += f", {stopped.distinct_behaviour} in what they do"
        text += ")"
    if stopped.clusters:
        text += f"; votes: {' : '.join(f'{each.weight:g}' for each in stopped.clusters)}"
    if stopped.spend is not None:
        text += f"; {spend_text(stopped.spend)}"
    return text


def _verdict(ended: AttemptEnded) -> Iterator[str]:
    blame = f", {ended.fault} is at fault" if ended.fault else ""
    yield line(f"verdict: {ended.verdict.status}{blame}; {spend_text(ended.spend)}")
    for failure in ended.verdict.failures[:3]:
        where = f" for {failure.input}" if failure.input else ""
        yield "  " + line(f"{failure.category}: {failure.message}{where}")
    further = len(ended.verdict.failures) - 3
    if further > 0:
        yield f"  and {counted(further, 'further failure')}"
