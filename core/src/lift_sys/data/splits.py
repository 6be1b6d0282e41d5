"""Training, validation and test: split by cluster, the same share of every category in each."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from .dataset import TrainingExample

E = TypeVar("E", bound=TrainingExample)

SHARES: Final[Mapping[str, float]] = {"train": 0.8, "validation": 0.1, "test": 0.1}


def split(examples: Sequence[E]) -> dict[str, list[E]]:
    """Whole clusters go to one part, in the order of their digests."""
    whole: dict[str, list[E]] = defaultdict(list)
    for example in examples:
        whole[example.cluster].append(example)
    clusters: dict[str, dict[str, list[E]]] = defaultdict(dict)
    for cluster, members in whole.items():
        # One behaviour may be met in two categories: it counts for that of most.
        counted = Counter(example.category for example in members)
        clusters[max(sorted(counted), key=counted.__getitem__)][cluster] = members
    parts: dict[str, list[E]] = {name: [] for name in SHARES}
    for category in sorted(clusters):
        of_category = clusters[category]
        size = sum(map(len, of_category.values()))
        filled, names = 0, list(SHARES)
        bounds = [size * sum(list(SHARES.values())[: place + 1]) for place in range(len(names))]
        for cluster in sorted(of_category):
            members = of_category[cluster]
            middle = filled + len(members) / 2
            part = next(
                name for name, end in zip(names, bounds, strict=True) if middle <= end + 1e-6
            )
            parts[part] += members
            filled += len(members)
    return parts
