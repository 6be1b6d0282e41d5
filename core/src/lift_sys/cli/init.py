"""`lift init`: a first pipeline for what is installed here."""

import os
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from ..errors import InputError
from ..health import installed
from ..health.servers import ask_servers
from ._first_pipeline import OPENAI, Choice, Rows, choose, may_use, render
from ._terminal import line, out

_NAME = "pipeline.yaml"
_ASKED = "Create a function that counts the vowels of a text, a, e, i, o and u in either case"


@click.command(name="init")
@click.argument("path", default=_NAME, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite PATH where it is there already.")
def command(path: Path, force: bool) -> None:
    """Write a first pipeline to PATH, by default pipeline.yaml, for the plugins that are installed
    and the keys that are set, or for a model server of your own that answers on this machine.

    Keys stay in the environment: the file names their variables.
    """
    path = _target(path, force)
    rows = installed.look(may_use)
    choice = choose(rows, ask_servers(), os.environ)
    if choice is None:
        raise InputError(
            "no provider is installed that a first pipeline could use",
            remedy="`pip install lift-sys-openai`, then `export OPENAI_API_KEY=...` or start a "
            "server of your own; `lift doctor` tells what is there",
        )
    _write(path, render(choice, rows), force)
    for text in _next(path, choice, has_openai=_has_openai(rows)):
        out(text)


def _target(path: Path, force: bool) -> Path:
    """Looked at first, as the rest takes a while; what is wrong with it is told by writing."""
    with suppress(OSError, ValueError):
        path = path / _NAME if path.is_dir() else path
        if not force and (path.exists() or path.is_symlink()):
            raise _is_there(path)
    return path


def _write(path: Path, text: str, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise _is_there(path) from None
    except (OSError, ValueError) as error:
        raise InputError(
            f"cannot write {path}: {getattr(error, 'strerror', None) or error}",
            remedy="name a file in a folder that you may write to",
        ) from error


def _is_there(path: Path) -> InputError:
    return InputError(f"{path} is there already", remedy="name another, or say --force")


def _has_openai(rows: Rows) -> bool:
    return any(entry.name == OPENAI for entry, _ in installed.loaded(rows, "providers"))


def _next(path: Path, choice: Choice, *, has_openai: bool) -> Iterator[str]:
    file = shlex.quote(str(path))
    yield line(f"wrote {path}: it uses {choice.use}, as {choice.why}")
    yield "\nnext:"
    yield f"  lift check {file}"
    examples = "".join(f" --example {_quoted(each)}" for each in choice.examples)
    yield f"  lift run {file} {_quoted(choice.request or _ASKED)}{examples}"
    if choice.request is not None:
        yield "\nIt answers this request, and not every other. For a model that does:"
        if not has_openai:
            yield "  pip install lift-sys-openai"
        yield "  export OPENAI_API_KEY=...     (or start a server here: `lift doctor` lists them)"
        yield f"  lift init --force {file}"


def _quoted(text: str) -> str:
    """For a shell, as a person would write it."""
    return shlex.quote(text) if set(text) & set('"$`\\!') else f'"{text}"'
