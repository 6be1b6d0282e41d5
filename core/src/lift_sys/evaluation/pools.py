"""Pools: many draws of each task, made once, of which any number of choices is counted later.

A pool of 32 draws holds 32 sets of one, 16 of two and one of 32, each in the order of drawing. What
a scorer would have taken of a set is found by its rule; `playing` runs the strategies themselves.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from ..ir import Frozen
from .ratios import Estimate, mean_share

AGREEMENT = "agreement"
"""The one rule here that looks at a whole set."""


class PoolDraw(Frozen):
    """One draw, as whoever chooses sees it."""

    form: str
    """Digest of what it says; empty: it is no value."""
    behaviour: str = ""
    """Digest of what it does."""
    status: Literal["pass", "fail", "unverified"] = "fail"
    """By the visible checks."""
    scores: dict[str, float | None] = {}
    """By scorers that look at each draw alone."""
    code: str = ""
    """Digest of its code; empty: there is none."""
    tokens: float = 0.0
    """Its own, and its share of what it was drawn with."""

    @property
    def valid(self) -> bool:
        return bool(self.form)


class Pool(Frozen):
    task: str
    draws: tuple[PoolDraw, ...]
    """In the order of drawing."""
    codes: dict[str, str] = {}
    """Sources by digest."""
    prompt_tokens: float = 0.0
    """Of the prompt that all draws share: a set pays for it once."""


class Sizes(NamedTuple):
    """What sets of n draws come to, over tasks."""

    n: int
    right: Estimate
    """What was taken is right."""
    oracle: Estimate
    """One of the set is right."""
    distinct: Estimate
    """Of the valid ones, those that say something of their own."""
    does_otherwise: Estimate
    """Of the valid ones, those that do something of their own."""
    tokens: float
    """Of one set, prompt included."""
    by_task: Mapping[str, float]
    """The share of its sets of which what was taken is right."""

    @property
    def regret(self) -> float:
        """How often a right one was there, and another was taken."""
        return self.oracle.value - self.right.value


Favourite = Callable[[Sequence[PoolDraw]], int | None]
"""The place of the one that is taken; None: there is nothing to take."""
Right = Callable[[str, PoolDraw], bool]
"""By the hidden tests: task and draw."""

_BY_STATUS = {"pass": 2, "unverified": 1, "fail": 0}


def first(draws: Sequence[PoolDraw]) -> int | None:
    return next((place for place, draw in enumerate(draws) if draw.valid), None)


def by(scorer: str) -> Favourite:
    """As `best-of-n` chooses: the highest score, the earliest of equals, unknown before refuted;
    where the scorer says nothing, the visible checks choose."""

    def favourite(draws: Sequence[PoolDraw]) -> int | None:
        valid = [place for place, draw in enumerate(draws) if draw.valid]
        if not valid:
            return None
        some = [draws[place] for place in valid]
        scores = _agreed(some) if scorer == AGREEMENT else [each.scores[scorer] for each in some]
        ranks: list[tuple[float, bool]]
        if all(score is None for score in scores):
            ranks = [(_BY_STATUS[each.status], False) for each in some]
        else:
            ranks = [(score or 0.0, score is None) for score in scores]
        return valid[ranks.index(max(ranks))]

    return favourite


def _agreed(draws: Sequence[PoolDraw]) -> list[float | None]:
    sizes, total = Counter(draw.behaviour for draw in draws), len(draws)
    if total == 1:
        return [None]
    return [(sizes[draw.behaviour] - 1) / (total - 1) for draw in draws]


def of_size(n: int, pools: Sequence[Pool], favourite: Favourite, right: Right) -> Sizes:
    """Every pool is cut into sets of n; a task's sets count as one task together."""
    shares: list[float] = []
    oracles: list[float] = []
    distinct: list[float] = []
    otherwise: list[float] = []
    tokens: list[float] = []
    for pool in pools:
        sets = [pool.draws[at : at + n] for at in range(0, len(pool.draws) - n + 1, n)]
        if not sets:
            raise ValueError(f"a pool of {len(pool.draws)} draws has no set of {n}")
        places = [favourite(each) for each in sets]
        taken = [
            place is not None and right(pool.task, each[place])
            for each, place in zip(sets, places, strict=True)
        ]
        shares.append(_mean(taken))
        oracles.append(_mean([any(right(pool.task, draw) for draw in each) for each in sets]))
        distinct.append(_mean([_apart(each, "form") for each in sets]))
        otherwise.append(_mean([_apart(each, "behaviour") for each in sets]))
        tokens += [pool.prompt_tokens + sum(draw.tokens for draw in each) for each in sets]
    return Sizes(
        n=n,
        right=_estimate(shares),
        oracle=_estimate(oracles),
        distinct=_estimate(distinct),
        does_otherwise=_estimate(otherwise),
        tokens=_mean(tokens),
        by_task={pool.task: share for pool, share in zip(pools, shares, strict=True)},
    )


def _apart(draws: Sequence[PoolDraw], field: Literal["form", "behaviour"]) -> float:
    valid = [draw for draw in draws if draw.valid]
    return len({getattr(draw, field) for draw in valid}) / len(valid) if valid else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _estimate(values: Sequence[float]) -> Estimate:
    found = mean_share(values)
    if found is None:
        raise ValueError("there is no pool")
    return found
