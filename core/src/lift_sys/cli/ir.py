"""`lift ir`: look at IRs, check them, compare them, put them together."""

import json
import sys
from pathlib import Path
from typing import Any, cast

import click

from ..errors import InputError
from ..ir import (
    IR,
    Conflict,
    Problem,
    ReadError,
    Reading,
    check,
    diff,
    merge,
    read,
    render_markdown,
    render_text,
    visible,
)
from ._terminal import err, out

_FORM = 1
"""Version of the `--json` forms."""


@click.group("ir")
def command() -> None:
    """Look at IRs: the checked specifications. FILE may be - for standard input, and may be what
    `lift run --json` gave for a task."""


@command.command()
@click.argument("file")
@click.option("--markdown", "form", flag_value="markdown", help="As Markdown.")
@click.option("--json", "form", flag_value="json", help="As JSON, with every field.")
def show(file: str, form: str | None) -> None:
    """Print an IR for people to read."""
    ir = _read_told(file)
    if form == "json":
        out(_json_of(ir))
    else:
        out((render_markdown(ir) if form == "markdown" else render_text(ir)).rstrip("\n"))


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--strict", is_flag=True, help="Warnings count as problems.")
@click.option("--json", "as_json", is_flag=True, help="The problems as JSON.")
@click.pass_context
def validate(context: click.Context, files: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Tell every problem of these IRs; exit status 1 when there is any."""
    found = {file: _problems(file) for file in files}
    if as_json:
        out(json.dumps({"version": _FORM, "files": _listed(found)}, indent=2))
    else:
        for file, problems in found.items():
            for problem in problems:
                out(f"{visible(file)}: {visible(str(problem))}")
            if not problems:
                out(f"{visible(file)}: no problems")
    counted = [
        problem
        for problems in found.values()
        for problem in problems
        if strict or problem.severity == "error"
    ]
    context.exit(1 if counted else 0)


@command.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True, help="The changes as JSON.")
def diff_command(before: str, after: str, as_json: bool) -> None:
    """What changed from one IR to another, field by field."""
    changes = diff(_read_told(before), _read_told(after))
    if as_json:
        listed = [change._asdict() for change in changes]
        out(json.dumps({"version": _FORM, "changes": listed}, indent=2))
        return
    for change in changes:
        out(str(change))
    if not changes:
        out("no difference")


@command.command("merge")
@click.argument("base")
@click.argument("ours")
@click.argument("theirs")
@click.option("-o", "--output", metavar="FILE", help="Where the merged IR goes.")
@click.pass_context
def merge_command(
    context: click.Context, base: str, ours: str, theirs: str, output: str | None
) -> None:
    """Put two changed versions of BASE together; exit status 1 on conflicts."""
    merged = merge(_read_told(base), _read_told(ours), _read_told(theirs))
    if merged.ir is None:
        _tell(merged.conflicts)
        context.exit(1)
    text = _json_of(merged.ir)
    if output is None:
        out(text)
        return
    try:
        Path(output).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None


def _tell(conflicts: tuple[Conflict, ...]) -> None:
    for conflict in conflicts:
        err(f"conflict at {visible(str(conflict))}")


def _problems(file: str) -> tuple[Problem, ...]:
    try:
        reading = _reading(file)
    except ReadError as error:
        place = f"line {error.line}, column {error.column}: "
        first, *others = error.problems
        return (first._replace(message=place + first.message), *others)
    mended = [Problem("", str(repair), "warning") for repair in reading.repairs]
    if reading.truncated:
        mended.append(Problem("", "the file ends before the IR does"))
    return (*mended, *check(reading.ir))


def _listed(found: dict[str, tuple[Problem, ...]]) -> dict[str, Any]:
    return {file: [problem._asdict() for problem in problems] for file, problems in found.items()}


def _json_of(ir: IR) -> str:
    return json.dumps(ir.model_dump(mode="json"), indent=2)


def _read_told(file: str) -> IR:
    """Read an IR; what had to be mended is told on standard error."""
    try:
        reading = _reading(file)
    except ReadError as error:
        raise InputError(
            f"{file} holds no IR: {error}", remedy=f"`lift ir validate {file}` tells every problem"
        ) from None
    for repair in reading.repairs:
        err(f"{visible(file)}: {visible(str(repair))}")
    return reading.ir


def _reading(file: str) -> Reading:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file} is not UTF-8 text: byte {error.start}", remedy="save it as UTF-8"
        ) from None
    return read(_of_result(file, text))


def _of_result(file: str, text: str) -> str:
    """The IR alone, where the text is what `lift run --json` gave."""
    first, _, further = text.strip().partition("\n")
    try:
        document: Any = json.loads(first)
    except ValueError:
        return text
    if not isinstance(document, dict) or "solution" not in document:
        return text
    if further:
        raise InputError(
            f"{file} holds the results of several tasks", remedy="give the line of one of them"
        )
    solution = cast("dict[str, Any]", document)["solution"]
    if solution is None:
        raise InputError(f"{file} holds the result of a run that reached no specification")
    return json.dumps(solution["ir"])


__all__ = ["command"]
