"""One draw, and those that are to be better than it."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from lift_sys.errors import BudgetExhausted
from lift_sys.interfaces import Candidate, Context, Problem, Strategy

from .critic import Critic, Judged
from .plugin import RefineOptions

T = TypeVar("T")


class Best(Generic[T]):
    """Of all chains together, always on offer."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._judged: Judged[T] | None = None

    def take(self, judged: Judged[T]) -> None:
        if judged.valid and (self._judged is None or judged.standing > self._judged.standing):
            self._judged = judged
        self.offer()

    def offer(self) -> None:
        """Again after each draw, as an inner strategy offers what it drew itself."""
        if self._judged is not None:
            self._ctx.offer(self._judged.candidate)


@dataclass(slots=True)
class Chain(Generic[T]):
    options: RefineOptions
    inner: Strategy
    critic: Critic[T]
    overall: Best[T]
    problem: Problem[T]
    start: Candidate[T]
    rounds: int = 0
    """Draws since the first."""
    idle: int = 0
    """The last of these that were no better than what there was."""
    seen: list[Judged[T]] = field(default_factory=list["Judged[T]"])
    candidates: list[Candidate[T]] = field(default_factory=list["Candidate[T]"])
    why: str = ""
    cut_short: str = ""
    """Why no more can be drawn; empty: more can."""

    @property
    def best(self) -> Judged[T]:
        """The earliest of equals."""
        return max(self.seen, key=lambda judged: judged.standing)

    @property
    def told(self) -> str:
        first, last = self.seen[0].status, self.best.status
        rounds = "one round" if self.rounds == 1 else f"{self.rounds} rounds"
        return f"{self.why} after {rounds}: {first} at first, {last} in the end"

    async def begin(self, cut_short: str) -> None:
        """By the checks, which no budget ends."""
        self.cut_short = cut_short
        await self._check(self.start)

    async def run(self, ctx: Context) -> None:
        try:
            self.why = await self._refine(ctx)
        except BudgetExhausted as exhausted:
            self.why = self.cut_short = str(exhausted)

    async def _refine(self, ctx: Context) -> str:
        """Until there is a reason to stop, which it gives."""
        asked, at = self.problem, self.seen[0]
        while not self.cut_short:
            at = await self._criticise(at, ctx)
            why = self._enough(at)
            if why:
                return why
            if not at.nobodys_fault:
                asked = asked.with_feedback(self.critic.feedback(at))
            before = self.best
            drawn = await self._draw(asked, ctx)
            fresh = before if drawn is None else await self._check(drawn)
            if not self.cut_short and drawn is not None:
                fresh = await self._criticise(fresh, ctx)
            self.idle = 0 if fresh.standing > before.standing else self.idle + 1
            # What does worse is no place to go on from.
            at = fresh if fresh.by_checks >= before.by_checks else before
        return self.cut_short

    def _enough(self, at: Judged[T]) -> str:
        """Why nothing more need be drawn; empty: more must."""
        if not at.refuted:
            if self.options.model == "never":
                return "the checks find nothing to mend"
            if at.critique is None:
                return at.silent
            said = f"quality {at.critique.quality:g} of 10"
            if at.critique.quality >= self.options.quality:
                return f"{said} is enough"
            if not at.critique.issues:
                return f"{said}, and the critic names nothing to mend"
        if self.idle >= self.options.patience:
            return f"nothing better in {self.idle} rounds"
        return "" if self.rounds < self.options.rounds else "no round is left"

    async def _draw(self, asked: Problem[T], ctx: Context) -> Candidate[T] | None:
        outcome = await self.inner.run(asked, ctx)
        self.overall.offer()
        self.rounds += 1
        self.candidates += outcome.candidates
        self.cut_short = outcome.stopped if outcome.cut_short else ""
        return outcome.best or next(iter(outcome.candidates), None)

    async def _check(self, candidate: Candidate[T]) -> Judged[T]:
        judged = await self.critic.check(candidate)
        self.seen.append(judged)
        self.overall.take(judged)
        return judged

    async def _criticise(self, judged: Judged[T], ctx: Context) -> Judged[T]:
        """Once: where it stands is known better then."""
        said = await self.critic.criticise(judged, ctx)
        if said is not judged:
            self.seen[self.seen.index(judged)] = said
            self.overall.take(said)
        return said
