"""`lift runs`: what was recorded: listed, shown, compared, done again, exported, thrown away."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ..errors import InputError
from ..interfaces import RunStarted
from ..store import RunSummary, Store, TaskSummary
from ._files import write_whole
from ._groups import ListByDefault
from ._progress import counted, spend_text
from ._run_diff import compare
from ._run_tree import TaskTree
from ._stores import moment, opened, run_id, store_option
from ._terminal import columns, err, line, out, out_json

JSON_VERSION = 1
_TREES_SHOWN = 3
"""Tasks of a run whose trees are shown where none is named."""
_STATUSES = ("pass", "fail", "unverified", "error", "cancelled")
_STATES = ("running", "ended", "broken-off")


@click.group(
    name="runs",
    cls=ListByDefault,
    later={
        "replay": "lift_sys.cli._runs_again:replay_command",
        "resume": "lift_sys.cli._runs_again:resume_command",
    },
)
def command() -> None:
    """List, show, compare, resume, replay, export and prune recorded runs. Without a command: list
    them.

    RUN is the id of a run, a beginning of it that no other one shares, or `last`.
    """


@command.command("list")
@click.option("--status", type=click.Choice(_STATUSES), help="With a task that ended so.")
@click.option("--state", type=click.Choice(_STATES), help="Whether it has ended.")
@click.option("--since", metavar="WHEN", help="Begun since then: a date, a time or an age (30d).")
@click.option("--pipeline", metavar="TEXT", help="Of a pipeline file whose name has this in it.")
@click.option("--label", metavar="TEXT", help="With this label.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@store_option
def list_runs(
    status: str | None,
    state: str | None,
    since: str | None,
    pipeline: str | None,
    label: str | None,
    limit: int,
    as_json: bool,
    where: str,
) -> None:
    """List runs, the latest first."""
    states: dict[str, Any] = {"running": "running", "ended": "ended", "broken-off": "broken off"}
    with opened(where) as store:
        found = store.runs(
            state=None if state is None else states[state],
            status=status,
            since=moment(since),
            pipeline=pipeline,
            label=label,
            limit=limit,
            beside=True,
        )
    if as_json:
        runs = [run.model_dump(mode="json") for run in found]
        out_json({"version": JSON_VERSION, "runs": runs})
        return
    if not found:
        out("no run")
        return
    titles = ["RUN", "STARTED", "STATE", "TASKS", "COST", "PIPELINE", "LABEL"]
    for row in columns([titles, *map(_row, found)], indent=""):
        out(row)


def _row(run: RunSummary) -> list[str]:
    cost = f"${run.spend.usd:.4f}" + ("+" if run.spend.unpriced_calls else "")
    started = run.started[:16].replace("T", " ")
    return [run.id, started, run.state, _tasks_text(run), cost, _near(run.pipeline), run.label]


def _near(path: str) -> str:
    """Of a file below this folder, how one would name it here."""
    return path.removeprefix(f"{Path.cwd()}/")


def _tasks_text(run: RunSummary) -> str:
    told = [f"{count} {status}" for status, count in run.statuses.items()]
    left = run.tasks - sum(run.statuses.values())
    return ", ".join([*told, *([f"{left} not ended"] if left else [])]) or "none"


@command.command("show")
@click.argument("named", metavar="RUN")
@click.option("--task", metavar="ID", help="The tree of this task.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Tasks.")
@store_option
def show_run(named: str, task: str | None, as_json: bool, limit: int, where: str) -> None:
    """Show what became of RUN: routes, candidates, scores, why each stopped, and the spend."""
    with opened(where) as store:
        run = store.run(run_id(store, named))
        tasks = store.tasks(run.id, limit=limit + 1)
        chosen = [each.id for each in tasks] if run.tasks <= _TREES_SHOWN else []
        trees = [_tree(store, run, each) for each in ([task] if task is not None else chosen)]
        started = _started(store, run)
    if as_json:
        document = {
            "version": JSON_VERSION,
            "run": run.model_dump(mode="json"),
            "started": started.model_dump(mode="json"),
            "tasks": [each.model_dump(mode="json") for each in tasks[:limit]],
            "trees": [tree.as_json() for tree in trees],
        }
        out_json(document)
        return
    for text in _head(run, started):
        out(text)
    for tree in trees:
        out()
        for text in tree.lines():
            out(text)
    if not trees:
        _print_tasks(run, tasks, limit)


def _tree(store: Store, run: RunSummary, task: str) -> TaskTree:
    tree = TaskTree.of(task, (told.event for told in store.events(run.id, task=task)))
    if tree.started is None:
        raise InputError(
            f"run {run.id} has no task {task!r}", remedy=f"see `lift runs show {run.id}`"
        )
    return tree


def _started(store: Store, run: RunSummary) -> RunStarted:
    for told in store.events(run.id, kinds=["run_started"]):
        if isinstance(told.event, RunStarted):
            return told.event
    raise InputError(f"the record of run {run.id} has no beginning", remedy="see `lift runs`")


def _head(run: RunSummary, started: RunStarted) -> Iterator[str]:
    why = f" ({run.why})" if run.why else ""
    yield line(f"run {run.id}: {run.state}{why}")
    if run.state == "broken off":
        yield f"  `lift runs resume {run.id}` goes on with it"
    named = [f"pipeline {_near(run.pipeline)}"] if run.pipeline else []
    named += [f"label {run.label}"] if run.label else []
    epoch = [f"epoch {run.epoch}"] if run.epoch else []
    yield "  " + line(", ".join([*named, f"seed {run.seed}", *epoch, f"started {run.started}"]))
    models = [f"{name} ({known.model})" for name, known in started.providers.items()]
    if models:
        yield "  " + line(f"models: {', '.join(models)}")
    versions = [f"{name} {version}" for name, version in started.distributions.items()]
    yield "  " + line(f"distributions: {', '.join(versions)}")
    yield f"  tasks: {_tasks_text(run)}; {counted(run.candidates, 'candidate')}"
    yield f"  {spend_text(run.spend)}, {run.seconds:.1f} s"


def _print_tasks(run: RunSummary, tasks: list[TaskSummary], limit: int) -> None:
    if not tasks:
        return
    out()
    rows = [
        [each.id, each.status or "not ended", f"${each.spend.usd:.4f}", each.failure or each.why]
        for each in tasks[:limit]
    ]
    for row in columns([["TASK", "STATUS", "COST", "WHY"], *rows], indent=""):
        out(row)
    if len(tasks) > limit:
        out(f"and {counted(run.tasks - limit, 'further task')} (--limit)")
    out(f"`lift runs show {run.id} --task ID` shows what became of one")


@command.command("diff")
@click.argument("first", metavar="RUN")
@click.argument("second", metavar="OTHER")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@store_option
def diff_runs(first: str, second: str, as_json: bool, where: str) -> None:
    """Compare RUN with OTHER: config, distributions, prompts, and each task's status and cost."""
    with opened(where) as store:
        runs = [store.run(run_id(store, named)) for named in (first, second)]
        sides = [(_started(store, run), store.tasks(run.id)) for run in runs]
    diff = compare(sides[0], sides[1])
    if as_json:
        ids = {"before": runs[0].id, "after": runs[1].id}
        out_json({"version": JSON_VERSION, **ids, **diff.as_json()})
        return
    out(f"{runs[0].id} -> {runs[1].id}")
    for text in diff.lines():
        out(text)


@command.command("export")
@click.argument("named", metavar="RUN")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file; else standard output."
)
@store_option
def export_run(named: str, output: Path | None, where: str) -> None:
    """Print the events of RUN as JSON Lines, as `lift runs replay FILE.jsonl` reads them."""
    with opened(where) as store:
        run = run_id(store, named)
        lines = (
            f'{{"seq":{told.seq},"at":{told.at},{told.event.model_dump_json()[1:]}'
            for told in store.events(run)
        )
        if output is None:
            for text in lines:
                # As it stands: a terminal sees no escape in JSON, and a program sees every byte.
                sys.stdout.write(text + "\n")
            return
        count = write_whole(output, lines)
    err(f"{counted(count, 'event')} of run {run} in {output}")


@command.command("prune")
@click.option("--before", metavar="WHEN", help="Runs begun before a date, a time or an age (30d).")
@click.option("--keep", type=click.IntRange(min=0), metavar="N", help="All but the latest N.")
@click.option("--run", "named", multiple=True, metavar="RUN", help="This one.")
@click.option("--dry-run", is_flag=True, help="Tell what would go, and keep it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@store_option
def prune_runs(
    before: str | None,
    keep: int | None,
    named: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    where: str,
) -> None:
    """Delete runs with all that was recorded of them: what they drew is paid for again. A run goes
    where any option names it; one that is under way stays."""
    if before is None and keep is None and not named:
        raise InputError(
            "nothing says which runs are to go", remedy="give --before, --keep or --run"
        )
    with opened(where) as store:
        chosen: dict[str, Any] = {
            "before": moment(before),
            "keep": keep,
            "runs": [run_id(store, each) for each in named],
        }
        doomed = store.prune(**chosen, dry_run=True).runs
        for run in doomed:
            out(run)
        if dry_run or not doomed:
            out(f"{counted(len(doomed), 'run')} would go")
            return
        if not yes and not _agreed(f"delete {counted(len(doomed), 'run')}?"):
            out("nothing was deleted")
            return
        gone = store.prune(runs=doomed)
    out(f"deleted {counted(len(gone.runs), 'run')}, {gone.bytes:,} bytes of texts")


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise InputError("there is nobody to ask whether these may go", remedy="give --yes")
    return click.confirm(question, err=True)
