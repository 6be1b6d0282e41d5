"""What grading costs beyond the sandbox, and which mistakes hidden tests let pass.

    python benchmarks/grading.py [--write] [--suite NAME] [--limit N]

Winners are the references of the suite and as many wrong mutants of them. Raw checks are the same
jobs given to the same sandbox, with nothing made of what it reports. Both are done in turn, several
times, with the same number at once; the medians are compared.
"""

import argparse
import asyncio
import datetime
import platform
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from lift_sys.checking.execution import Call
from lift_sys.checking.mutants import mutants
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.evaluation import grade, try_mutants
from lift_sys.evaluation.mutation import MutationReport
from lift_sys.evaluation.selection import Selection
from lift_sys.evaluation.sources import named_source
from lift_sys.evaluation.winners import Winner
from lift_sys.interfaces import Code, Hidden, Invocation, Job, Sandbox, Task
from lift_sys.ir import encode
from lift_sys.plugins import PluginManager

RESULTS = Path(__file__).parent / "results" / "grading.md"
AT_ONCE = 8
ROUNDS = 7
_WRONG_EACH = 3


class Piece(NamedTuple):
    task: Task
    winner: Winner
    hidden: Hidden
    job: Job


def pieces(tasks: Sequence[Task], hidden: dict[str, Hidden]) -> list[Piece]:
    found: list[Piece] = []
    for task in tasks:
        tests = hidden[task.id]
        assert tests.reference is not None
        name, source = tests.reference.name, tests.reference.source
        for text in (source, *(m.source for m in islice(mutants(source), _WRONG_EACH))):
            calls = [Call.of(test) for test in tests.tests]
            invocations = tuple(
                Invocation(function=name, args=tuple(map(encode, call.args))) for call in calls
            )
            code = Code(name=name, source=text)
            winner = Winner("pass", "", code)
            found.append(Piece(task, winner, tests, Job(source=text, invocations=invocations)))
    return found


async def timed(work: Callable[[Piece], Awaitable[object]], all_of: Sequence[Piece]) -> float:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(piece: Piece) -> None:
        async with places:
            await work(piece)

    started = time.perf_counter()
    await asyncio.gather(*map(one, all_of))
    return time.perf_counter() - started


async def measure(suite: str, limit: int | None) -> str:
    source = named_source(suite, {}, PluginManager.installed())
    tasks = Selection(limit=limit).of(source.tasks())
    hidden = source.hidden(tasks)
    sandbox = default_sandbox()
    try:
        raw, graded, checks = await _overhead(pieces(tasks, hidden), sandbox)
        reports = [await try_mutants(task, hidden[task.id], sandbox) for task in tasks]
    finally:
        await sandbox.aclose()
    return _report(f"{source.suite.name} {source.suite.version}", raw, graded, checks, reports)


async def _overhead(
    all_of: Sequence[Piece], sandbox: Sandbox
) -> tuple[list[float], list[float], int]:
    raw: list[float] = []
    graded: list[float] = []
    for number in range(ROUNDS + 1):
        one = await timed(lambda piece: sandbox.run(piece.job), all_of)
        other = await timed(lambda p: grade(p.task, p.winner, p.hidden, sandbox), all_of)
        if number:  # the first is to get warm
            raw.append(one)
            graded.append(other)
    return raw, graded, len(all_of)


def _report(
    suite: str,
    raw: Sequence[float],
    graded: Sequence[float],
    checks: int,
    reports: Sequence[MutationReport],
) -> str:
    ratios = [b / a for a, b in zip(raw, graded, strict=True)]
    usual, least, most = (100 * f(ratios) - 100 for f in (statistics.median, min, max))
    killed, wrong = sum(r.killed for r in reports), sum(r.wrong for r in reports)
    least_killed = min(100 * r.killed / (r.wrong or 1) for r in reports)
    survivors = "".join(
        f"- `{r.task}` line {s.mutant.line}, {s.mutant.operator}: `{s.shown_by}`\n"
        for r in reports
        for s in r.survivors
    )
    versions = f"Python {platform.python_version()}, lift-sys {version('lift-sys')}"
    return f"""\
# Grading

{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {versions}, {platform.system()}.

    python benchmarks/grading.py --write

Suite {suite}, {len(reports)} tasks.

## Cost

{checks} solutions, {AT_ONCE} at once, {ROUNDS} rounds of raw sandbox checks and of grading in turn.

| | seconds (median) | checks a second |
|---|---|---|
| raw sandbox checks | {statistics.median(raw):.3f} | {checks / statistics.median(raw):.0f} |
| grading | {statistics.median(graded):.3f} | {checks / statistics.median(graded):.0f} |

Overhead of grading, median of the rounds' own ratios: **{usual:.0f} %** (least {least:.0f} %,
most {most:.0f} %).

## Mutants

Every mutant of every reference was shown to its hidden tests. Those that do the same on the tests
and on up to 300 other inputs that the request allows are set aside.

| | |
|---|---|
| wrong mutants | {wrong} |
| killed | {killed} ({100 * killed / (wrong or 1):.1f} %) |
| set aside as equivalent | {sum(r.equivalent for r in reports)} |
| least share killed of one task | {least_killed:.1f} % |

{survivors}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.name}")
    parser.add_argument("--suite", default="phases")
    parser.add_argument("--limit", type=int, default=None)
    given = parser.parse_args()
    report = asyncio.run(measure(given.suite, given.limit))
    print(report)
    if given.write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
