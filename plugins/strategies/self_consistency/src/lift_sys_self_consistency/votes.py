"""When a vote is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb


@dataclass(frozen=True, slots=True)
class Tally:
    """One cluster's votes."""

    count: int
    weight: float
    first: int
    """When its first vote came: of equals the earlier one leads."""


def in_order(tallies: Sequence[Tally]) -> list[int]:
    """The places of the tallies, the leader's first."""
    return sorted(range(len(tallies)), key=lambda at: (-tallies[at].weight, tallies[at].first))


def is_settled(tallies: Sequence[Tally], left: int) -> bool:
    """Whether `left` more votes, none of which weighs more than 1, cannot change the leader."""
    leader, *others = (tallies[place] for place in in_order(tallies))
    if left > leader.weight:
        return False  # they might all be for something new
    return all(
        other.weight + left < leader.weight
        or (other.weight + left == leader.weight and leader.first < other.first)
        for other in others
    )


def certainty(tallies: Sequence[Tally]) -> float:
    """How likely the leader is the more frequent of itself and the strongest of the others.

    With a uniform prior the leader's share of their votes is Beta(a + 1, b + 1), and the chance
    that it is over one half is a sum of binomial terms (adaptive consistency).
    """
    place = in_order(tallies)[0]
    a = tallies[place].count
    b = max((each.count for at, each in enumerate(tallies) if at != place), default=0)
    trials = a + b + 1
    return sum(comb(trials, k) for k in range(a + 1)) / 2**trials
