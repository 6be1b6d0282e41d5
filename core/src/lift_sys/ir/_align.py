"""Which element of one list has become which of another: kept, changed, moved, new or gone."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import product
from typing import Any, cast

from .canonical import to_json

_IDENTITIES = ("name", "id", "predicate", "when", "description")
_ALIKE = 0.5


def align(before: Sequence[Any], after: Sequence[Any]) -> dict[int, int]:
    """Old positions to new ones, of elements that are the same one, whether changed or not."""
    pairs: dict[int, int] = {}
    _match_by(before, after, pairs, to_json)
    for field in _IDENTITIES:
        _match_by(before, after, pairs, lambda item, field=field: _identity(item, field))
    _match_in_gaps(before, after, pairs)
    return pairs


def moved(pairs: dict[int, int]) -> set[int]:
    """The fewest old positions whose elements must have changed places."""
    olds = sorted(pairs)
    tails: list[int] = []
    ends: list[int] = []
    previous: dict[int, int | None] = {}
    for old in olds:
        new = pairs[old]
        place = bisect_left(tails, new)
        previous[old] = ends[place - 1] if place else None
        tails[place : place + 1] = [new]
        ends[place : place + 1] = [old]
    staying: set[int] = set()
    current = ends[-1] if ends else None
    while current is not None:
        staying.add(current)
        current = previous[current]
    return set(olds) - staying


def _match_by(
    before: Sequence[Any],
    after: Sequence[Any],
    pairs: dict[int, int],
    key: Callable[[Any], Hashable],
) -> None:
    free: dict[Hashable, list[int]] = defaultdict(list)
    taken = set(pairs.values())
    for new, item in enumerate(after):
        if new not in taken:
            free[key(item)].append(new)
    for old, item in enumerate(before):
        identity = key(item)
        if old not in pairs and identity is not None and free[identity]:
            pairs[old] = free[identity].pop(0)


def _identity(item: Any, field: str) -> Hashable:
    if not isinstance(item, dict) or field not in item:
        return None
    members = cast("dict[str, Any]", item)
    return members.get("kind") if field == "description" else "", str(members[field])


def _match_in_gaps(before: Sequence[Any], after: Sequence[Any], pairs: dict[int, int]) -> None:
    """What stands between the same neighbours: first the most alike, then by position."""
    back = {new: old for old, new in pairs.items()}
    olds = _gaps(len(before), pairs, lambda old: pairs[old])
    news = _gaps(len(after), back, lambda new: new)
    for neighbour, gap in olds.items():
        candidates = news.get(neighbour, [])
        scored = sorted(
            (-_likeness(before[old], after[new]), abs(old - new), old, new)
            for old, new in product(gap, candidates)
        )
        for likeness, _, old, new in scored:
            if -likeness >= _ALIKE and old not in pairs and new not in back:
                pairs[old], back[new] = new, old
        old_rest = [old for old in gap if old not in pairs]
        new_rest = [new for new in candidates if new not in back]
        if len(old_rest) == len(new_rest):
            for old, new in zip(old_rest, new_rest, strict=True):
                if _comparable(before[old], after[new]):
                    pairs[old], back[new] = new, old


def _gaps(
    length: int, matched: Iterable[int], neighbour: Callable[[int], int]
) -> dict[int, list[int]]:
    """Unmatched positions by the new position of the matched one before them."""
    known = set(matched)
    gaps: dict[int, list[int]] = defaultdict(list)
    last = -1
    for position in range(length):
        if position in known:
            last = neighbour(position)
        else:
            gaps[last].append(position)
    return gaps


def _comparable(before: Any, after: Any) -> bool:
    """Elements of different kinds do not become one another."""
    if isinstance(before, dict) and isinstance(after, dict):
        old, new = cast("dict[str, Any]", before), cast("dict[str, Any]", after)
        return old.get("kind") == new.get("kind")
    return not isinstance(before, dict) and not isinstance(after, dict)


def _likeness(before: Any, after: Any) -> float:
    if not _comparable(before, after):
        return 0.0
    old, new = (set(re.findall(r"\w+", to_json(item))) for item in (before, after))
    return len(old & new) / max(1, len(old | new))
