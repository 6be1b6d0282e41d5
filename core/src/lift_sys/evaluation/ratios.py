"""Means and ratios over tasks, with the intervals that so few tasks allow.

A task is what is drawn at random: whatever of one task hangs together is summed up first.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

from .rates import CONFIDENCE, wilson


class Estimate(NamedTuple):
    """A number, and how far off it may be; None: nothing bounds it on that side."""

    value: float
    low: float | None
    high: float | None
    n: int

    def text(self, form: str = "{:.3f}") -> str:
        low = "..." if self.low is None else form.format(self.low)
        high = "..." if self.high is None else form.format(self.high)
        return f"{form.format(self.value)} [{low}, {high}] (n={self.n})"


def mean_share(values: Sequence[float]) -> Estimate | None:
    """The mean of values in [0, 1]: Wilson's interval, of as many yes and no as vary no more.

    For values of 0 and 1 this is Wilson's own interval.
    """
    n = len(values)
    if not n:
        return None
    mean = min(1.0, math.fsum(values) / n)
    spread = math.fsum((each - mean) ** 2 for each in values) / n
    # Where all are equal nothing is known of how they vary, so they count as yes and no.
    worth = n * mean * (1 - mean) / spread if spread > 1e-12 else n
    low, high = wilson(mean * worth, worth)
    return Estimate(mean, low, high, n)


def ratio(
    above: Sequence[float], below: Sequence[float], confidence: float = CONFIDENCE
) -> Estimate | None:
    """The sum of the one by the sum of the other, by task: Fieller's interval.

    It has no upper end where the lower sum may as well be none.
    """
    n = len(above)
    a, b = math.fsum(above), math.fsum(below)
    if not n or b <= 0:
        return None
    if n == 1:
        return Estimate(a / b, None, None, n)
    grow = n / (n - 1)
    va = grow * math.fsum((x - a / n) ** 2 for x in above)
    vb = grow * math.fsum((y - b / n) ** 2 for y in below)
    vab = grow * math.fsum((x - a / n) * (y - b / n) for x, y in zip(above, below, strict=True))
    q = student(confidence, n - 1) ** 2
    leading, middle, last = b * b - q * vb, a * b - q * vab, a * a - q * va
    root = math.sqrt(max(0.0, middle * middle - leading * last))
    if leading <= 0:
        # The roots then lie outside; only how small it may be is still known.
        ends = [end for end in _roots(leading, middle, root) if 0 <= end <= a / b]
        return Estimate(a / b, max(ends, default=0.0), None, n)
    return Estimate(a / b, (middle - root) / leading, (middle + root) / leading, n)


def student(confidence: float, freedom: int) -> float:
    """How many standard errors an interval reaches where the variance is an estimate: Student's t
    by its expansion, to 1 % from 3 degrees of freedom on."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + math.fsum(term / freedom**power for power, term in enumerate(terms, 1))


def _roots(leading: float, middle: float, root: float) -> list[float]:
    return [(middle - root) / leading, (middle + root) / leading] if leading else []


def percentiles(values: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Each the least value that so many do not exceed; 0 where there are none."""
    ordered = sorted(values)
    if not ordered:
        return [0.0 for _ in shares]
    last = len(ordered) - 1
    return [ordered[min(last, max(0, math.ceil(share * len(ordered)) - 1))] for share in shares]
