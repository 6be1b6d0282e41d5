"""How much memory reading a run with very many candidates takes.

    python benchmarks/large_store.py [--write] [--tasks 1000 10000] [--draws 100]

A record of one graded task is made, with so many codes, each scored by two scorers; the database
then makes all other tasks of it. The run is graded from that record, and advised on, each time in
processes of their own, as `lift grade` and `lift advise` do.
"""

import argparse
import datetime
import json
import platform
import sqlite3
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from measuring import Used, in_process
from reports import RUN, graded, of_task

from lift_sys.cli import main as lift
from lift_sys.evaluation.sources import named_source
from lift_sys.interfaces import Assignment, RunEnded, RunStarted, Spend
from lift_sys.plugins import PluginManager
from lift_sys.store import Grades, Store

RESULTS = Path(__file__).parent / "results" / "large_store.md"
MOST_MB = 500
_EACH = "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < :more) "


class Size(NamedTuple):
    tasks: int
    draws: int
    mb: float
    grading: Used
    advising: Used


def suite(path: Path, count: int) -> None:
    tests = [{"args": [n], "expected": 2 * n} for n in range(3)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            document = {
                "id": f"t{number}",
                "request": f"Create a function that doubles a number, the {number}th of its kind",
                "category": f"category {number % 7}",
                "difficulty": ("easy", "medium", "hard")[number % 3],
                "function": "double",
                "examples": [{"args": [2], "expected": 4}],
                "hidden": {"tests": tests},
            }
            file.write(json.dumps(document) + "\n")


def record(folder: Path, tasks: int, draws: int) -> Path:
    suite(folder / "tasks.jsonl", tasks)
    source = named_source(str(folder / "tasks.jsonl"), {}, PluginManager.installed())
    every = source.tasks()
    digests = {task.id: task.digest for task in every}
    assignment = Assignment(
        suite=source.suite, use=source.use, options=source.options, tasks=digests
    )
    where = folder / "store.db"
    with Store.open(where) as store:
        recorder = store.recorder(RUN)
        started = "2026-01-01T12:00:00+00:00"
        recorder.record(
            RunStarted(
                run=RUN, started=started, config={}, distributions={}, seed=0, assignment=assignment
            )
        )
        for event in of_task(every[0], 0, draws):
            recorder.record(event)
        recorder.record(RunEnded(why="all tasks done", spend=Spend(), seconds=1.0))
        recorder.close()
    [hidden] = source.hidden(every[:1]).values()
    with Grades.open(where) as grades:
        grades.put(RUN, [*graded(every[0], 0, hidden, draws)])
    multiply(where, tasks - 1)
    return where


def multiply(where: Path, more: int) -> None:
    """The first task so many times again, as the database itself can do it."""
    with sqlite3.connect(where) as connection:
        (last,) = connection.execute("SELECT max(seq) FROM events").fetchone()
        given = {"more": more, "length": last}
        body = "replace(body, 't0/', 't' || k || '/')"
        for table in ("candidates", "calls", "scores", "verdicts", "events"):
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            made = {"seq": "seq + k * :length", "task": "k + 1", "body": body}
            columns = ", ".join(made.get(name, name) for name in names)
            connection.execute(
                f"{_EACH} INSERT INTO {table} SELECT {columns} FROM {table}, n WHERE task = 1",
                given,
            )
        names = [row[1] for row in connection.execute("PRAGMA table_info(tasks)")]
        made = {"number": "k + 1", "id": "'t' || k"}
        columns = ", ".join(made.get(name, name) for name in names)
        connection.execute(f"{_EACH} INSERT INTO tasks SELECT {columns} FROM tasks, n", given)
        names = [row[1] for row in connection.execute("PRAGMA table_info(grades)")]
        made = {
            "task": "'t' || k",
            "body": """replace(body, '"task":"t0"', '"task":"t' || k || '"')""",
        }
        columns = ", ".join(made.get(name, name) for name in names)
        connection.execute(f"{_EACH} INSERT INTO grades SELECT {columns} FROM grades, n", given)
        connection.execute(
            "UPDATE runs SET events = :length * (:more + 1), tasks = :more + 1", given
        )
    connection.close()


def graded_by_lift(folder: Path) -> None:
    files = ("--html", "page.html", "--jsonl", "rows.jsonl", "-o", "result.json")
    arguments = [str(folder / each) if "." in each else each for each in files]
    if lift(["grade", RUN, "--store", str(folder / "store.db"), *arguments]):
        raise SystemExit("not graded")


def advised_by_lift(folder: Path) -> None:
    if lift(["advise", str(folder / "result.json")]):
        raise SystemExit("not advised")


PARTS = {"grade": graded_by_lift, "advise": advised_by_lift}


def measure(tasks: int, draws: int) -> Size:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        where = record(folder, tasks, draws)
        size = where.stat().st_size / 2**20
        grading, advising = (in_process(__file__, part, folder) for part in PARTS)
        return Size(tasks, draws, size, grading, advising)


def report(sizes: Sequence[Size]) -> str:
    rows = "\n".join(
        f"| {each.tasks * each.draws:,} | {each.tasks:,} x {each.draws:,} | {each.mb:,.0f} "
        f"| {each.grading.child_mb:.0f} | {each.grading.own_mb:.0f} | {each.grading.busy:.1f} "
        f"| {each.advising.own_mb:.0f} | {each.advising.busy:.1f} |"
        for each in sizes
    )
    return f"""\
# Runs with very many candidates

{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, Python {platform.python_version()}, \
lift-sys {version("lift-sys")}, {platform.system()}.

    python benchmarks/large_store.py --write

Codes in one run, each scored by two scorers and graded; the page, the lines and the result file of
`lift grade` are written, and `lift advise` reads that file. MB are the most that a process held,
seconds are of the processor.

| codes | tasks x codes | store, MB | grade: who reads the record, MB | who reports, MB | s \
| advise, MB | s |
|---|---|---|---|---|---|---|---|
{rows}

The limit is {MOST_MB} MB for each process.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.name}")
    parser.add_argument("--tasks", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--part", choices=[*PARTS], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        PARTS[given.part](given.folder)
        return
    text = report([measure(tasks, given.draws) for tasks in given.tasks])
    print(text)
    if given.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
