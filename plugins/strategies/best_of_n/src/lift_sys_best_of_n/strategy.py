"""Draws in rounds for as long as they bring something; then the scorers choose."""

from collections import Counter
from collections.abc import Sequence
from typing import Generic, TypeVar

from lift_sys.errors import BudgetExhausted
from lift_sys.interfaces import (
    Candidate,
    Context,
    Outcome,
    Parts,
    Problem,
    Round,
    Score,
    Strategy,
    Variation,
)
from lift_sys.pipeline.drawing import Drawing

from .ladder import Ladder, how, is_alike
from .plugin import BestOfNOptions
from .sizes import Sizes

T = TypeVar("T")

_BY_STATUS = {"pass": 2, "unverified": 1, "fail": 0}


class BestOfN:
    def __init__(self, options: BestOfNOptions, parts: Parts) -> None:
        self._options = options
        self._inner = parts.strategy(options.inner)

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        return await _Run(self._options, self._inner, problem, ctx, want).outcome()


class _Run(Generic[T]):
    def __init__(
        self,
        options: BestOfNOptions,
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
        self._ladder = Ladder(options.vary, problem.variants)
        self._best: Candidate[T] | None = None
        self._idle = 0
        self._refusal: str | None = None

    async def outcome(self) -> Outcome[T]:
        why = await self._draw()
        drawing = self._drawing
        ranked, by = await self._ranked()
        counts = f"{len(drawing.forms)} distinct of {len(drawing.valid)} valid draws"
        apart = f"{counts}, {len(drawing.behaviours)} in what they do"
        return Outcome(
            winners=await drawing.apart(ranked, self._want),
            stopped=f"{why}: {apart}{by}",
            candidates=tuple(drawing.candidates),
            diversity=drawing.diversity,
            cut_short=bool(drawing.cut_short),
        )

    async def _draw(self) -> str:
        """Until there is a reason to stop, which it gives."""
        drawing, sizes = self._drawing, Sizes(self._options.rounds, self._total)
        vary: Variation | None = None
        probing = False
        while True:
            size = sizes.after(drawing.asked, probing=probing)
            fresh = await drawing.draw(size, vary)
            if self._best is not None:
                self._ctx.offer(self._best)  # an inner strategy offers what it drew itself
            done = await drawing.sort(size, fresh, vary)
            await self._offer()
            decided = not drawing.cut_short and await self._is_decided()
            if drawing.cut_short:
                return drawing.cut_short
            if decided:
                return f"enough at {self._options.stop_at} after {drawing.asked} draws"
            if drawing.asked >= self._total:
                return f"drew all {self._total}"
            self._idle = self._idle_after(done)
            step: Variation | None = None
            if is_alike(done, self._options.distinct, await self._largest_refuted(fresh)):
                step = self._ladder.climb(drawing.candidates)
                if step is None and (not done.texts or self._idle >= self._options.patience):
                    tried = "" if vary is None else f", not even with {how(vary)}"
                    return f"nothing new after {drawing.asked} of {self._total} draws{tried}"
                vary = step or vary
            probing = step is not None

    def _idle_after(self, done: Round) -> int:
        """How many draws in a row did nothing new, and nothing that the checks pass."""
        return self._idle + done.valid if not done.behaviours and done.refuted == done.valid else 0

    async def _offer(self) -> None:
        """By the checks, which cost nothing; the scorers are asked in the end."""
        valid = self._drawing.valid
        if valid:
            scores = [await self._by_checks(candidate) for candidate in valid]
            self._best = valid[scores.index(max(scores))]
            self._ctx.offer(self._best)

    async def _is_decided(self) -> bool:
        stop_at, valid = self._options.stop_at, self._drawing.valid
        if stop_at is None or len(valid) < self._want:
            return False
        if stop_at == "pass":
            passed = [await self._by_checks(candidate) == 2 for candidate in valid]
            return sum(passed) >= self._want
        scores = await self._scores()
        good = sum(score.value is not None and score.value >= stop_at for score in scores or ())
        return good >= self._want

    async def _largest_refuted(self, fresh: Sequence[Candidate[T]]) -> int:
        refuted = [each for each in fresh if await self._drawing.is_refuted(each)]
        alike = Counter([await self._drawing.behaviour(each) for each in refuted])
        return max(alike.values(), default=0)

    async def _ranked(self) -> tuple[list[Candidate[T]], str]:
        """Best first, the earlier of equals before the later; and who chose, unless the scorers."""
        valid = self._drawing.valid
        scores: Sequence[Score] | None = await self._scores() if valid else ()
        if scores is None or all(score.value is None for score in scores):
            by_checks = [await self._by_checks(candidate) for candidate in valid]
            order = sorted(range(len(valid)), key=lambda place: -by_checks[place])
            why = "no scorer had an opinion" if self._refusal is None else self._refusal
            who = f"; {why}, the visible checks chose" if valid else ""
        else:
            # Who abstains on one may still be asked on another: unknown goes before refuted.
            ranks = [(score.value or 0.0, score.value is None) for score in scores]
            order = sorted(range(len(valid)), key=lambda place: ranks[place], reverse=True)
            who = ""
        return [valid[place] for place in order], who

    async def _scores(self) -> Sequence[Score] | None:
        """None: the budget ended before the scorers had spoken."""
        try:
            return await self._ctx.score(self._problem, self._drawing.valid)
        except BudgetExhausted as exhausted:
            self._refusal = f"no scorer was asked as {exhausted.cause}"
            self._drawing.cut_short = self._drawing.cut_short or str(exhausted)
            return None

    async def _by_checks(self, candidate: Candidate[T]) -> int:
        assert candidate.value is not None
        return _BY_STATUS[(await self._problem.check(candidate.value)).status]
