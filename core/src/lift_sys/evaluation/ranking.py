"""How well scores rank right above wrong: the area under the ROC curve, with its interval."""

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from statistics import NormalDist
from typing import NamedTuple

from .rates import CONFIDENCE
from .ratios import Estimate, ratio


class Ranked(NamedTuple):
    """A scored candidate."""

    task: Hashable
    """Candidates of one task hang together."""
    group: Hashable
    """Those that were candidates beside each other."""
    score: float
    right: bool


def auc(ranked: Sequence[Ranked], confidence: float = CONFIDENCE) -> Estimate | None:
    """How often a right one, whichever, is above a wrong one; equal scores count half.

    The interval is DeLong's with tasks as clusters (Obuchowski 1997), on the logit scale, so that
    it stays within 0 and 1. None where all are right, or all wrong.
    """
    m = sum(each.right for each in ranked)
    n = len(ranked) - m
    if not m or not n:
        return None
    above = _placements(ranked, m, n)
    area = math.fsum(share for each, share in zip(ranked, above, strict=True) if each.right) / m
    sums: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for each, share in zip(ranked, above, strict=True):
        sums[each.task][each.right] += share - area
    tasks = len(sums)
    if tasks < 2:
        return Estimate(area, None, None, tasks)
    grow = tasks / (tasks - 1)
    of_right = grow * math.fsum(right * right for _, right in sums.values()) / (m * m)
    of_wrong = grow * math.fsum(wrong * wrong for wrong, _ in sums.values()) / (n * n)
    both = grow * math.fsum(wrong * right for wrong, right in sums.values()) / (m * n)
    variance = max(0.0, of_right + of_wrong + 2 * both)
    return _within(area, variance, tasks, m, n, confidence)


def auc_within(ranked: Sequence[Ranked]) -> Estimate | None:
    """The same, of pairs that stood beside each other alone: what choosing among them needs.

    None where no right one stood beside a wrong one.
    """
    groups: dict[tuple[Hashable, Hashable], list[Ranked]] = defaultdict(list)
    for each in ranked:
        groups[each.task, each.group].append(each)
    won: dict[Hashable, float] = defaultdict(float)
    pairs: dict[Hashable, float] = defaultdict(float)
    for (task, _), members in groups.items():
        m = sum(each.right for each in members)
        if m and m < len(members):
            above = _placements(members, m, len(members) - m)
            of_right = [s for each, s in zip(members, above, strict=True) if each.right]
            won[task] += math.fsum(of_right) * (len(members) - m)
            pairs[task] += m * (len(members) - m)
    found = ratio([won[task] for task in pairs], [*pairs.values()])
    if found is None:
        return None
    if won.keys() and math.isclose(found.value, round(found.value)):
        # All pairs alike say nothing of how they vary: as far off as one pair each could be.
        return _rule_of_three(found)
    low = None if found.low is None else max(0.0, found.low)
    high = None if found.high is None else min(1.0, found.high)
    return Estimate(found.value, low, high, found.n)


def _rule_of_three(found: Estimate) -> Estimate:
    slack = 1 - 0.05 ** (1 / found.n)
    value = round(found.value)
    return Estimate(value, max(0.0, value - slack), min(1.0, value + slack), found.n)


def _placements(ranked: Sequence[Ranked], m: int, n: int) -> list[float]:
    """For each right one the share of wrong ones below it, for each wrong one that of right ones
    above it; equals count half."""
    order = sorted(range(len(ranked)), key=lambda place: ranked[place].score)
    found = [0.0] * len(ranked)
    right_below = wrong_below = start = 0
    while start < len(order):
        score, end = ranked[order[start]].score, start
        while end < len(order) and ranked[order[end]].score == score:
            end += 1
        equals = order[start:end]
        right = sum(ranked[place].right for place in equals)
        wrong = len(equals) - right
        for place in equals:
            if ranked[place].right:
                found[place] = (wrong_below + wrong / 2) / n
            else:
                found[place] = (m - right_below - right / 2) / m
        right_below, wrong_below, start = right_below + right, wrong_below + wrong, end
    return found


def _within(
    area: float, variance: float, tasks: int, m: int, n: int, confidence: float
) -> Estimate:
    # At the ends the variance is 0, which would claim certainty: half a pair is taken off.
    inner = min(max(area, 0.5 / (m * n + 1)), 1 - 0.5 / (m * n + 1))
    if inner != area:
        return _rule_of_three(Estimate(area, None, None, min(tasks, m, n)))
    centre = math.log(inner / (1 - inner))
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    half = z * math.sqrt(variance) / (inner * (1 - inner))
    low, high = (
        1 / (1 + math.exp(-end)) if end > -700 else 0.0 for end in (centre - half, centre + half)
    )
    return Estimate(area, low, high, tasks)
