"""What choosing gains and loses: the best that was there, and whether it was taken."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from .ratios import Estimate, mean_share

_EXACTLY: Final = 1_000
"""Draws up to which binomials are counted out: beyond, they have very many digits."""


class Choice(NamedTuple):
    """A set of candidates that one is taken of, as a scorer sees it."""

    right: tuple[bool, ...]
    scores: tuple[float | None, ...]
    """None: it abstained."""

    @property
    def mattered(self) -> bool:
        """Whether a right one stood beside a wrong one."""
        return any(self.right) and not all(self.right)

    @property
    def best(self) -> list[int]:
        """The places of the highest scores; where it says nothing of any, of all."""
        heard = [score for score in self.scores if score is not None]
        top = max(heard) if heard else None
        return [place for place, score in enumerate(self.scores) if score == top]

    @property
    def chance(self) -> float:
        """That a right one is taken: the highest score, by lot among equals."""
        best = self.best
        return sum(self.right[place] for place in best) / len(best) if best else 0.0


class SelectionReport(NamedTuple):
    """How one scorer alone would have chosen."""

    sets: int
    mattered: int
    silent: int
    """Sets of which it said nothing: there it chooses by lot."""
    tied: int
    """Sets that mattered, and whose highest score was not one candidate's alone."""
    regret: Estimate | None
    """How often a wrong one was taken, of the sets in which that mattered."""
    of_all: Estimate | None
    """The same, of all sets."""
    by_lot: Estimate | None
    """The regret of taking any, on the same sets."""


def selection(choices: Sequence[Choice]) -> SelectionReport:
    mattered = [choice for choice in choices if choice.mattered]
    lost = [1 - choice.chance for choice in mattered]
    lots = [1 - sum(choice.right) / len(choice.right) for choice in mattered]
    untouched = [0.0] * (len(choices) - len(mattered))
    return SelectionReport(
        sets=len(choices),
        mattered=len(mattered),
        silent=sum(all(score is None for score in choice.scores) for choice in choices),
        tied=sum(len(choice.best) > 1 for choice in mattered),
        regret=mean_share(lost),
        of_all=mean_share([*lost, *untouched]),
        by_lot=mean_share(lots),
    )


def pass_at(k: int, drawn: int, right: int) -> float:
    """The chance that one of k draws is right, from `right` of `drawn`: the unbiased estimator.

    Where fewer were drawn, of as many as there are, which is no more than it would be.
    """
    if not 0 <= right <= drawn or k < 1:
        raise ValueError(f"no {k} draws of {drawn} with {right} right")
    if not drawn:
        return 0.0
    k = min(k, drawn)
    if drawn - right < k:
        return 1.0
    if drawn <= _EXACTLY:
        return 1 - math.comb(drawn - right, k) / math.comb(drawn, k)
    none = _log_comb(drawn - right, k) - _log_comb(drawn, k)
    return min(1.0, max(0.0, -math.expm1(none)))


def _log_comb(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


class PassAtK(NamedTuple):
    k: int
    estimate: Estimate
    short: int
    """Tasks with fewer than k draws, those without any among them."""


def pass_at_k(draws: Sequence[tuple[int, int]]) -> list[PassAtK]:
    """For 1, 2, 4 and so on up to the most draws of a task: `draws` are (drawn, right) by task."""
    most = max((drawn for drawn, _ in draws), default=0)
    ks = [1 << power for power in range(most.bit_length()) if 1 << power <= most]
    if most and ks[-1] != most:
        ks.append(most)
    found: list[PassAtK] = []
    for k in ks:
        estimate = mean_share([pass_at(k, drawn, right) for drawn, right in draws])
        assert estimate is not None
        found.append(PassAtK(k, estimate, sum(drawn < k for drawn, _ in draws)))
    return found
