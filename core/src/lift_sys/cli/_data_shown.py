"""Data sets and their lines as a person reads them."""

from collections.abc import Iterator, Sequence

from ..data.building.card import FUNNEL
from ..data.building.folder import PARTS, Manifest
from ..data.building.records import DatasetExample, Negative
from ..data.families.concept import CATEGORIES, DIFFICULTIES
from ..ir import render_text
from ._terminal import line

_REQUEST = 70

Rows = list[list[str]]


def counts(manifest: Manifest) -> Iterator[tuple[str, Rows]]:
    """Tables with their titles."""
    yield (
        "parts",
        [
            ["", "examples", "clusters", "negatives"],
            *([part, *(f"{of[part]:,}" for of in _of_parts(manifest))] for part in PARTS),
        ],
    )
    yield "categories", _by_part(manifest.categories, CATEGORIES)
    yield "difficulties", _by_part(manifest.difficulties, DIFFICULTIES)
    told = [(text, manifest.funnel.get(name)) for name, text in FUNNEL.items()]
    yield "yield", [[text, f"{count:,}"] for text, count in told if count is not None]
    yield "quality", [[name, f"{value:.3f}"] for name, value in manifest.quality.items()]
    for stage, found in manifest.mistakes.items():
        if found:
            yield f"mistakes ({stage})", [[name, f"{count:,}"] for name, count in found.items()]
    yield "reviewed", [[name, f"{count:,}"] for name, count in manifest.reviewed.items()]
    yield "families", [[name, f"{count:,}"] for name, count in manifest.families.items()]


def _of_parts(manifest: Manifest) -> Sequence[dict[str, int]]:
    return manifest.examples, manifest.clusters, manifest.negatives


def _by_part(found: dict[str, dict[str, int]], names: Sequence[str]) -> Rows:
    return [
        ["", *PARTS],
        *([name, *(f"{found[part].get(name, 0):,}" for part in PARTS)] for name in names),
    ]


def rows_of(records: Sequence[DatasetExample | Negative]) -> Rows:
    return [["id", "family", "", "request"], *(_row(record) for record in records)]


def _row(record: DatasetExample | Negative) -> list[str]:
    request = " ".join(record.request.split())
    begin = request if len(request) <= _REQUEST else f"{request[: _REQUEST - 3]}..."
    if isinstance(record, Negative):
        return [record.id, record.family, f"{record.stage}: {record.failure.category}", begin]
    return [record.id, record.family, f"{record.quality.score:.2f}", begin]


def lines_of(record: DatasetExample | Negative) -> Iterator[str]:
    """A specification or code, where it is wrong, after the right one."""
    yield line(f"{record.id}: {record.family}, {record.category}, {record.difficulty}")
    if isinstance(record, DatasetExample):
        quality = record.quality
        parts = f"literals {quality.literals}, assertions {quality.assertions}"
        yield line(f"quality {quality.score} ({parts}, branches {quality.branches})")
    yield from ("", record.request, "", render_text(record.ir).rstrip("\n"))
    yield from ("", record.code.rstrip("\n"))
    if isinstance(record, Negative):
        yield from _mistake(record)
        return
    yield ""
    for example in record.examples:
        call = example.call(record.ir.signature.name)
        yield line(
            f"{call} raises {example.raises}"
            if example.raises
            else f"{call} == {example.expected!r}"
        )


def _mistake(record: Negative) -> Iterator[str]:
    wrong = render_text(record.wrong_ir) if record.wrong_ir is not None else record.wrong_code or ""
    yield from ("", line(f"wrong ({record.operator} in {record.place}):"), wrong.rstrip("\n"), "")
    failure = record.failure
    yield line(f"{failure.category}: {failure.message}")
    if failure.input is not None:
        yield line(f"  {failure.input}")
    if failure.expected is not None:
        yield line(f"  expected {failure.expected}, got {failure.got or '?'}")
