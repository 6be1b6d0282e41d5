"""What a run drew, scored and chose, task by task, as its record tells it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from ..interfaces import Spend
from ..store.outlines import Outline
from .results import Audited
from .scorers import PIPELINE

KINDS: Final = (
    "task_started",
    "route_taken",
    "call_made",
    "candidate_drawn",
    "candidate_scored",
    "strategy_stopped",
    "attempt_ended",
    "attempt_audited",
)


class Drawn(NamedTuple):
    id: str
    stage: str
    attempt: int
    digest: str
    """Of its value; empty: it has none."""
    parents: tuple[str, ...]
    calls: tuple[str, ...]


class Stopped(NamedTuple):
    """What a strategy says of itself."""

    stage: str
    strategy: str
    why: str
    winners: tuple[str, ...]
    drawn: int
    distinct: int | None
    behaviours: int | None


@dataclass(slots=True)
class Scored:
    """Candidates that were scored beside each other, in the order in which they first were."""

    members: dict[str, dict[str, float | None]] = field(
        default_factory=dict[str, dict[str, float | None]]
    )
    """Scores by candidate and scorer: those told last, which saw the whole set."""

    @property
    def scorers(self) -> list[str]:
        return [*dict.fromkeys(name for scores in self.members.values() for name in scores)]


@dataclass(slots=True)
class TaskDraws:
    """Since the task last began; its calls of all times."""

    candidates: dict[str, Drawn] = field(default_factory=dict[str, Drawn])
    sets: list[Scored] = field(default_factory=list[Scored])
    stopped: list[Stopped] = field(default_factory=list[Stopped])
    routes: list[str] = field(default_factory=list[str])
    costs: dict[str, float] = field(default_factory=dict[str, float])
    """By call."""
    fault: str | None = None
    """Of the last attempt, as the run itself saw it."""
    audit: Audited | None = None
    """What it drew is no draw of the task: it never was to be the answer."""
    _auditing: bool = False
    _burst: Scored | None = None
    _seq: int = 0

    def tell(self, told: Outline) -> None:
        body = told.body
        match told.kind:
            case "task_started":
                costs = self.costs
                self.__init__()
                self.costs = costs
            case "route_taken":
                self._auditing = body.get("audit", False)
                if not self._auditing:
                    self.routes.append(body["route"])
            case "call_made":
                self.costs[body["call"]["id"]] = body["call"]["cost"] or 0.0
            case "attempt_ended":
                if not self._auditing:
                    self.fault = body["fault"]
                self._auditing = False
            case "attempt_audited":
                spend = Spend.model_validate(body["spend"])
                usd = spend.usd + spend.cached_usd
                self.audit = Audited(by=body["by"], agrees=body["agrees"], usd=usd)
            case _ if self._auditing:
                pass
            case "candidate_drawn":
                drawn = self._drawn(body, told.value)
                self.candidates[drawn.id] = drawn
            case "candidate_scored":
                self._scored(told.seq, body)
            case "strategy_stopped":
                self.stopped.append(_stopped(body))
            case _:
                pass

    def final(self, stage: str, attempt: int | None = None) -> list[Drawn]:
        """What its draws came to: of a mended candidate, what it was mended to."""
        mended = {parent for each in self._of(stage) for parent in each.parents}
        return [
            each
            for each in self._of(stage)
            if each.id not in mended and attempt in (None, each.attempt)
        ]

    def cost_of(self, stage: str) -> float:
        """Of the calls behind what this stage drew, each once."""
        calls = {call for each in self._of(stage) for call in each.calls}
        return sum(self.costs.get(call, 0.0) for call in calls)

    def add_scores(self, said: Mapping[str, Mapping[str, float | None]]) -> None:
        """Of other scorers, by candidate."""
        for scored in self.sets:
            for name, scores in scored.members.items():
                scores.update(said.get(name, {}))

    def chosen(self, members: Collection[str]) -> str | None:
        """The one of these that a strategy took last."""
        for stopped in reversed(self.stopped):
            found = next((winner for winner in stopped.winners if winner in members), None)
            if found is not None:
                return found
        return None

    def _of(self, stage: str) -> list[Drawn]:
        return [each for each in self.candidates.values() if each.stage == stage]

    def _drawn(self, body: Mapping[str, Any], digest: str) -> Drawn:
        return Drawn(
            id=body["candidate"],
            stage=body["stage"],
            attempt=len(self.routes),
            digest=digest,
            parents=tuple(body.get("parents", ())),
            calls=tuple(body.get("calls", ())),
        )

    def _scored(self, seq: int, body: Mapping[str, Any]) -> None:
        # A set is told in one go; a later set with one of its members is the same one, grown.
        name, scores = body["candidate"], {**body["parts"], PIPELINE: body["score"]}
        if self._burst is None or seq != self._seq + 1 or name in self._burst.members:
            self._burst = next((each for each in self.sets if name in each.members), None)
        if self._burst is None:
            self._burst = Scored()
            self.sets.append(self._burst)
        self._burst.members[name] = scores
        self._seq = seq


def draws_by_task(told: Iterable[Outline]) -> dict[str, TaskDraws]:
    found: dict[str, TaskDraws] = {}
    for each in told:
        if each.task not in found:
            found[each.task] = TaskDraws()
        found[each.task].tell(each)
    return found


def _stopped(body: Mapping[str, Any]) -> Stopped:
    return Stopped(
        stage=body["stage"],
        strategy=body["strategy"],
        why=body["why"],
        winners=tuple(body["winners"]),
        drawn=body["drawn"],
        distinct=body["distinct"],
        behaviours=body["distinct_behaviour"],
    )
