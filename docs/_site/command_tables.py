"""The commands of `lift`, told from click."""

from collections.abc import Iterator
from importlib import import_module

import click
from markdown_parts import code, table

from lift_sys.cli.main import CORE


def commands() -> str:
    """A section for each command of the core, and for each of its own commands."""
    return "\n".join(
        part for name, command in CORE.items() for part in _told(_imported(command.target), name, 2)
    )


def _imported(target: str) -> click.Command:
    module, _, attribute = target.partition(":")
    found: click.Command = getattr(import_module(module), attribute)
    return found


def _told(command: click.Command, name: str, depth: int) -> Iterator[str]:
    """`name` is the command as it is written after `lift`."""
    context = click.Context(command, info_name=f"lift {name}")
    yield f"{'#' * depth} `lift {name}` {{#{name.replace(' ', '-')}}}\n"
    yield _prose(command.help or "")
    yield f"    {' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n"
    rows = [_row(parameter, context) for parameter in command.params if _shown(parameter)]
    if rows:
        yield table(["option", "", "default"], rows)
    if isinstance(command, click.Group):
        for each in sorted(command.list_commands(context)):
            inner = command.get_command(context, each)
            if inner is not None:
                yield from _told(inner, f"{name} {each}", depth + 1)


def _shown(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.hidden


def _row(parameter: click.Parameter, context: click.Context) -> tuple[str, str, str]:
    assert isinstance(parameter, click.Option)
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    value = "" if parameter.is_flag or parameter.count else f" {parameter.make_metavar(context)}"
    default = parameter.get_default(context)
    stated = isinstance(default, str | int | float) and not parameter.is_flag
    return code(names + value), parameter.help or "", code(str(default)) if stated else ""


def _prose(text: str) -> str:
    """A docstring as click shows it: paragraphs, and `\\b` where lines are to stay as they are."""
    paragraphs = []
    for paragraph in text.replace("\f", "").split("\n\n"):
        if paragraph.lstrip().startswith("\b"):
            lines = paragraph.replace("\b", "").strip("\n").splitlines()
            paragraphs.append("\n".join(f"    {line}" for line in lines))
        else:
            paragraphs.append(" ".join(paragraph.split()))
    return "\n\n".join(paragraphs) + "\n"
