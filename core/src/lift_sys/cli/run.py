"""`lift run`: a request, or the pipeline's own tasks, through a pipeline."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from pathlib import Path

import click

from ..errors import InputError
from ..interfaces import Observer, Task
from ..pipeline.asking import as_task
from ..pipeline.edge import run_async
from ..pipeline.pipeline import Pipeline
from ..pipeline.task_result import TaskResult
from ._examples import Examples, read_examples
from ._guards import plugins_cannot_exit, unwritable, writable
from ._progress import Progress
from ._results import EXIT_CODES, print_result, worst_of
from ._terminal import conceal, err, out_json

MAX_INPUT_BYTES = 1 << 20
_STDIN = "-"

Show = Callable[[TaskResult], None]


@click.command(name="run")
@click.argument("pipeline_file", metavar="PIPELINE", type=click.Path(path_type=Path))
@click.argument("request_text", metavar="[REQUEST]", required=False)
@click.option("--file", "request_file", metavar="FILE", help="Read the request from FILE.")
@click.option(
    "--example",
    "examples",
    multiple=True,
    metavar="TEXT",
    help="What the function must do, such as \"f(3) == 'x'\" or \"f('x') raises ValueError\". "
    "May be given several times.",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change one value of the pipeline for this run, such as budget.calls=5. "
    "May be given several times.",
)
@click.option(
    "--label", default="", metavar="TEXT", help="Your own name for the run in its record."
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
@click.option("-o", "--output", metavar="FILE", help="Write the code to FILE too.")
@click.option("--quiet", is_flag=True, help="Print the result alone, no progress.")
@click.option(
    "--allow-unsandboxed",
    is_flag=True,
    help="Run code from models even where nothing protects this machine from it.",
)
def command(
    pipeline_file: Path,
    request_text: str | None,
    request_file: str | None,
    examples: Sequence[str],
    overrides: Sequence[str],
    label: str,
    as_json: bool,
    output: str | None,
    quiet: bool,
    allow_unsandboxed: bool,
) -> int:
    """Turn REQUEST, a function described in plain English, into a specification, code and a
    verdict, as the file PIPELINE says.

    With `-` for REQUEST it is read from standard input. Without one, the tasks that the pipeline
    names under `tasks:` are run.

    Exit status: 0 the code passes its checks, 10 a check speaks against it or no reply was
    usable, 11 too little to check it against, 12 calls failed or the budget ended first,
    2 to 7 a mistake, 130 stopped by Ctrl-C.
    """
    given = read_examples([_argument(text, "an example") for text in examples])
    task = _task(_request(request_text, request_file), given)
    target = _target(output, task)
    results = sys.stdout

    # What plugins and their libraries print must not get among the results.
    with redirect_stdout(sys.stderr), plugins_cannot_exit():
        pipeline = Pipeline.load(
            pipeline_file, overrides=overrides, allow_unsandboxed=allow_unsandboxed
        )
        conceal(pipeline.redact)
        observers: list[Observer] = (
            [] if quiet else [Progress(pipeline.record, code=task is not None)]
        )

        def show(result: TaskResult) -> None:
            with redirect_stdout(results):
                if as_json:
                    out_json(pipeline.redact_data(result.to_json()))
                else:
                    print_result(result, named=task is None)

        if task is None:
            tasks = pipeline.tasks()
            return EXIT_CODES[run_async(_run_tasks(pipeline, tasks, observers, label, show))]
        result = pipeline.run(task, observers=observers, label=label)
        show(result)
    if target is not None:
        _write_code(result, target, pipeline.redact)
    return EXIT_CODES[result.status]


async def _run_tasks(
    pipeline: Pipeline,
    tasks: Iterable[Task],
    observers: Sequence[Observer],
    label: str,
    show: Show,
) -> str:
    """The worst status of all tasks."""
    worst = ""
    async with pipeline.open(observers=observers, label=label, whole_source=True) as session:
        try:
            async for result in session.solve_all(tasks, pipeline.concurrency):
                show(result)
                worst = worst_of(worst, result)
        except asyncio.CancelledError:
            for result in session.interrupted.values():
                show(result)
            return "cancelled"
    if not worst:
        raise InputError("there is no task to run", remedy="look at `tasks:` in the pipeline")
    return worst


def _request(text: str | None, file: str | None) -> str | None:
    if text is not None and file is not None:
        raise InputError("there are two requests, REQUEST and --file", remedy="give one of the two")
    source = file if text is None else text
    if source == _STDIN:
        return _decoded(sys.stdin.buffer.read(MAX_INPUT_BYTES + 1), "standard input")
    if file is None:
        return None if text is None else _argument(text, "the request")
    try:
        with Path(file).open("rb") as stream:
            return _decoded(stream.read(MAX_INPUT_BYTES + 1), file)
    except (OSError, ValueError) as error:
        raise InputError(
            f"cannot read {file!r}: {getattr(error, 'strerror', None) or error}",
            remedy="check the path given to --file",
        ) from error


def _argument(text: str, what: str) -> str:
    """As it was typed: where the locale knows ASCII alone, Python hands bytes over in disguise."""
    try:
        return _decoded(os.fsencode(text), what)
    except UnicodeEncodeError:
        return text  # half a character is told of where it is read


def _decoded(raw: bytes, where: str) -> str:
    if len(raw) > MAX_INPUT_BYTES:
        raise InputError(
            f"{where} is larger than {MAX_INPUT_BYTES >> 20} MiB",
            remedy="describe one function, in at most 100,000 characters",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{where} is not UTF-8 text (byte {error.start + 1})", remedy="give it as UTF-8"
        ) from error


def _task(request: str | None, examples: Examples) -> Task | None:
    if request is None:
        if examples.calls:
            raise InputError("--example goes with a request", remedy="give REQUEST or --file")
        return None
    task = as_task(request)
    if not examples.calls:
        return task
    pinned = {"examples": examples.calls, "function": examples.function}
    return task.model_copy(update=pinned)


def _target(output: str | None, task: Task | None) -> Path | None:
    """Where the code goes, looked at before anything is paid for."""
    if output is None:
        return None
    if task is None:
        raise InputError("-o goes with a request", remedy="give REQUEST or --file")
    return writable(output)


def _write_code(result: TaskResult, target: Path, redact: Callable[[str], str]) -> None:
    code = result.solution.code if result.solution else None
    if code is None:
        err(f"note: there is no code to write to {target}")
        return
    source = redact(code.source)
    if source != code.source:
        err(f"note: the code holds a secret of the pipeline's, which is masked in {target}")
    try:
        target.write_text(source, encoding="utf-8")
    except OSError as error:
        raise unwritable(str(target), str(error.strerror)) from error
