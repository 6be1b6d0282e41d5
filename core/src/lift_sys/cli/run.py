"""`lift run`: a request, or the pipeline's own tasks, through a pipeline."""

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from ..errors import InputError
from ..interfaces import Observer, Task
from ..ir import render_text
from ..pipeline.loop import TaskResult
from ..pipeline.pipeline import Pipeline, as_task
from ._progress import Progress, spend_text
from ._terminal import plain

EXIT_CODES = {"pass": 0, "fail": 10, "unverified": 11, "error": 12, "cancelled": 130}
MAX_INPUT_BYTES = 1 << 20


@click.command(name="run")
@click.argument("pipeline_file", metavar="PIPELINE", type=click.Path(path_type=Path))
@click.argument("request_text", metavar="[REQUEST]", required=False)
@click.option("--file", "request_file", type=click.Path(path_type=Path), help="Read it from here.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change the pipeline.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, one line a task.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write the code to this file."
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option(
    "--allow-unsandboxed",
    is_flag=True,
    help="Run code from models even where nothing can guard against it.",
)
def command(
    pipeline_file: Path,
    request_text: str | None,
    request_file: Path | None,
    overrides: Sequence[str],
    as_json: bool,
    output: Path | None,
    quiet: bool,
    allow_unsandboxed: bool,
) -> None:
    """Turn REQUEST into a specification, code and a verdict.

    `-` reads the request from standard input. Without a request, the tasks of the pipeline's own
    `tasks:` are run. Exit status: 0 pass, 10 fail, 11 unverified, 12 error, 130 cancelled.
    """
    request = _request(request_text, request_file)
    pipeline = Pipeline.load(
        pipeline_file, overrides=overrides, allow_unsandboxed=allow_unsandboxed
    )
    observers: list[Observer] = [] if quiet else [Progress()]
    show: Callable[[TaskResult], None] = _print_json if as_json else _print
    if request is None:
        if output is not None:
            raise InputError("-o takes the code of one request", remedy="give a request")
        status = asyncio.run(_run_tasks(pipeline, observers, show))
    else:
        result = pipeline.run(as_task(request), observers=observers)
        _write_code(result, output)
        show(result)
        status = result.status
    sys.exit(EXIT_CODES[status])


async def _run_tasks(
    pipeline: Pipeline, observers: Sequence[Observer], show: Callable[[TaskResult], None]
) -> str:
    """The worst status of all tasks."""
    worst = "pass"
    async with pipeline.open(observers=observers) as session:
        try:
            async for result in session.solve_all(pipeline.tasks(), pipeline.concurrency):
                show(result)
                worst = max(worst, result.status, key=lambda status: EXIT_CODES[status])
        except asyncio.CancelledError:
            for result in session.interrupted.values():
                show(result)
            return "cancelled"
    return worst


def _request(text: str | None, file: Path | None) -> str | Task | None:
    if text is not None and file is not None:
        raise InputError("a request was given twice", remedy="give REQUEST or --file, not both")
    if text == "-":
        return _decoded(sys.stdin.buffer.read(MAX_INPUT_BYTES + 1), "standard input")
    if file is None:
        return text
    try:
        with file.open("rb") as stream:
            return _decoded(stream.read(MAX_INPUT_BYTES + 1), str(file))
    except OSError as error:
        raise InputError(
            f"cannot read {file}: {error.strerror}", remedy="check the path given to --file"
        ) from error


def _decoded(raw: bytes, where: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{where} is not UTF-8: {error.reason}", remedy="convert it") from error


def _write_code(result: TaskResult, output: Path | None) -> None:
    code = result.solution.code if result.solution else None
    if output is None or code is None:
        return
    try:
        output.write_text(code.source, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"cannot write {output}: {error.strerror}", remedy="give -o a file you may write to"
        ) from error


def _print_json(result: TaskResult) -> None:
    click.echo(json.dumps(result.to_json()))


def _print(result: TaskResult) -> None:
    solution = result.solution
    if solution is not None:
        click.echo(plain(render_text(solution.ir)))
        if solution.code is not None:
            click.echo("\n" + plain(solution.code.source))
    click.echo(_verdict(result))
    click.echo(f"{spend_text(result.spend)}, {result.seconds:.1f} s")


def _verdict(result: TaskResult) -> str:
    lines = [f"{result.status}: {plain(result.why)}"]
    verdict = result.solution.verdict if result.solution else None
    if verdict is None and result.attempts:
        verdict = result.attempts[-1].verdict
    if verdict is None:
        return lines[0]
    basis = verdict.basis
    rests = [
        f"{count} {name if count != 1 else name.removesuffix('s')}"
        for name, count in basis.model_dump().items()
        if count
    ]
    guards = ", ".join(verdict.guards) or "none"
    lines.append(f"checked by: {', '.join(rests) or 'nothing'} (guards: {guards})")
    for failure in verdict.failures[:3]:
        lines.append(f"  {failure.category}: {plain(failure.message)}")
        if failure.input is not None:
            lines.append(f"    {plain(failure.input)}")
        if failure.expected is not None:
            lines.append(f"    expected {plain(failure.expected)}, got {plain(failure.got or '?')}")
    return "\n".join(lines)
