"""Which pairs are compared, and what comes of the comparisons."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair judged in both orders; `share` is the first one's part of the win."""

    first: int
    second: int
    share: float


def pairs(count: int, most: int) -> list[tuple[int, int]]:
    """All of them where there are few; else so that each takes part about equally often."""
    chosen: list[tuple[int, int]] = []
    for distance in range(1, count // 2 + 1):
        ring = count // 2 if 2 * distance == count else count
        for first in range(ring):
            if len(chosen) == most:
                return chosen
            chosen.append((first, (first + distance) % count))
    return chosen


def share(forward: str, backward: str, lengths: tuple[int, int], control: float) -> float:
    """Of the one that stood first in `forward`, from what was said in both orders.

    One that wins in one place only wins by its place: a tie. A win counts the less the longer
    the winner is beside the loser, and never less than a tie.
    """
    swapped = {"A": "B", "B": "A"}.get(backward, "tie")
    if forward != swapped or forward == "tie":
        return 0.5
    won, lost = lengths if forward == "A" else lengths[::-1]
    worth = min(1.0, lost / won) ** control if won else 1.0
    return 0.5 + worth / 2 if forward == "A" else 0.5 - worth / 2


def shares(compared: Iterable[Compared]) -> dict[int, list[float]]:
    """Of each that was compared, its part of every pair it stood in."""
    found: dict[int, list[float]] = {}
    for each in compared:
        for place, value in _sides(each):
            found.setdefault(place, []).append(value)
    return found


def _sides(each: Compared) -> Iterator[tuple[int, float]]:
    yield each.first, each.share
    yield each.second, 1 - each.share
