"""`lift data`: data sets to train with: built, counted, shown, reviewed by a person."""

import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import click
from pydantic import ValidationError

from ..checking.sandbox import default_sandbox
from ..data.building.builder import Progress, build
from ..data.building.card import FUNNEL
from ..data.building.folder import PARTS, DataSet, Manifest
from ..data.building.journal import Journal
from ..data.building.plan import Plan
from ..data.building.records import DatasetExample, Negative
from ..data.contamination import Contamination, Known
from ..errors import InputError
from ..evaluation.sources import named_source
from ..pipeline.alone import named_engine
from ..pipeline.edge import run_async
from ..plugins import PluginManager
from ._data_review import review
from ._data_shown import counts, lines_of, rows_of
from ._engines import engine_option
from ._folder_lock import alone_in
from ._terminal import columns, err, line, out, out_json

JSON_VERSION = 1
_PATIENCE = 5.0
"""Seconds between two lines of progress."""

_folder_argument = click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER"
)
_part_option = click.option(
    "--part", "parts", multiple=True, type=click.Choice(PARTS), help="Only of this part."
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(name="data")
def command() -> None:
    """Build a data set in FOLDER from the training families; count, show and review what is in
    it."""


@command.command("build")
@_folder_argument
@click.option("--count", type=int, help="Examples (1000).")
@click.option("--seed", type=int, help="Another seed, other examples (0).")
@click.option("--wordings", type=int, help="Requests for each function (3).")
@click.option("--typos", type=float, help="Share of words with a slip, in half of them (0).")
@click.option("--per-behaviour", type=int, help="At most so many for one behaviour (12).")
@click.option("--negatives", type=int, help="Mistakes for each function and stage (1).")
@click.option("--min-quality", type=float, help="Leave examples below it out (0).")
@click.option("--family", "families", multiple=True, help="Only this family; several times.")
@click.option("--curriculum", type=int, help="1; 2, 3: more styles, composed functions (1).")
@click.option(
    "--against",
    multiple=True,
    metavar="SUITE",
    help="Nothing may resemble its tasks: a data source, or a .jsonl file. Several times.",
)
@engine_option
@click.option("--quiet", is_flag=True, help="No progress.")
@_json_option
@click.option("--allow-unsandboxed", is_flag=True, help="Run the code even unprotected.")
def build_command(
    folder: Path, engine: str, quiet: bool, as_json: bool, allow_unsandboxed: bool, **given: Any
) -> None:
    """Build a data set. Killed at any point, the same command goes on; without options it goes on
    with those it was begun with. What was reviewed is applied."""
    plan = _plan(folder, {name: value for name, value in given.items() if value not in (None, ())})
    contamination = _contamination(plan.against)
    told = _Told(quiet=quiet)
    with alone_in(folder):
        manifest = run_async(_built(folder, plan, contamination, allow_unsandboxed, engine, told))
    if as_json:
        out_json(_document(manifest))
        return
    for row in columns([[text, f"{manifest.funnel[name]:,}"] for name, text in FUNNEL.items()]):
        out(row)
    found = sum(manifest.examples.values())
    told = f"{found:,} examples, {sum(manifest.negatives.values()):,} negatives"
    if manifest.funnel["distinct"] < manifest.asked:
        told += f" (asked for {manifest.asked:,}: the families have no more different ones)"
    out(line(f"{folder}: {told}, digest {manifest.digest[:16]}"))
    empty = [part for part in PARTS if not manifest.examples[part]]
    if empty:
        out(line(f"nothing is in {' and '.join(empty)}: ask for more examples with --count"))


@command.command("stats")
@_folder_argument
@_json_option
def stats(folder: Path, as_json: bool) -> None:
    """Count what is in a data set, after verifying its digests."""
    manifest = DataSet.open(folder).manifest
    if as_json:
        out_json(_document(manifest))
        return
    out(line(f"digest {manifest.digest}"))
    out(line(f"made by: {manifest.command}"))
    for title, rows in counts(manifest):
        out()
        out(title)
        for row in columns(rows):
            out(row)


@command.command("show")
@_folder_argument
@click.argument("example_id", metavar="[ID]", required=False)
@_part_option
@click.option("--category", "categories", multiple=True, help="Only of this category.")
@click.option("--family", "families", multiple=True, help="Only of this family.")
@click.option("--negatives", is_flag=True, help="The mistakes instead of the examples.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many."
)
@_json_option
def show(
    folder: Path,
    example_id: str | None,
    parts: Sequence[str],
    categories: Sequence[str],
    families: Sequence[str],
    negatives: bool,
    limit: int,
    as_json: bool,
) -> None:
    """List examples, or show the one whose id begins with ID."""
    dataset = DataSet.open(folder)
    every = dataset.negatives(*parts) if negatives else dataset.examples(*parts)
    records: list[DatasetExample | Negative] = [
        record
        for record in every
        if record.category in (categories or (record.category,))
        and record.family in (families or (record.family,))
        and record.id.startswith(example_id or "")
    ]
    if not records:
        raise InputError(
            f"nothing in {folder} is like that", remedy="`lift data stats` counts what there is"
        )
    if as_json:
        for record in records[:limit]:
            out_json(record.model_dump(mode="json"))
    elif example_id is None:
        for row in columns(rows_of(records[:limit]), indent=""):
            out(row)
        out(f"{min(limit, len(records)):,} of {len(records):,}")
    elif len(records) > 1:
        raise InputError(
            f"{len(records)} ids begin with {example_id!r:.40}", remedy="give more of it"
        )
    else:
        for text in lines_of(records[0]):
            out(text)


@command.command("review")
@_folder_argument
@_part_option
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@click.option("--again", is_flag=True, help="Those decided about before, too.")
def review_command(folder: Path, parts: Sequence[str], limit: int | None, again: bool) -> None:
    """Accept, edit or reject examples, the least good first; `lift data build FOLDER` applies it.

    An edited example is run again, and must do what it did.
    """
    if not sys.stdin.isatty():
        raise InputError(
            "there is nobody to ask: standard input is no terminal",
            remedy="review in a terminal",
        )
    dataset = DataSet.open(folder)
    for text in review(dataset, parts, limit, again=again):
        out(text)


def _plan(folder: Path, given: dict[str, Any]) -> Plan:
    begun = Journal.origin_in(folder) if folder.is_dir() else None
    try:
        return Plan.model_validate(given if given or begun is None else begun["plan"])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0]).replace("_", "-")
        raise InputError(
            f"--{name}: {first['msg']}", remedy="see `lift data build --help`"
        ) from None


def _contamination(suites: Sequence[str]) -> Contamination:
    """By their tasks as anybody sees them: what grades them is asked for by nobody here."""
    manager = PluginManager.installed()
    sources = [named_source(name, {}, manager) for name in suites]
    return Contamination(tuple(Known.of(task) for one in sources for task in one.tasks()))


async def _built(
    folder: Path,
    plan: Plan,
    contamination: Contamination,
    unsandboxed: bool,
    engine: str,
    told: "_Told",
) -> Manifest:
    where = named_engine(engine, PluginManager.installed())
    sandbox = default_sandbox(allow_unsandboxed=unsandboxed)
    try:
        return await build(
            folder,
            plan,
            sandbox,
            contamination=contamination,
            tell=told,
            engine=where,
            allow_unsandboxed=unsandboxed,
        )
    finally:
        await sandbox.aclose()
        await where.aclose()


class _Told:
    """Progress on standard error, a line now and then."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._start = self._last = monotonic()
        self._first: int | None = None

    def __call__(self, progress: Progress) -> None:
        now = monotonic()
        if self._first is None:
            self._first = progress.before
        ended = progress.done >= progress.of
        if self._quiet or (now - self._last < _PATIENCE and not ended):
            return
        self._last = now
        rate = (progress.done - self._first) / max(now - self._start, 0.001)
        negatives = f"{progress.negatives:,} negatives"
        err(f"{progress.done:,} of {progress.of:,} examples, {negatives}, {rate:.1f} a second")


def _document(manifest: Manifest) -> dict[str, Any]:
    told = manifest.model_dump(mode="json")
    return {"version": JSON_VERSION, "digest": manifest.digest, **told}
