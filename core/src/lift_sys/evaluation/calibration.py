"""Whether a score of 0.8 is right in eight of ten."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

BINS: Final = 10


class Bin(NamedTuple):
    """Scores from `low` to `high`; only the last contains its end."""

    low: float
    high: float
    n: int
    right: int
    mean: float
    """Of the scores in it."""


class Calibration(NamedTuple):
    n: int
    brier: float
    """Mean squared distance from the truth: 0 is best, always saying the share of right ones
    gives `base`."""
    base: float
    ece: float
    """Mean distance between score and share, over the bins."""
    bins: tuple[Bin, ...]
    """Those with something in them."""


def calibration(
    scores: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> Calibration | None:
    """None where there is no score."""
    n = len(scores)
    if not n:
        return None
    members: list[list[float]] = [[] for _ in range(bins)]
    truths = [0] * bins
    for score, truth in zip(scores, right, strict=True):
        place = min(bins - 1, int(score * bins))
        members[place].append(score)
        truths[place] += truth
    found = tuple(
        Bin(
            low=place / bins,
            high=(place + 1) / bins,
            n=len(of_it),
            right=truths[place],
            mean=math.fsum(of_it) / len(of_it),
        )
        for place, of_it in enumerate(members)
        if of_it
    )
    share = sum(right) / n
    return Calibration(
        n=n,
        brier=math.fsum((s - t) ** 2 for s, t in zip(scores, right, strict=True)) / n,
        base=share * (1 - share),
        ece=math.fsum(each.n * abs(each.mean - each.right / each.n) for each in found) / n,
        bins=found,
    )
