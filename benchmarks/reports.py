"""How long the report of a large run takes, and how much memory.

    python benchmarks/reports.py [--write] [--tasks 10000] [--draws 4]

A record of so many graded tasks is made: for each a specification and several codes, each scored by
two scorers. Then, each in a process of its own: its rows are read and nothing is made of them; and
everything is done that `lift grade --html --markdown --jsonl` does, the suite read as well. Nothing
is graded, as the record holds the grades.
"""

import argparse
import datetime
import json
import platform
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from measuring import in_process
from sqlalchemy import select

from lift_sys.cli._reporting import Reporting
from lift_sys.evaluation.apart import grade_apart
from lift_sys.evaluation.grading import grader_of
from lift_sys.evaluation.judging import BY, digest_of, subject
from lift_sys.evaluation.sources import named_source
from lift_sys.interfaces import (
    Assignment,
    AttemptEnded,
    Basis,
    Call,
    CallMade,
    CandidateDrawn,
    CandidateScored,
    Code,
    Completion,
    Delivered,
    Event,
    Hidden,
    RouteTaken,
    RunEnded,
    RunStarted,
    Solution,
    Spend,
    StrategyStopped,
    Task,
    TaskEnded,
    TaskStarted,
    Usage,
    Verdict,
)
from lift_sys.plugins import PluginManager
from lift_sys.store import Grade, Grades, Store
from lift_sys.store.statements import EVENT_TABLES
from lift_sys.testing.samples import IR_TEXT, SPECIFICATION

RESULTS = Path(__file__).parent / "results" / "reports.md"
MOST_SECONDS, MOST_MB = 10, 500
RUN = "20260101-120000-abcdef"
CATEGORIES = (
    "strings",
    "lists",
    "control_flow",
    "edge_cases",
    "mathematical",
    "types",
    "structures",
)
DIFFICULTIES = ("easy", "medium", "medium_hard", "hard")
PASSED = Verdict(status="pass", basis=Basis(examples=2), guards=("landlock", "seccomp"))


def code_of(number: int, draw: int) -> Code:
    """The first draw is right in two of three tasks, the third in every second one."""
    return Code(name="double", source=f"def double(x):\n    # {number}\n    return {draw} * x\n")


def right(number: int, draw: int) -> bool:
    return (number % 3 > 0) if draw == 0 else (number % 2 > 0) if draw == 2 else False


def suite(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            tests = [{"args": [number + n], "expected": 2 * (number + n)} for n in range(3)]
            document = {
                "id": f"t{number}",
                "request": f"Create a function that doubles a number, the {number}th of its kind",
                "category": CATEGORIES[number % len(CATEGORIES)],
                "difficulty": DIFFICULTIES[number % len(DIFFICULTIES)],
                "function": "double",
                "examples": [{"args": [2], "expected": 4}],
                "hidden": {"tests": tests},
            }
            file.write(json.dumps(document) + "\n")


def of_task(task: Task, number: int, draws: int) -> Iterator[Event]:
    name = task.id
    document = task.model_dump(mode="json")
    yield TaskStarted(task=name, request=task.request, document=document)
    yield RouteTaken(task=name, attempt=1, route="default", reason="first", start="specify")
    yield from _drawn(name, "specify", 0, IR_TEXT, SPECIFICATION.model_dump(mode="json"))
    yield StrategyStopped(
        task=name,
        stage="specify",
        strategy="single",
        why="one draw",
        winners=(f"{name}/specify/0",),
    )
    for draw in range(draws):
        code = code_of(number, draw)
        yield from _drawn(name, "implement", draw, code.source, code.model_dump(mode="json"))
    for draw in range(draws):
        yield CandidateScored(
            task=name,
            candidate=f"{name}/implement/{draw}",
            score=(draw % 3) / 3,
            reason="as it came",
            parts={"execution": (draw % 3) / 3, "agreement": (number * draw % 7) / 7},
        )
    yield StrategyStopped(
        task=name, stage="implement", strategy="best-of-n", why=f"drew {draws}", drawn=draws,
        winners=(f"{name}/implement/0",), distinct=draws, distinct_behaviour=3,
    )  # fmt: skip
    spend = Spend(calls=1 + draws, input_tokens=900, output_tokens=300, usd=0.004, seconds=3)
    yield AttemptEnded(
        task=name, attempt=1, route="default", verdict=PASSED, fault=None, spend=spend
    )
    solution = Solution(
        ir=SPECIFICATION, specification=PASSED, code=code_of(number, 0), verdict=PASSED
    )
    yield TaskEnded(
        task=name, status="pass", why="it passes", solution=solution, spend=spend, seconds=3.0
    )


def _drawn(task: str, stage: str, draw: int, text: str, value: Any) -> Iterator[Event]:
    call = Call(
        id=f"model/{task}/{stage}/{draw}", provider="model", model="m", cost=0.001, seconds=1,
        usage=Usage(input_tokens=200, output_tokens=60),
    )  # fmt: skip
    sample = Delivered(index=draw, key=call.id, completion=Completion(text=text))
    yield CallMade(task=task, call=call, request="d" * 32, samples=(sample,))
    yield CandidateDrawn(
        task=task, stage=stage, candidate=f"{task}/{stage}/{draw}", text=text, value=value,
        calls=(call.id,),
    )  # fmt: skip


def record(folder: Path, count: int, draws: int) -> None:
    suite(folder / "tasks.jsonl", count)
    source = named_source(str(folder / "tasks.jsonl"), {}, PluginManager.installed())
    tasks = source.tasks()
    with Store.open(folder / "store.db") as store:
        recorder = store.recorder(RUN)
        recorder.record(
            RunStarted(
                run=RUN, started="2026-01-01T12:00:00+00:00", config={}, distributions={}, seed=0,
                assignment=Assignment(
                    suite=source.suite, use=source.use, options=source.options,
                    tasks={task.id: task.digest for task in tasks},
                ),
            )
        )  # fmt: skip
        for number, task in enumerate(tasks):
            for event in of_task(task, number, draws):
                recorder.record(event)
        recorder.record(RunEnded(why="all tasks done", spend=Spend(), seconds=1.0))
        recorder.close()
    hidden = source.hidden(tasks)
    with Grades.open(folder / "store.db") as grades:
        for start in range(0, count, 1_000):
            some = tasks[start : start + 1_000]
            grades.put(
                RUN,
                [
                    grade
                    for number, task in enumerate(some, start)
                    for grade in graded(task, number, hidden[task.id], draws)
                ],
            )


def graded(task: Task, number: int, hidden: Hidden, draws: int) -> Iterator[Grade]:
    digest = digest_of(code_of(number, 0))
    one = Grade(
        task=task.id, grader=grader_of(hidden), verdict=_verdict(right(number, 0)), total=3,
        notes={"by": BY, "code": digest},
    )  # fmt: skip
    yield one
    for draw in range(draws):
        name = subject("implement", digest_of(code_of(number, draw)))
        verdict = _verdict(right(number, draw))
        yield one.model_copy(update={"subject": name, "verdict": verdict, "notes": {"by": BY}})
    specification = subject("specify", digest_of(SPECIFICATION))
    yield one.model_copy(update={"subject": specification, "notes": {"by": BY}})


def _verdict(passed: bool) -> Verdict:
    failure = {"category": "wrong_output", "message": "2 of 3 hidden tests"}
    failures = () if passed else (failure,)
    return Verdict.model_validate(
        {"status": "pass" if passed else "fail", "basis": {"examples": 3}, "failures": failures}
    )


# Each of these in a process of its own


def report(folder: Path) -> None:
    found = grade_apart(str(folder / "store.db"), RUN)
    files = {form: str(folder / f"report.{form}") for form in ("html", "markdown", "jsonl")}
    Reporting.of(as_json=False, against=None, fail_under=None, **files).show(found)


def rows_alone(folder: Path) -> None:
    with Store.open(folder / "store.db") as store:
        engine = store._engine
        with engine.connect() as connection:
            for table in EVENT_TABLES:
                for _ in connection.execute(select(table)):
                    pass


PARTS = {"report": report, "rows": rows_alone}


def measure(count: int, draws: int, rounds: int) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record(folder, count, draws)
        found = {
            part: [in_process(__file__, part, folder) for _ in range(rounds)] for part in PARTS
        }
        size = (folder / "report.html").stat().st_size / 1024
    seconds, busy, reports_mb, grades_mb = map(min, zip(*found["report"], strict=True))
    alone, alone_busy, alone_mb, _ = map(min, zip(*found["rows"], strict=True))
    mb = max(reports_mb, grades_mb)
    return f"""\
# Reports

{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, Python {platform.python_version()}, \
lift-sys {version("lift-sys")}, {platform.system()}.

    python benchmarks/reports.py --write

{count} recorded and graded tasks, each with one specification and {draws} codes scored by two \
scorers; the best of {rounds}.

| | seconds | of the processor | MB at most |
|---|---|---|---|
| reading the rows of the events alone | {alone:.2f} | {alone_busy:.2f} | {alone_mb:.0f} |
| suite, record, grades, measures, three files | {seconds:.2f} | {busy:.2f} | {mb:.0f} |

The report takes {busy / alone_busy:.1f} times the work of reading the rows, starting two processes
among it. The memory is that of the larger one. The limits are \
{MOST_SECONDS} s and {MOST_MB} MB. The page has {size:.0f} KB.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.name}")
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--draws", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--part", choices=[*PARTS], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        PARTS[given.part](given.folder)
        return
    text = measure(given.tasks, given.draws, given.rounds)
    print(text)
    if given.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
