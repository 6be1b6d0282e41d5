"""Batches of draws for strategies that draw until they know enough, sorted by what they mean."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from ..errors import BudgetExhausted
from ..interfaces import (
    Candidate,
    Context,
    Digest,
    Diversity,
    Problem,
    Round,
    Strategy,
    Variation,
)
from .concurrency import all_of
from .stages.base import UNPAID
from .stages.varied import varied

T = TypeVar("T")


class Drawing(Generic[T]):
    """All that one run of a strategy drew, from plain draws or from another strategy.

    Once there is something valid, the end of a budget is no error but the end of drawing.
    """

    def __init__(self, inner: Strategy, problem: Problem[T], ctx: Context) -> None:
        self._inner = inner
        self._problem = problem
        self._ctx = ctx
        self._texts: set[str] = set()
        self._form_of: dict[str, Digest] = {}
        self.asked = 0
        self.candidates: list[Candidate[T]] = []
        self.valid: list[Candidate[T]] = []
        self.forms: dict[Digest, list[Candidate[T]]] = {}
        """Valid ones that say the same, in the order of drawing; so is the next."""
        self.behaviours: dict[Digest, list[Candidate[T]]] = {}
        self.rounds: list[Round] = []
        self.cut_short = ""
        """Why no more can be drawn; empty: more can."""

    async def draw(self, n: int, vary: Variation | None = None) -> Sequence[Candidate[T]]:
        """The valid ones of n draws, asked for at once. None is sorted yet."""
        problem = varied(self._problem, vary)
        try:
            outcome = await self._inner.run(problem, self._ctx, n)
        except BudgetExhausted as exhausted:
            if not self.valid:
                raise
            self.cut_short = str(exhausted)
            return ()
        unpaid = (each.notes[UNPAID] for each in outcome.candidates if UNPAID in each.notes)
        self.cut_short = outcome.stopped if outcome.cut_short else next(unpaid, "")
        self.asked += n
        fresh = [winner for winner in outcome.winners if winner.value is not None]
        self.candidates += outcome.candidates
        self.valid += fresh
        return fresh

    async def sort(
        self, n: int, fresh: Sequence[Candidate[T]], vary: Variation | None = None
    ) -> Round:
        """Whatever says the same is looked at once: only the first of each form is run."""
        texts, forms = len(self._texts), dict[Digest, Candidate[T]]()
        known = len(self.behaviours)
        for candidate in fresh:
            assert candidate.value is not None
            self._texts.add(" ".join(candidate.text.split()))
            form = self._problem.canonical(candidate.value)
            self._form_of[candidate.id] = form
            if form not in self.forms:
                forms[form] = candidate
            self.forms.setdefault(form, []).append(candidate)
        await all_of([self.behaviour(candidate) for candidate in forms.values()])
        refuted = 0
        for candidate in fresh:
            self.behaviours.setdefault(await self.behaviour(candidate), []).append(candidate)
            refuted += await self.is_refuted(candidate)
        done = Round(
            drawn=n,
            valid=len(fresh),
            texts=len(self._texts) - texts,
            forms=len(forms),
            behaviours=len(self.behaviours) - known,
            refuted=refuted,
            varied=vary,
        )
        self.rounds.append(done)
        return done

    async def behaviour(self, candidate: Candidate[T]) -> Digest:
        assert candidate.value is not None
        return await self._problem.behaviour(candidate.value)

    async def is_refuted(self, candidate: Candidate[T]) -> bool:
        assert candidate.value is not None
        return (await self._problem.check(candidate.value)).status == "fail"

    @property
    def diversity(self) -> Diversity:
        return Diversity(
            drawn=len(self.valid),
            textual=len(self.forms),
            behavioural=len(self.behaviours),
            rounds=tuple(self.rounds),
        )

    async def apart(self, ranked: Sequence[Candidate[T]], want: int) -> tuple[Candidate[T], ...]:
        """The first `want`, those that do something else before those that only say it."""
        if want == 1:
            return tuple(ranked[:1])
        behaviours: set[Digest] = set()
        forms: set[Digest] = set()
        other: list[list[Candidate[T]]] = [[], [], []]
        for candidate in ranked:
            behaviour, form = await self.behaviour(candidate), self._form_of[candidate.id]
            place = 0 if behaviour not in behaviours else 1 if form not in forms else 2
            other[place].append(candidate)
            behaviours.add(behaviour)
            forms.add(form)
        return tuple([*other[0], *other[1], *other[2]][:want])


async def by_behaviour(
    problem: Problem[T], candidates: Sequence[Candidate[T]]
) -> dict[Digest, list[Candidate[T]]]:
    """Valid candidates that do the same together, in their order."""
    groups: dict[Digest, list[Candidate[T]]] = {}
    for candidate in candidates:
        if candidate.value is not None:
            groups.setdefault(await problem.behaviour(candidate.value), []).append(candidate)
    return groups
