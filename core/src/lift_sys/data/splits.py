"""Data sets as files: split by cluster, the same share of every category in each part."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from ..errors import InputError
from .dataset import TrainingExample
from .suite import VERSION

SHARES: Final[Mapping[str, float]] = {"train": 0.8, "validation": 0.1, "test": 0.1}


def split(examples: Sequence[TrainingExample]) -> dict[str, list[TrainingExample]]:
    """Whole clusters go to one part, in the order of their digests."""
    clusters: dict[str, dict[str, list[TrainingExample]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        clusters[example.category][example.cluster].append(example)
    parts: dict[str, list[TrainingExample]] = {name: [] for name in SHARES}
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


def write(
    folder: Path, examples: Sequence[TrainingExample], *, settings: Mapping[str, object]
) -> dict[str, object]:
    """`NAME.jsonl` for each part and `dataset.json`, which names their digests; all or nothing."""
    if not examples:
        raise InputError("there are no examples to write", remedy="ask for more")
    parts = split(examples)
    texts = {
        f"{name}.jsonl": "".join(f"{each.model_dump_json()}\n" for each in part)
        for name, part in parts.items()
    }
    card: dict[str, object] = {
        "generator": VERSION,
        "settings": dict(settings),
        "examples": {name: len(part) for name, part in parts.items()},
        "clusters": {name: len({e.cluster for e in part}) for name, part in parts.items()},
        "categories": _counted(example.category for example in examples),
        "difficulties": _counted(example.difficulty for example in examples),
        "families": _counted(example.family for example in examples),
        "digests": {n: hashlib.sha256(text.encode()).hexdigest() for n, text in texts.items()},
    }
    texts["dataset.json"] = json.dumps(card, indent=1, sort_keys=True) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.part").write_text(text, encoding="utf-8")
    for name in texts:  # the card comes last: where it stands, the files it names are whole
        (folder / f"{name}.part").replace(folder / name)
    return card


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
