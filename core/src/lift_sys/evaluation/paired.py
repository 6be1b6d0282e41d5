"""Statistics of pairs, task by task, by SciPy and statsmodels: neither is imported before it is
needed.

A task is what is drawn at random: values are its means over epochs, so epochs are its cluster.
"""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from ..errors import InputError
from .ratios import Estimate

ALPHA: Final = 0.05
POWER: Final = 0.8
_RESAMPLES: Final = 9_999
_FEWER: Final = 1_999
_MANY: Final = 1_000
"""Tasks from which on fewer resamples will do."""
_AT_ONCE: Final = 2_000_000
"""Values in memory."""


def library(name: str) -> Any:
    """Raises InputError where it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise InputError(
            f"comparing needs {name.partition('.')[0]}, which cannot be imported: {error}",
            remedy="pip install 'lift-sys[stats]'",
        ) from error


@dataclass(frozen=True, slots=True)
class Pairing:
    """Draws resamples; the same seed, the same ones."""

    seed: int = 0

    def mean_difference(self, values: Sequence[float]) -> Estimate:
        """Of differences in [-1, 1]: BCa bootstrap over tasks.

        Where all are alike nothing is known of how they vary: then as far off as the first task
        that is otherwise could be (Clopper and Pearson).
        """
        n = len(values)
        mean = math.fsum(values) / n
        if len(set(values)) == 1:
            proportion = library("statsmodels.stats.proportion")
            slack = float(proportion.proportion_confint(0, n, ALPHA, method="beta")[1])
            return Estimate(mean, max(-1.0, mean - slack), min(1.0, mean + slack), n)
        found = self._bootstrap([values], _mean, "BCa")
        if found is None:
            found = self._bootstrap([values], _mean, "percentile")
        assert found is not None, "the mean of a resample is a number"
        return Estimate(mean, *found, n)

    def ratio(
        self,
        above: tuple[Sequence[float], Sequence[float]],
        below: tuple[Sequence[float], Sequence[float]],
    ) -> Estimate | None:
        """One ratio of sums by another, over the same tasks. None: one of the sums is nothing."""
        if any(math.fsum(part) <= 0 for part in (*above, *below)):
            return None
        (a, b), (c, d) = above, below
        value = math.fsum(a) / math.fsum(b) / (math.fsum(c) / math.fsum(d))
        found = self._bootstrap([a, b, c, d], _ratio, "percentile")
        if found is None:
            return Estimate(value, None, None, len(a))
        return Estimate(value, *found, len(a))

    def p_of_means(self, before: Sequence[float], after: Sequence[float]) -> float:
        """That the two are as different by chance: signs of whole tasks turned at random."""
        if len(before) < 2 or all(x == y for x, y in zip(before, after, strict=True)):
            return 1.0
        numpy, stats = library("numpy"), library("scipy.stats")
        found = stats.permutation_test(
            (numpy.asarray(after), numpy.asarray(before)),
            _difference,
            permutation_type="samples",
            n_resamples=_RESAMPLES,
            batch=max(1, _AT_ONCE // len(before)),
            vectorized=True,
            rng=numpy.random.default_rng(self.seed),
        )
        return float(found.pvalue)

    def _bootstrap(
        self, samples: Sequence[Sequence[float]], of: Any, method: str
    ) -> tuple[float, float] | None:
        """None: no number bounds it."""
        numpy, stats = library("numpy"), library("scipy.stats")
        n = len(samples[0])
        if n < 2:
            return None
        with numpy.errstate(all="ignore"), warnings.catch_warnings():
            # Of resamples in which nothing varies, or nothing is right: seen in what comes out.
            warnings.simplefilter("ignore")
            found = stats.bootstrap(
                [numpy.asarray(each, dtype=float) for each in samples],
                of,
                paired=True,
                method=method,
                n_resamples=_FEWER if n > _MANY else _RESAMPLES,
                batch=max(1, _AT_ONCE // n),
                vectorized=True,
                confidence_level=1 - ALPHA,
                rng=numpy.random.default_rng(self.seed),
            ).confidence_interval
        ends = float(found.low), float(found.high)
        return ends if all(map(math.isfinite, ends)) else None


def mcnemar(broken: int, mended: int) -> float:
    """Exact: that as many flip one way and the other by chance."""
    tables = library("statsmodels.stats.contingency_tables")
    return float(tables.mcnemar([[0, broken], [mended, 0]], exact=True).pvalue)


def holm(values: Sequence[float]) -> list[float]:
    """Adjusted for how many there are."""
    if not values:
        return []
    tests = library("statsmodels.stats.multitest")
    return [float(each) for each in tests.multipletests(values, ALPHA, method="holm")[1]]


def detectable(values: Sequence[float], comparisons: int = 1) -> float | None:
    """The mean difference that as many tasks, varying so, would have shown in 8 of 10 cases."""
    spread = _spread(values)
    return None if spread is None else spread * math.sqrt(_tasks_of_one(comparisons) / len(values))


def needed(values: Sequence[float], difference: float, comparisons: int = 1) -> int | None:
    """How many tasks, varying so, would show this mean difference in 8 of 10 cases."""
    spread = _spread(values)
    if spread is None or not difference:
        return None
    return math.ceil(_tasks_of_one(comparisons) * (spread / difference) ** 2)


def _spread(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    spread = float(library("numpy").std(values, ddof=1))
    return spread or None


def _tasks_of_one(comparisons: int) -> float:
    """To show a difference as large as the standard deviation."""
    power = library("statsmodels.stats.power")
    return float(power.normal_sample_size_one_tail(1, POWER, ALPHA / comparisons / 2))


def _mean(values: Any, axis: int = -1) -> Any:
    return values.mean(axis=axis)


def _difference(after: Any, before: Any, axis: int = -1) -> Any:
    return (after - before).mean(axis=axis)


def _ratio(a: Any, b: Any, c: Any, d: Any, axis: int = -1) -> Any:
    return a.sum(axis=axis) / b.sum(axis=axis) / (c.sum(axis=axis) / d.sum(axis=axis))
