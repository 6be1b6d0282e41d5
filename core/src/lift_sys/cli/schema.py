"""`lift schema`: the JSON Schema of pipeline files, for editors."""

import json
from pathlib import Path

import click

from ..errors import InputError
from ..pipeline.schema import pipeline_schema
from ..plugins import PluginManager
from ._terminal import err, line, out


@click.command(name="schema")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write it to this file.")
def command(output: Path | None) -> None:
    """Print the JSON Schema (2020-12) of a pipeline file, with all installed components.

    In an editor with the YAML language server, begin the file with
    `# yaml-language-server: $schema=pipeline.schema.json`.
    """
    schema, notes = pipeline_schema(PluginManager.installed())
    for note in notes:
        err(line(f"note: {note}"))
    # Escaped, so that a plugin's description cannot steer a terminal.
    text = json.dumps(schema, indent=2)
    if output is None:
        out(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"cannot write {output}: {error.strerror}", remedy="name a file you may write to"
        ) from error
