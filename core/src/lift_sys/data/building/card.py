"""The card of a data set: what is in it, how it was made, what it is kept apart from."""

from collections.abc import Mapping, Sequence
from typing import Final

from ..families.concept import CATEGORIES, DIFFICULTIES
from .folder import PARTS, Counts, Manifest

FUNNEL: Final = {
    "drawn": "functions drawn from the families",
    "for_training": "whose parameters are not kept for evaluation",
    "clean": "that do what no known task asks for",
    "passed": "whose specification, code and answers agree when run",
    "worded": "requests made for these",
    "kept": "neither known nor a repeat for the same function",
    "good": "with the quality asked for",
    "distinct": "neither a repeat of the same behaviour nor too many of it",
    "mistakes_tried": "mistakes planted in specifications and code",
    "mistakes_found": "wrong when run",
}
"""What is left after each step."""

_VERSION: Final = (
    "lift-sys {lift_sys}, generator {generator}. The same command, version and decisions give the "
    "same bytes on every machine."
)
_ABOUT_PARTS: Final = (
    "Whole clusters (functions that do the same) are in one part; each part has the same share of "
    "every category. `NAME.jsonl` has the examples, `NAME.negatives.jsonl` mistakes made from "
    "them, each with what running it showed and with its correction."
)
_ABOUT_QUALITY: Final = (
    "Each is a share between 0 and 1, and the score is their mean: of the request's literals, "
    "those that the specification spells out; of the code's wrong variants, those that an "
    "assertion of the specification denies; of the code's branches, those that the visible "
    "examples run."
)


def card_of(manifest: Manifest) -> str:
    parts = [
        "# A data set of requests, specifications and code",
        f"Digest `{manifest.digest}`. Made by:",
        f"    {manifest.command}",
        _VERSION.format_map(manifest.origin),
        _asked(manifest),
        "## Parts",
        _parts(manifest),
        _ABOUT_PARTS,
        "## Categories and difficulties",
        _by_part("category", CATEGORIES, manifest.categories),
        _by_part("difficulty", DIFFICULTIES, manifest.difficulties),
        "## Yield",
        _table(("left", "", "count"), [(n, t, manifest.funnel[n]) for n, t in FUNNEL.items()]),
        "## Quality",
        _ABOUT_QUALITY,
        _table(("", "mean"), [*manifest.quality.items()]),
        "## Mistakes",
        *(_mistakes(manifest, stage) for stage in manifest.mistakes),
        "## Apartness",
        *_apartness(manifest),
        "## Review",
        _table(("decision", "examples"), [*manifest.reviewed.items()]),
        "## Families",
        _table(("family", "examples"), [*manifest.families.items()]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _asked(manifest: Manifest) -> str:
    found = manifest.funnel["distinct"]
    if found >= manifest.asked:
        return ""
    return f"Asked for were {manifest.asked:,} examples: the families have no more different ones."


def _parts(manifest: Manifest) -> str:
    rows = [
        (part, manifest.examples[part], manifest.clusters[part], manifest.negatives[part])
        for part in PARTS
    ]
    return _table(("part", "examples", "clusters", "negatives"), rows)


def _by_part(title: str, names: Sequence[str], counts: Mapping[str, Counts]) -> str:
    rows = [(name, *(counts[part].get(name, 0) for part in PARTS)) for name in names]
    return _table((title, *PARTS), rows)


def _mistakes(manifest: Manifest, stage: str) -> str:
    told = {"specify": "Wrong specifications", "implement": "Wrong code"}[stage]
    shown = _table(("category", "count"), [*manifest.mistakes[stage].items()])
    planted = _table(("planted by", "count"), [*manifest.operators[stage].items()])
    return f"{told}:\n\n{shown}\n\n{planted}" if manifest.mistakes[stage] else ""


def _apartness(manifest: Manifest) -> Sequence[str]:
    checks = manifest.checks
    suites = ", ".join(manifest.origin["plan"]["against"])
    rows = [
        ("clusters in two parts", checks.clusters_in_two_parts),
        ("requests in two parts", checks.requests_in_two_parts),
        ("functions kept for evaluation", checks.kept_for_evaluation),
    ]
    if suites:
        rows.append((f"requests like one of the {checks.known_tasks} of {suites}", checks.known))
    alike = ", ".join(f"{count} of {name}" for name, count in checks.alike.items())
    return (
        _table(("found", "count"), rows),
        f"Requests that are worded like one for training and ask for another function: {alike}.",
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value).replace("|", "\\|")
