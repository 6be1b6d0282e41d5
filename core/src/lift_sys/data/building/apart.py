"""Whether the parts of a data set, and what it is kept apart from, are apart."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from ...errors import InputError, LiftError
from ..contamination import Contamination, MinHash
from .folder import Checks
from .functions import made_again
from .records import DatasetExample

_ALIKE = 0.8
_ROWS = 4
"""Texts that are this much alike agree in one of the bands of so many hashes, almost surely."""

Parts = Mapping[str, Sequence[DatasetExample]]


def check_apart(parts: Parts, known: Contamination) -> Checks:
    """Raises InputError for an example that a person edited into a known one."""
    for example in (one for part in parts.values() for one in part):
        why = known.of_words(example.request)
        if why is not None:
            raise InputError(
                f"the example {example.id} resembles a task that it must not: {why}",
                remedy="review it again: other words, or reject it",
            )
    checks = Checks(
        clusters_in_two_parts=_shared(parts, lambda one: one.cluster),
        requests_in_two_parts=_shared(parts, lambda one: one.request),
        kept_for_evaluation=sum(
            made_again(one).cell != "training" for part in parts.values() for one in part
        ),
        known=0,
        known_tasks=len(known.known),
        alike=_alike(parts),
    )
    if checks.clusters_in_two_parts or checks.requests_in_two_parts or checks.kept_for_evaluation:
        raise LiftError(f"the parts are not apart: {checks}", remedy="report it")
    return checks


def _shared(parts: Parts, key: Callable[[DatasetExample], str]) -> int:
    """Keys that are met in more than one part."""
    found = Counter(one for part in parts.values() for one in {key(each) for each in part})
    return sum(count > 1 for count in found.values())


def _alike(parts: Parts) -> dict[str, int]:
    (_, learnt), *others = parts.items()
    index: dict[tuple[int, ...], list[MinHash]] = {}
    for example in learnt:
        hashed = MinHash(example.request)
        for band in _bands(hashed):
            index.setdefault(band, []).append(hashed)
    return {
        name: sum(_has_alike(MinHash(example.request), index) for example in part)
        for name, part in others
    }


def _has_alike(hashed: MinHash, index: Mapping[tuple[int, ...], Sequence[MinHash]]) -> bool:
    near = (other for band in _bands(hashed) for other in index.get(band, ()))
    return any(hashed.likeness(other) >= _ALIKE for other in near)


def _bands(hashed: MinHash) -> Iterator[tuple[int, ...]]:
    for start in range(0, len(hashed.signature), _ROWS):
        yield start, *hashed.signature[start : start + _ROWS]
