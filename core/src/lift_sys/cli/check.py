"""`lift check`: every mistake in a pipeline file, or what the pipeline would do."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import click

from ..errors import ConfigError, Mistake
from ..pipeline.config import PluginRules
from ..pipeline.load import load
from ..pipeline.outline import Outline, Part, outline
from ..pipeline.remarks import remarks
from ..pipeline.trial import tell_building
from ..plugins import PluginManager, Policy
from ..prompts import PromptLibrary
from ._terminal import line, out

_FORM = 1
"""Version of the `--json` form."""


@click.command(name="check")
@click.argument("pipeline_file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change the pipeline.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(pipeline_file: Path, overrides: Sequence[str], as_json: bool) -> int:
    """Tell every mistake in FILE with its line, or what the pipeline would do.

    Its components are made, as a run would make them, and no model is called. Providers that no
    route uses are checked too. Exit status: 0 right, 2 wrong.
    """
    try:
        found, told = examined(pipeline_file, overrides)
    except ConfigError as error:
        _tell(error, as_json)
        return error.exit_code
    if as_json:
        remarked = [remark._asdict() for remark in told]
        _print_json(ok=True, mistakes=[], remarks=remarked, pipeline=found.to_json())
    else:
        out(line(f"{pipeline_file}: no mistakes"))
        for remark in told:
            out(line(f"note: {remark}"))
        for text in _lines(found):
            out(text)
    return 0


def examined(pipeline_file: Path, overrides: Sequence[str] = ()) -> tuple[Outline, list[Mistake]]:
    """What the pipeline would do, and what is right and hardly meant. Raises ConfigError with
    every mistake."""
    managers: list[PluginManager] = []

    def manager(rules: PluginRules) -> PluginManager:
        managers.append(PluginManager.installed(Policy.of(allow=rules.allow, deny=rules.deny)))
        return managers[0]

    # What plugins print must not get among what is told.
    with redirect_stdout(sys.stderr):
        resolved = load(pipeline_file, overrides=overrides, registry=manager, every_provider=True)
        PromptLibrary(resolved.settings.prompts)
        mistakes = tell_building(resolved, managers[0])
    if mistakes:
        raise ConfigError(mistakes)
    return outline(resolved), remarks(resolved)


def _tell(error: ConfigError, as_json: bool) -> None:
    if as_json:
        _print_json(ok=False, mistakes=[mistake._asdict() for mistake in error.mistakes])
        return
    for mistake in error.mistakes:
        out(line(str(mistake)))
    count = len(error.mistakes)
    out(f"{count} mistake{'s' if count > 1 else ''}")


def _print_json(**fields: Any) -> None:
    out(json.dumps({"version": _FORM, **fields}))


def _lines(found: Outline) -> Iterator[str]:
    yield "providers"
    for name, part in found.providers.items():
        yield from _part(f"{name}: ", part, 1)
    for name, stages in found.routes.items():
        yield line(f"route {name}")
        for stage, shape in stages.items():
            provider = f" on {shape.provider}" if shape.provider else ""
            yield "  " + line(f"{stage}{provider}")
            yield from _part("strategy: ", shape.strategy, 2)
            for scorer in shape.scorers:
                yield from _part("scorer: ", scorer, 2)
    for name, part in found.parts.items():
        yield from _part(f"{name}: ", part, 0)
    for name, limits in found.limits.items():
        yield line(f"{name}: {', '.join(f'{limit:g} {unit}' for unit, limit in limits.items())}")


def _part(label: str, part: Part | None, depth: int) -> Iterator[str]:
    if part is None:
        yield "  " * depth + line(f"{label}none, plain draws")
        return
    options = ", ".join(f"{name}={json.dumps(value)}" for name, value in part.options.items())
    yield "  " * depth + line(f"{label}{part.use}" + (f" ({options})" if options else ""))
    for name, inner in part.inner.items():
        yield from _part(f"{name}: ", inner, depth + 1)
