"""Draws votes until the vote is decided; the earliest draw of the largest cluster wins."""

import math
from collections.abc import Sequence
from typing import Generic, TypeVar

from lift_sys.errors import BudgetExhausted
from lift_sys.interfaces import (
    Candidate,
    Cluster,
    Context,
    Outcome,
    Parts,
    Problem,
    Strategy,
)
from lift_sys.pipeline.drawing import Drawing

from .plugin import SelfConsistencyOptions
from .votes import Tally, certainty, in_order, is_settled

T = TypeVar("T")


class SelfConsistency:
    def __init__(self, options: SelfConsistencyOptions, parts: Parts) -> None:
        self._options = options
        self._inner = parts.strategy(options.inner)

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        return await _Run(self._options, self._inner, problem, ctx, want).outcome()


class _Run(Generic[T]):
    def __init__(
        self,
        options: SelfConsistencyOptions,
        inner: Strategy,
        problem: Problem[T],
        ctx: Context,
        want: int,
    ) -> None:
        self._options = options
        self._problem = problem
        self._ctx = ctx
        self._want = want
        self._total = max(options.n, want)
        self._drawing = Drawing(inner, problem, ctx)
        self._weights: dict[str, float] = {}
        self._best: Candidate[T] | None = None
        self._unweighted = ""

    async def outcome(self) -> Outcome[T]:
        why = await self._draw()
        drawing = self._drawing
        await self._weigh()
        clusters = [members for members, _ in self._standings()]
        votes = " : ".join(f"{tally.weight:.3g}" for _, tally in self._standings()[:5])
        further = len(clusters) - 5
        votes += f" and {further} smaller" if further > 0 else ""
        ranked = [candidate for members in clusters for candidate in members]
        return Outcome(
            winners=await drawing.apart(ranked, self._want),
            stopped=f"{why}: {drawing.asked} draws, votes {votes or 'none'}{self._unweighted}",
            candidates=tuple(drawing.candidates),
            diversity=drawing.diversity,
            clusters=tuple(
                Cluster(members=tuple(one.id for one in members), weight=tally.weight)
                for members, tally in self._standings()
            ),
            cut_short=bool(drawing.cut_short),
        )

    async def _draw(self) -> str:
        """Until there is a reason to stop, which it gives."""
        drawing = self._drawing
        while True:
            size = min(self._options.batch, self._total - drawing.asked)
            fresh = await drawing.draw(size)
            if self._best is not None:
                self._ctx.offer(self._best)  # an inner strategy offers what it drew itself
            await drawing.sort(size, fresh)
            self._offer()
            if drawing.cut_short:
                return drawing.cut_short
            left = self._total - drawing.asked
            if not left:
                return f"counted all {self._total}"
            why = await self._decided(left) if len(drawing.valid) >= self._want else ""
            if why:
                return why

    async def _decided(self, left: int) -> str:
        """Why nothing more need be drawn; empty: more must."""
        if not self._drawing.valid:
            return ""
        await self._weigh()
        tallies = [tally for _, tally in self._standings()]
        if is_settled(tallies, left):
            return "no vote to come can change the leader"
        sure = self._options.sure
        if sure is not None and (likely := certainty(tallies)) >= sure:
            return f"the leader is ahead for good with {likely:.1%}"
        return ""

    def _standings(self) -> list[tuple[list[Candidate[T]], Tally]]:
        """Clusters with their votes, the leader first; its members in the order of drawing."""
        places = {candidate.id: place for place, candidate in enumerate(self._drawing.valid)}
        clusters = list(self._drawing.behaviours.values())
        tallies = [
            Tally(
                count=len(members),
                weight=math.fsum(self._weights.get(one.id, 1.0) for one in members),
                first=places[members[0].id],
            )
            for members in clusters
        ]
        return [(clusters[place], tallies[place]) for place in in_order(tallies)]

    def _offer(self) -> None:
        """By the weights known so far."""
        if self._drawing.valid:
            self._best = self._standings()[0][0][0]
            self._ctx.offer(self._best)

    async def _weigh(self) -> None:
        valid = self._drawing.valid
        match self._options.weights:
            case "score":
                found = await self._scores()
            case "logprob":
                found = [_likelihood(candidate) for candidate in valid]
            case "one":
                return
        known = [weight for weight in found if weight is not None]
        self._unweighted = (
            "" if known else f"; none has a {self._options.weights}, so each counts one"
        )
        mean = math.fsum(known) / len(known) if known else 1.0
        self._weights = {
            candidate.id: mean if weight is None else weight
            for candidate, weight in zip(valid, found, strict=True)
        }

    async def _scores(self) -> Sequence[float | None]:
        drawing = self._drawing
        try:
            scores = await self._ctx.score(self._problem, drawing.valid)
        except BudgetExhausted as exhausted:
            drawing.cut_short = drawing.cut_short or str(exhausted)
            return [self._weights.get(candidate.id) for candidate in drawing.valid]
        return [score.value for score in scores]


def _likelihood(candidate: Candidate[object]) -> float | None:
    """Of a token, in the geometric mean."""
    if candidate.logprob is None or not candidate.tokens:
        return None
    return min(1.0, math.exp(candidate.logprob / candidate.tokens))
