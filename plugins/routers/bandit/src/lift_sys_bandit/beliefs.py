"""Beta posteriors: of passing, and of being accepted wrongly, by route, category, difficulty."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from .experience import Audit, Experience, Try
from .plugin import BanditOptions, Tier

S = TypeVar("S", Try, Audit)


@dataclass(frozen=True, slots=True)
class Beta:
    good: float
    bad: float

    @property
    def mean(self) -> float:
        return self.good / (self.good + self.bad)

    def draw(self, dice: Random) -> float:
        return dice.betavariate(self.good, self.bad)


class Beliefs:
    """What is known now. Cells that are little known lean on what holds around them."""

    def __init__(self, options: BanditOptions, experience: Experience) -> None:
        self._strength = options.strength
        self._mistaken = options.mistaken
        self._tallies: dict[Hashable, list[float]] = {}
        self._costs: dict[tuple[str, bool], list[float]] = {}
        self.cells: set[tuple[str | None, str | None]] = set()
        """The categories with their difficulties that anything was seen of."""
        for one, weight in _fading(experience.tries, options.half_life):
            self._add(("pass", one.route), one.passed, weight)
            self._count(("pass", one.route, one.after), one, one.passed, weight)
            if one.usd is not None:
                cost = self._costs.setdefault((one.route, one.after), [0.0, 0.0])
                cost[0] += weight * one.usd
                cost[1] += weight
        for one, weight in _fading(experience.audits, options.half_life):
            self._count(("wrong", one.route), one, one.wrong, weight)

    def passing(
        self, tier: Tier, category: str | None, difficulty: str | None, *, after: bool
    ) -> Beta:
        """A route that was only ever taken after another one leans on how it did there."""
        route = ("pass", tier.route.root)
        mean = self._leaning(tier.passes, route).mean
        return self._known((*route, after), mean, category, difficulty)

    def mistaken(self, tier: Tier, category: str | None, difficulty: str | None) -> Beta:
        """Of what it passes: how likely that is wrong."""
        where = ("wrong", tier.route.root)
        return self._known(where, self._mistaken, category, difficulty)

    def usd(self, tier: Tier, *, after: bool) -> float:
        paid, count = self._costs.get((tier.route.root, after), (0.0, 0.0))
        return (self._strength * tier.usd + paid) / (self._strength + count)

    def _count(self, where: tuple[Hashable, ...], one: Try | Audit, good: bool, by: float) -> None:
        for cell in _around(where, one.category, one.difficulty):
            self._add(cell, good, by)
        self.cells.add((one.category, one.difficulty))

    def _add(self, cell: Hashable, good: bool, by: float) -> None:
        self._tallies.setdefault(cell, [0.0, 0.0])[0 if good else 1] += by

    def _leaning(self, mean: float, cell: Hashable) -> Beta:
        """What was seen of the cell, beside what holds around it."""
        good, bad = self._tallies.get(cell, (0.0, 0.0))
        return Beta(self._strength * mean + good, self._strength * (1 - mean) + bad)

    def _known(
        self,
        where: tuple[Hashable, ...],
        before: float,
        category: str | None,
        difficulty: str | None,
    ) -> Beta:
        beta = Beta(before, 1 - before)
        for cell in _around(where, category, difficulty):
            beta = self._leaning(beta.mean, cell)
        return beta


_ANY = object()
"""Stands for every category or difficulty."""


def _around(
    where: tuple[Hashable, ...], category: str | None, difficulty: str | None
) -> Iterable[Hashable]:
    """From the whole of it to the cell itself."""
    yield (*where, _ANY, _ANY)
    yield (*where, category, _ANY)
    yield (*where, category, difficulty)


def _fading(seen: Sequence[S], half_life: float) -> Iterable[tuple[S, float]]:
    """Each with its weight: by how many later ones there are of its route."""
    later: Counter[str] = Counter()
    for one in reversed(seen):
        yield one, 0.5 ** (later[one.route] / half_life)
        later[one.route] += 1
