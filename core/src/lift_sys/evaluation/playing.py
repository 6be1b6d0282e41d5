"""Strategies run on pools: the draws come from there, and no model is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self

from ..interfaces import (
    Basis,
    Candidate,
    Capabilities,
    Context,
    Digest,
    Event,
    Failure,
    Feedback,
    Limits,
    Outcome,
    Problem,
    Score,
    Scorer,
    Strategy,
    Task,
    Variation,
    Verdict,
)
from .pools import Pool, PoolDraw


class PoolEnded(Exception):
    """More was wanted than was drawn."""


@dataclass(frozen=True, slots=True)
class Played:
    taken: PoolDraw | None
    drawn: Mapping[float, int]
    """How many, by temperature."""
    tokens: float
    stopped: str


class Drawer(Problem[PoolDraw]):
    """The problem of one task: `draw` takes the next ones of the pool of its temperature."""

    def __init__(self, pools: Mapping[float, Pool], temperature: float) -> None:
        self._pools = pools
        self._temperature = temperature
        self.drawn: dict[float, int] = {}
        name = pools[temperature].task
        self._task = Task(id=name, request=name)

    @property
    def stage(self) -> str:
        return "attempt"

    @property
    def task(self) -> Task:
        return self._task

    @property
    def variants(self) -> Sequence[str]:
        return ()

    async def draw(
        self, ctx: Context, n: int, vary: Variation | None = None
    ) -> Sequence[Candidate[PoolDraw]]:
        """A choice of examples or a variant that a model does not offer changes nothing."""
        asked = None if vary is None else vary.temperature
        at = self._temperature if asked is None else asked
        start = self.drawn.get(at, 0)
        draws = self._pools[at].draws[start : start + n] if at in self._pools else ()
        if len(draws) < n:
            raise PoolEnded(f"{n} more draws at temperature {at:g}, after {start}")
        self.drawn[at] = start + n
        return [
            Candidate(
                id=f"{at:g}/{start + place}",
                stage=self.stage,
                value=draw if draw.valid else None,
                text=draw.form,
                failure=None if draw.valid else _INVALID,
            )
            for place, draw in enumerate(draws)
        ]

    def canonical(self, value: PoolDraw) -> Digest:
        return value.form

    async def behaviour(self, value: PoolDraw) -> Digest:
        return value.behaviour

    async def check(self, value: PoolDraw) -> Verdict:
        failures = (_REFUTED,) if value.status == "fail" else ()
        return Verdict(status=value.status, basis=Basis(examples=1), failures=failures)

    def with_feedback(self, feedback: Feedback) -> Self:
        raise PoolEnded("draws after feedback are others than those of the pool")

    @property
    def tokens(self) -> float:
        return sum(
            self._pools[at].prompt_tokens + sum(d.tokens for d in self._pools[at].draws[:count])
            for at, count in self.drawn.items()
        )


_INVALID = Failure(category="invalid", message="it is no value")
_REFUTED = Failure(category="wrong_output", message="the visible checks refute it")


@dataclass(frozen=True, slots=True)
class Kept:
    """A scorer that says of each draw what is kept of another scorer's score."""

    name: str

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        return [
            Score(0.0 if each.value is None else each.value.scores[self.name])
            for each in candidates
        ]


async def play(
    strategy: Strategy, scorer: Scorer, pools: Mapping[float, Pool], temperature: float
) -> Played:
    """On one task: its pools by temperature. Raises PoolEnded."""
    problem = Drawer(pools, temperature)
    outcome: Outcome[PoolDraw] = await strategy.run(problem, _Playing(scorer))
    best = outcome.best
    return Played(
        taken=None if best is None else best.value,
        drawn=problem.drawn,
        tokens=problem.tokens,
        stopped=outcome.stopped,
    )


@dataclass(slots=True)
class _Playing:
    """Implements `Context`: there is no model."""

    scorer: Scorer
    seed: int = 0
    _ids: int = field(default=0)

    @property
    def left(self) -> Limits:
        return Limits()

    def capabilities(self, provider: object = None) -> Capabilities:
        return Capabilities(model="a pool")

    async def sample(self, requests: object, provider: object = None, heard: object = None) -> Any:
        self._refuse()

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]]
    ) -> Sequence[Score]:
        return await self.scorer.score(problem, candidates, self)

    def offer(self, candidate: Candidate[Any]) -> None:
        """Nobody stops it."""

    def new_id(self, stage: str) -> str:
        self._ids += 1
        return f"{stage}-{self._ids}"

    def emit(self, event: Event) -> None:
        """Nobody records it."""

    def _refuse(self) -> NoReturn:
        raise PoolEnded("a pool has no model to ask")
