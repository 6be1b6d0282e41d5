"""Picks the command and imports only that one: `lift --help` imports no click and no plugin."""

import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from importlib import import_module
from io import StringIO
from typing import Any, NamedTuple

from ..errors import LiftError
from ..nearest import nearest
from ..plugins.catalogue import Catalogue, Entry
from ..plugins.policy import Policy
from ._terminal import (
    UnwritableOutput,
    columns,
    complain,
    conceal,
    err,
    flush,
    out,
    prepare_streams,
    tell,
)

DEBUG = "LIFT_SYS_DEBUG"
USAGE, SOFTWARE, INTERRUPTED, BROKEN_PIPE = 2, 70, 130, 141


class _Command(NamedTuple):
    target: str
    """`module:attribute` of a click command."""
    summary: str


CORE = {
    "advise": _Command("lift_sys.cli.advise:command", "tell what a graded run says to change"),
    "check": _Command("lift_sys.cli.check:command", "tell every mistake in a pipeline file"),
    "compare": _Command("lift_sys.cli.compare:command", "compare graded runs, task by task"),
    "data": _Command("lift_sys.cli.data:command", "build and review data sets to train with"),
    "doctor": _Command("lift_sys.cli.doctor:command", "tell what is missing, and what mends it"),
    "eval": _Command("lift_sys.cli.eval:command", "run a pipeline on a suite, and grade it"),
    "grade": _Command("lift_sys.cli.grade:command", "grade a recorded run again, at no cost"),
    "init": _Command("lift_sys.cli.init:command", "write a first pipeline for what is here"),
    "ir": _Command("lift_sys.cli.ir:command", "show, validate, compare and merge specifications"),
    "plugins": _Command("lift_sys.cli.plugins:command", "list, show and make plugins"),
    "run": _Command("lift_sys.cli.run:command", "turn a request into checked code"),
    "runs": _Command("lift_sys.cli.runs:command", "list, show, resume and replay recorded runs"),
    "schema": _Command("lift_sys.cli.schema:command", "print the JSON Schema of pipeline files"),
    "tasks": _Command("lift_sys.cli.tasks:command", "list, show, validate and export test tasks"),
    "train": _Command("lift_sys.cli.train:command", "train a model, and export it"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code."""
    prepare_streams()
    conceal()
    try:
        code = _dispatch(list(sys.argv[1:] if argv is None else argv))
        flush()
    except KeyboardInterrupt:
        err("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _discard_the_rest()
        return BROKEN_PIPE
    except UnwritableOutput as error:
        _discard_the_rest()
        return tell(error)
    except LiftError as error:
        _trace(error)
        return tell(error)
    except Exception as error:  # noqa: BLE001 - the edge of the program
        if not _trace(error):
            complain(
                f"lift-sys itself failed: {type(error).__name__}: {error}",
                f"{DEBUG}=1 shows where it happened; please report it",
            )
        return SOFTWARE
    return code


def _discard_the_rest() -> None:
    """The interpreter flushes once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(arguments: list[str]) -> int:
    name, *rest = arguments or ["--help"]
    if name in ("--help", "-h", "help"):
        _print_help()
        return 0
    if name == "--version":
        out(f"lift-sys {Catalogue.installed().core_version or '(not installed)'}")
        return 0
    if name.startswith("-"):
        complain(f"there is no option {name!r}", "see `lift --help`")
        return USAGE
    program = f"lift {name}"
    if not _folder_exists():
        complain("the folder you are in does not exist any more", "`cd` to one that does")
        return USAGE
    if name in CORE:
        command = _attribute(CORE[name].target)
    else:
        if not Catalogue.installed().find("commands", name):
            known = [*CORE, *(entry.name for entry in _plugin_commands())]
            complain(f"there is no command {name!r}", nearest(name, known))
            return USAGE
        manager: Any = _attribute("lift_sys.plugins.manager:PluginManager")
        command = manager.installed().command(name)
    return _attribute("lift_sys.cli._click:run")(command, program, rest)


def _folder_exists() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - not worth the import of pathlib
    except OSError:
        return False
    return True


def _attribute(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)


def _plugin_commands() -> list[Entry]:
    policy = Policy.from_environment()
    found = Catalogue.installed().of("commands")
    return [entry for entry in found if policy.denial(entry.distribution) is None]


def _print_help() -> None:
    out("Usage: lift COMMAND ...\n")
    out("Plain English, to a checked specification, to Python that passes its checks.\n")
    out("Commands:")
    for row in columns([[name, command.summary] for name, command in CORE.items()]):
        out(row)
    plugins = _plugin_commands()
    if plugins:
        out("\nCommands of plugins:")
    names = [*CORE, *(entry.name for entry in plugins)]
    shown = [entry.name if names.count(entry.name) == 1 else entry.full_name for entry in plugins]
    origins = [f"from {entry.distribution}" for entry in plugins]
    for row in columns(list(zip(shown, origins, strict=True))):
        out(row)
    out("\nOptions:")
    options = [["--help", "this text, or that of a command"], ["--version", "of lift-sys"]]
    for row in columns(options):
        out(row)


def _trace(error: Exception) -> bool:
    """The traceback, where a person asked for it."""
    if not os.environ.get(DEBUG):
        return False
    text = StringIO()
    with redirect_stderr(text):
        sys.__excepthook__(type(error), error, error.__traceback__)
    err(text.getvalue())
    return True
