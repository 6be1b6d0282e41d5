"""Which tiers pay: each is worth what it solves less what it costs, and what is tried after it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chances:
    """Of one tier, for one task."""

    fresh: float
    """P(pass) of an attempt that begins here."""
    after: float
    """P(pass) after another tier has failed."""
    mistaken: float
    """P(wrong) of what passes."""
    usd: float
    """Of an attempt that begins here."""
    usd_after: float
    """Of one that goes on where another has failed, which may keep the specification."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The tiers to try, one after another, by their places."""

    places: tuple[int, ...]
    value: float
    """US dollars that it is worth."""


def best_chain(tiers: Sequence[Chances], worth: float) -> Chain:
    """A task is begun even where that does not pay: somebody asked for it."""
    rest = [Chain((), 0.0)] * (len(tiers) + 1)
    """Of each place: the best way on from there, once something has failed."""
    for place in range(len(tiers) - 1, -1, -1):
        tier = tiers[place]
        here = _tried(tier, tier.after, tier.usd_after, place, rest[place + 1], worth)
        rest[place] = max(rest[place + 1], here, key=lambda chain: chain.value)
    starts = [
        _tried(tier, tier.fresh, tier.usd, place, rest[place + 1], worth)
        for place, tier in enumerate(tiers)
    ]
    return max(starts, key=lambda chain: chain.value)


def _tried(
    tier: Chances, passes: float, usd: float, place: int, then: Chain, worth: float
) -> Chain:
    value = passes * (1 - tier.mistaken) * worth - usd + (1 - passes) * then.value
    return Chain((place, *then.places), value)
