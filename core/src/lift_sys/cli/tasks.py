"""`lift tasks`: the tasks of a suite, what grades them, and whether it can."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ..checking.sandbox import default_sandbox
from ..errors import InputError
from ..evaluation.export import pytest_file
from ..evaluation.selection import part_of
from ..evaluation.sources import OpenSource, named_source
from ..evaluation.validation import TaskReport, validate
from ..interfaces import Example, Hidden, Task
from ..ir import render_text
from ..nearest import nearest
from ..plugins import PluginManager
from ._files import write_whole
from ._suites import option_option, read_options, selection_from, selection_options
from ._terminal import columns, line, out, out_json

JSON_VERSION = 1
EXIT_FAULTY = 10

_suite_argument = click.argument("suite")


@click.group(name="tasks")
def command() -> None:
    """List, show, validate and export the tasks of SUITE: a data source such as phases, or a
    .jsonl file."""


@command.command("list")
@_suite_argument
@option_option
@selection_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_tasks(suite: str, options: Sequence[str], as_json: bool, **selected: Any) -> None:
    """List tasks, without what grades them."""
    source = _opened(suite, options)
    tasks = selection_from(selected).of(source.tasks())
    if as_json:
        listed = [_brief(task) for task in tasks]
        document = {
            "version": JSON_VERSION,
            "suite": source.suite.model_dump(mode="json"),
            "tasks": listed,
        }
        out_json(document)
        return
    rows = [
        [task.id, part_of(task) or "", task.category or "", task.difficulty or "", _begin(task)]
        for task in tasks
    ]
    for row in columns([["id", "part", "category", "difficulty", "request"], *rows], indent=""):
        out(row)
    out(line(f"{source.suite.name} {source.suite.version}: {len(tasks)} tasks"))


@command.command("show")
@_suite_argument
@click.argument("task_id", metavar="ID")
@option_option
@click.option("--hidden", "with_hidden", is_flag=True, help="What grades it too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_task(
    suite: str, task_id: str, options: Sequence[str], with_hidden: bool, as_json: bool
) -> None:
    """Show one task; with --hidden what grades it too."""
    source = _opened(suite, options)
    tasks = {task.id: task for task in source.tasks()}
    if task_id not in tasks:
        raise InputError(
            f"{source.suite.name} has no task {task_id!r}", remedy=nearest(task_id, list(tasks))
        )
    task = tasks[task_id]
    hidden = source.source.hidden([task.id]).get(task.id) if with_hidden else None
    if as_json:
        document: dict[str, Any] = {
            "version": JSON_VERSION,
            "task": {**task.model_dump(mode="json"), "digest": task.digest},
        }
        if with_hidden:
            document["hidden"] = None if hidden is None else hidden.model_dump(mode="json")
        out_json(document)
        return
    for text in _shown(task):
        out(text)
    if with_hidden:
        for text in _graded_by(task, hidden):
            out(text)


@command.command("validate")
@_suite_argument
@option_option
@selection_options
@click.option("--mutants", is_flag=True, help="Show mutants of each reference to its tests too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--allow-unsandboxed", is_flag=True, help="Run the references even unprotected.")
def validate_tasks(
    suite: str,
    options: Sequence[str],
    mutants: bool,
    as_json: bool,
    allow_unsandboxed: bool,
    **selected: Any,
) -> int:
    """Run each task's own reference against its visible and hidden tests.

    Exit status: 0 all is well, 10 a task cannot grade or a wrong mutant survives.
    """
    source = _opened(suite, options)
    tasks = selection_from(selected).of(source.tasks())
    reports = asyncio.run(_validated(source, tasks, mutants, allow_unsandboxed))
    faulty = [report for report in reports if report.problems]
    wrong = sum(report.mutants.wrong for report in reports if report.mutants)
    killed = sum(report.mutants.killed for report in reports if report.mutants)
    if as_json:
        out_json(
            {
                "version": JSON_VERSION,
                "suite": source.suite.model_dump(mode="json"),
                "tasks": [_report_as_json(report) for report in reports],
            }
        )
    else:
        for report in reports:
            for text in _told(report):
                out(line(text))
        out(f"{len(reports) - len(faulty)} of {len(reports)} tasks are well")
        if mutants:
            out(f"{killed} of {wrong} wrong mutants are killed")
    return EXIT_FAULTY if faulty or killed < wrong else 0


@command.command("export")
@_suite_argument
@option_option
@selection_options
@click.option(
    "--pytest",
    "target",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write: tests that need pytest and nothing of lift-sys.",
)
@click.option("--module", help="Where the functions are: a module that can be imported.")
@click.option(
    "--file", type=click.Path(path_type=Path), help="Where the functions are: a Python file."
)
def export_tasks(
    suite: str,
    options: Sequence[str],
    target: Path,
    module: str | None,
    file: Path | None,
    **selected: Any,
) -> None:
    """Write visible and hidden tests as one pytest file, for functions of your own."""
    source = _opened(suite, options)
    tasks = selection_from(selected).of(source.tasks())
    hidden = source.hidden(tasks)
    title = f"The tests of {source.suite.name} {source.suite.version}".rstrip() + "."
    text = pytest_file(title, tasks, hidden, module=module, file=file)
    write_whole(target, [text.rstrip("\n")])
    out(line(f"{target}: the tests of {len(tasks)} tasks"))


def _opened(suite: str, options: Sequence[str]) -> OpenSource:
    return named_source(suite, read_options(options), PluginManager.installed())


async def _validated(
    source: OpenSource, tasks: Sequence[Task], mutants: bool, allow_unsandboxed: bool
) -> list[TaskReport]:
    sandbox = default_sandbox(allow_unsandboxed=allow_unsandboxed)
    try:
        return [report async for report in validate(source, tasks, sandbox, mutants=mutants)]
    finally:
        await sandbox.aclose()


def _brief(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "digest": task.digest,
        "part": part_of(task),
        "category": task.category,
        "difficulty": task.difficulty,
        "request": task.request,
    }


def _begin(task: Task, width: int = 60) -> str:
    text = " ".join(task.request.split())
    return text if len(text) <= width else text[: width - 3] + "..."


def _shown(task: Task) -> list[str]:
    name = task.name or "f"
    rows = [("part", part_of(task)), ("category", task.category), ("difficulty", task.difficulty)]
    return [
        line(task.id),
        *(line(f"{label}: {value}") for label, value in rows if value),
        "",
        task.request,
        "",
        *(line(_as_text(example, name)) for example in task.examples),
    ]


def _graded_by(task: Task, hidden: Hidden | None) -> list[str]:
    if hidden is None:
        return ["", "it has no hidden tests"]
    name = task.name or (hidden.reference.name if hidden.reference else "f")
    told = ["", "hidden tests", *(line(f"  {_as_text(test, name)}") for test in hidden.tests)]
    if hidden.program is not None:
        told += ["", hidden.program]
    if hidden.reference is not None:
        told += ["", "reference", hidden.reference.source.rstrip("\n")]
    if hidden.ir is not None:
        told += ["", "reference specification", render_text(hidden.ir).rstrip("\n")]
    return told


def _as_text(example: Example, name: str) -> str:
    call = example.call(name)
    return (
        f"{call} raises {example.raises}" if example.raises else f"{call} == {example.expected!r}"
    )


def _told(report: TaskReport) -> list[str]:
    told = [f"{report.task}: {problem}" for problem in report.problems]
    if report.mutants is not None:
        told += [
            f"{report.task}: a wrong mutant survives: {each.mutant.operator} in line "
            f"{each.mutant.line}, shown by {each.shown_by}"
            for each in report.mutants.survivors
        ]
    return told


def _report_as_json(report: TaskReport) -> dict[str, Any]:
    tried = report.mutants
    found: dict[str, Any] = {"id": report.task, "problems": list(report.problems)}
    if tried is not None:
        found["mutants"] = {
            "killed": tried.killed,
            "equivalent": tried.equivalent,
            "survivors": [
                {"operator": s.mutant.operator, "line": s.mutant.line, "shown_by": s.shown_by}
                for s in tried.survivors
            ],
        }
    return found
