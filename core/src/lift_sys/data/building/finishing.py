"""From examples to the files of a data set: reviewed, clustered, split, counted, written."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from ...errors import InputError
from ...ir import Frozen
from ..contamination import Contamination
from ..splits import split
from .apart import check_apart
from .card import card_of
from .folder import CARD, MANIFEST, PARTS, Manifest, file_of, negatives_file_of, write
from .plan import Plan
from .records import STAGES, DatasetExample, Negative
from .review import Decisions


def finish(
    folder: Path,
    plan: Plan,
    origin: Mapping[str, Any],
    examples: Sequence[DatasetExample],
    negatives: Sequence[Negative],
    clusters: Mapping[str, str],
    funnel: Mapping[str, int],
    decisions: Decisions,
    known: Contamination,
) -> Manifest:
    """`clusters` says which cluster stands for each: all of one behaviour are one."""
    kept = [_in_cluster(one, clusters) for one in decisions.apply(examples)]
    if not kept:
        raise InputError("every example was rejected", remedy="build another data set")
    parts = split(kept)
    part_of = {one.cluster: part for part, members in parts.items() for one in members}
    wrong: dict[str, list[Negative]] = {part: [] for part in PARTS}
    for one in decisions.apply_to_negatives(negatives):
        cluster = clusters[one.cluster]
        if cluster in part_of:
            wrong[part_of[cluster]].append(one.model_copy(update={"cluster": cluster}))
    texts = {file_of(part): _lines(parts[part]) for part in PARTS}
    texts |= {negatives_file_of(part): _lines(wrong[part]) for part in PARTS}
    everything = [one for part in wrong.values() for one in part]
    manifest = Manifest(
        command=plan.command,
        origin=dict(origin),
        asked=plan.count,
        funnel=dict(funnel),
        examples={part: len(members) for part, members in parts.items()},
        clusters={part: len({one.cluster for one in members}) for part, members in parts.items()},
        negatives={part: len(members) for part, members in wrong.items()},
        categories={part: _counted(one.category for one in parts[part]) for part in PARTS},
        difficulties={part: _counted(one.difficulty for one in parts[part]) for part in PARTS},
        families=_counted(one.family for one in kept),
        quality=_quality(kept),
        mistakes=_by_stage(everything, lambda one: one.failure.category),
        operators=_by_stage(everything, lambda one: one.operator),
        reviewed=dict(decisions.counted(examples)),
        checks=check_apart(parts, known),
        digests={name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()},
    )
    texts[CARD] = card_of(manifest)
    texts[MANIFEST] = json.dumps(manifest.model_dump(mode="json"), indent=1, sort_keys=True) + "\n"
    write(folder, texts)
    return manifest


def _in_cluster(example: DatasetExample, clusters: Mapping[str, str]) -> DatasetExample:
    return example.model_copy(update={"cluster": clusters[example.cluster]})


def _lines(records: Iterable[Frozen]) -> str:
    return "".join(f"{each.model_dump_json()}\n" for each in records)


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _by_stage(
    negatives: Sequence[Negative], key: Callable[[Negative], str]
) -> dict[str, dict[str, int]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in negatives:
        found[one.stage].append(key(one))
    return {stage: _counted(found[stage]) for stage in STAGES}


def _quality(examples: Sequence[DatasetExample]) -> dict[str, float]:
    every = [example.quality for example in examples]
    means = {
        "literals": fmean(each.literals for each in every),
        "assertions": fmean(each.assertions for each in every),
        "branches": fmean(each.branches for each in every),
        "score": fmean(each.score for each in every),
        "lowest": min(each.score for each in every),
    }
    return {name: round(value, 4) for name, value in means.items()}
