"""Shares with the interval that so few tasks allow."""

import math
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95


class Rate(NamedTuple):
    """`right` of `n`, with Wilson's interval; where n is 0 nothing is known."""

    right: int
    n: int

    @property
    def value(self) -> float | None:
        return self.right / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.n)

    def __str__(self) -> str:
        if not self.n:
            return "- (n=0)"
        low, high = self.interval
        return (
            f"{100 * self.right / self.n:.1f} % [{100 * low:.1f}, {100 * high:.1f}] "
            f"({self.right}/{self.n})"
        )


def wilson(right: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval of a share."""
    if not 0 <= right <= n:
        raise ValueError(f"{right} of {n} is no share")
    if not n:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = right / n, z * z / n
    centre = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * math.sqrt(share * (1 - share) / n + weight / (4 * n))
    # At the ends the exact value is 0 or 1, and rounding would leave a trace.
    return (
        0.0 if right == 0 else max(0.0, centre - half),
        1.0 if right == n else min(1.0, centre + half),
    )
