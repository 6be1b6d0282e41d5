"""`lift plugins`: what is installed, what its options are, and a package to start a new one."""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from ..errors import InputError, PluginError
from ..nearest import nearest
from ..plugins import KINDS, Catalogue, Kind, PluginManager, Policy
from ..plugins.new_package import new_package
from ..plugins.options import OptionLine, option_lines
from ..plugins.overview import Row, overview
from ..plugins.probe import probe
from ..plugins.status import StatusBook
from ._groups import ListByDefault
from ._terminal import columns, err, line, out

JSON_VERSION = 1


@click.group(name="plugins", cls=ListByDefault, later={"freeze": "lift_sys.cli._freeze:command"})
def command() -> None:
    """List, show and make plugins. Without a command: list them."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--check", is_flag=True, help="Import each in a child process; exit 3 if one breaks.")
def list_plugins(as_json: bool, check: bool) -> int:
    """List every component by kind, importing none."""
    catalogue, book = Catalogue.installed(), StatusBook.of_this_environment()
    policy = Policy.from_environment()
    known = book.of(*catalogue.entries)
    rows = overview(catalogue, policy, known)
    if check:
        known |= probe([row.entry for row in rows if row.loadable], book)
        rows = overview(catalogue, policy, known)
    if as_json:
        document = {
            "version": JSON_VERSION,
            "core": catalogue.core_version,
            "plugins": [_as_json(row) for row in rows],
            "problems": list(catalogue.problems),
        }
        out(json.dumps(document, indent=2))
    else:
        _print_rows(rows)
        for problem in catalogue.problems:
            out(f"skipped: {problem}")
    failed = check and any(row.state in ("broken", "incompatible") for row in rows)
    return PluginError.exit_code if failed else 0


@command.command("show")
@click.argument("kind")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_plugin(kind: str, name: str, as_json: bool) -> None:
    """Show the options of one component: lift plugins show strategies best-of-n."""
    of_kind = _kind(kind)
    manager = PluginManager.installed()
    entry = manager.entry(of_kind.name, name)
    component = manager.component(of_kind.name, name)
    options = list(option_lines(component.options))
    if as_json:
        document = {
            "version": JSON_VERSION,
            "kind": entry.kind,
            "name": entry.name,
            "distribution": entry.distribution,
            "distribution_version": entry.version,
            "summary": component.summary,
            "options": [option._asdict() for option in options],
        }
        out(json.dumps(document, indent=2))
        return
    out(f"{entry.name}: {of_kind.singular} of {entry.distribution} {entry.version}")
    out(component.summary)
    _print_options(options)


def _print_options(options: Sequence[OptionLine]) -> None:
    out()
    if not options:
        out("no options")
        return
    titles = [field.upper() for field in OptionLine._fields]
    rows = [option._replace(default=option.default or "required") for option in options]
    for row in columns([titles, *rows]):
        out(row)


@command.command("new")
@click.argument("kind")
@click.argument("name")
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), help="Where; by default ./lift-sys-NAME."
)
def new_plugin(kind: str, name: str, folder: Path | None) -> None:
    """Write a package of your own: lift plugins new strategy my-idea."""
    of_kind = _kind(kind)
    catalogue = Catalogue.installed()
    core_version = catalogue.core_version
    folder = folder or Path(f"lift-sys-{name}")
    written = new_package(of_kind, name, folder, core_version or "0.0")
    for path in written:
        out(str(path))
    for taken in catalogue.find(of_kind.name, name):
        err(
            f"note: {taken.distribution} offers the {of_kind.singular} {name!r} already: beside it "
            f"a pipeline names yours {f'lift-sys-{name}:{name}'!r}"
        )
    out(f"\nNow: pip install -e '{folder}[test]' && pytest {folder}")


def _kind(written: str) -> Kind:
    """By its plural or singular, with any separator."""
    plain = written.lower().replace("-", "_").replace(" ", "_")
    for kind in KINDS.values():
        if plain in (kind.name, kind.singular.replace(" ", "_")):
            return kind
    raise InputError(f"there is no kind of plugin called {written!r}", remedy=nearest(plain, KINDS))


def _as_json(row: Row) -> dict[str, Any]:
    entry = row.entry
    return {
        "kind": entry.kind,
        "name": entry.name,
        "distribution": entry.distribution,
        "distribution_version": entry.version,
        "status": row.state,
        "cause": row.cause,
        "summary": entry.summary,
    }


def _print_rows(rows: Sequence[Row]) -> None:
    if not rows:
        out("no plugin is installed")
        return
    cells = [[*row.entry[1:4], row.state, row.entry.summary] for row in rows]
    titles, *lines = columns([["NAME", "DISTRIBUTION", "VERSION", "STATUS", "SUMMARY"], *cells])
    out(titles)
    for kind, group in groupby(zip(rows, lines, strict=True), lambda pair: pair[0].entry.kind):
        out(kind)
        for row, text in group:
            out(text)
            if row.cause:
                out(f"      {row.state}: {line(row.cause)}")
