"""What grading costs beyond the sandbox, and which mistakes hidden tests let pass.

    python benchmarks/grading.py [--write] [--suite NAME] [--limit N]

Winners are the references of the suite, and once more these with three wrong mutants of each. Raw
checks are the same hidden tests given to the same sandbox, one job for each code, with nothing made
of what it reports. Both are done in turn, several times, with the same number at once. What counts
is the time of the processors, of the sandbox's processes as well; the medians of the rounds' own
ratios are told.
"""

import argparse
import asyncio
import datetime
import os
import platform
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
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
from lift_sys.interfaces import Code, Hidden, Invocation, Job, Report, Sandbox, Task
from lift_sys.ir import encode
from lift_sys.plugins import PluginManager

RESULTS = Path(__file__).parent / "results" / "grading.md"
AT_ONCE = 8
ROUNDS = 9
WRONG_EACH = 3
MOST = 20
"""Percent."""


class Piece(NamedTuple):
    task: Task
    winner: Winner
    hidden: Hidden
    job: Job


class Cost(NamedTuple):
    codes: int
    wrong: int
    raw: list[float]
    """Seconds of the processors for all codes, by round."""
    graded: list[float]
    own: float
    """Seconds of this process for all codes, with what the sandbox says known already: what grading
    itself takes, however busy the machine is."""
    jobs: int
    """That grading gave to the sandbox in a round."""

    @property
    def own_share(self) -> float:
        return 100 * self.own / statistics.median(self.raw)

    @property
    def overheads(self) -> list[float]:
        return [100 * b / a - 100 for a, b in zip(self.raw, self.graded, strict=True)]


def pieces(tasks: Sequence[Task], hidden: dict[str, Hidden], wrong: int) -> list[Piece]:
    """The reference of each task, and so many mutants of it."""
    found: list[Piece] = []
    for task in tasks:
        tests = hidden[task.id]
        assert tests.reference is not None
        name, source = tests.reference.name, tests.reference.source
        calls = [Call.of(test) for test in tests.tests]
        invocations = tuple(
            Invocation(function=name, args=tuple(map(encode, call.args))) for call in calls
        )
        for text in (source, *(m.source for m in islice(mutants(source), wrong))):
            code = Code(name=name, source=text)
            winner = Winner("pass", "", code)
            found.append(Piece(task, winner, tests, Job(source=text, invocations=invocations)))
    return found


class Recording:
    """A sandbox that keeps what it reports."""

    def __init__(self, inner: Sandbox) -> None:
        self._inner = inner
        self.reports: list[Report] = []

    def guards(self) -> tuple[str, ...]:
        return self._inner.guards()

    async def run(self, job: Job) -> Report:
        self.reports.append(await self._inner.run(job))
        return self.reports[-1]

    async def aclose(self) -> None:
        await self._inner.aclose()


class Replaying:
    """A sandbox that says once more what another said, in the same order."""

    def __init__(self, guards: tuple[str, ...], reports: Sequence[Report]) -> None:
        self._guards = guards
        self._reports = iter(reports)

    def guards(self) -> tuple[str, ...]:
        return self._guards

    async def run(self, job: Job) -> Report:
        return next(self._reports)

    async def aclose(self) -> None:
        pass


def busy() -> float:
    """Seconds of the processors so far: of this process, its sandbox and the jobs in it."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1])
                ticks[int(entry.name)] = sum(map(int, fields[11:15]))
    family = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    below = sum(ticks[child] for child in family - {os.getpid()})
    return time.process_time() + below / os.sysconf("SC_CLK_TCK")


async def spent(work: Callable[[Piece], Awaitable[object]], all_of: Sequence[Piece]) -> float:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(piece: Piece) -> None:
        async with places:
            await work(piece)

    before = busy()
    await asyncio.gather(*map(one, all_of))
    return busy() - before


async def measure(suite: str, limit: int | None) -> str:
    source = named_source(suite, {}, PluginManager.installed())
    tasks = Selection(limit=limit).of(source.tasks())
    hidden = source.hidden(tasks)
    sandbox = default_sandbox()
    try:
        costs = [await _cost(pieces(tasks, hidden, wrong), sandbox) for wrong in (0, WRONG_EACH)]
        reports = [await try_mutants(task, hidden[task.id], sandbox) for task in tasks]
    finally:
        await sandbox.aclose()
    return _report(f"{source.suite.name} {source.suite.version}", costs, reports)


async def _cost(all_of: Sequence[Piece], sandbox: Sandbox) -> Cost:
    raw: list[float] = []
    graded: list[float] = []
    told: list[list[Report]] = []
    right = 0
    for p in all_of:
        recording = Recording(sandbox)
        right += (await grade(p.task, p.winner, p.hidden, recording)).verdict.passed
        told.append(recording.reports)
    own = min([await _own(all_of, sandbox.guards(), told) for _ in range(ROUNDS)])
    jobs = sum(map(len, told))
    for _ in range(ROUNDS):
        raw.append(await spent(lambda piece: sandbox.run(piece.job), all_of))
        graded.append(await spent(lambda p: grade(p.task, p.winner, p.hidden, sandbox), all_of))
    return Cost(len(all_of), len(all_of) - right, raw, graded, own, jobs)


async def _own(
    all_of: Sequence[Piece], guards: tuple[str, ...], told: Sequence[Sequence[Report]]
) -> float:
    sandboxes = [Replaying(guards, reports) for reports in told]
    before = time.process_time()
    for p, sandbox in zip(all_of, sandboxes, strict=True):
        await grade(p.task, p.winner, p.hidden, sandbox)
    return time.process_time() - before


def _row(cost: Cost) -> str:
    usual, least, most = (f(cost.overheads) for f in (statistics.median, min, max))
    raw, graded = (1000 * statistics.median(t) / cost.codes for t in (cost.raw, cost.graded))
    return (
        f"| {cost.codes}, {cost.wrong} wrong | {raw:.2f} "
        f"| {1000 * cost.own / cost.codes:.2f} ({cost.own_share:.0f} %) "
        f"| {graded:.2f} | {cost.jobs} "
        f"| **{usual:.0f} %** ({least:.0f} to {most:.0f} %) |"
    )


def _report(suite: str, costs: Sequence[Cost], reports: Sequence[MutationReport]) -> str:
    rows = "\n".join(map(_row, costs))
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

{AT_ONCE} at once, {ROUNDS} rounds of raw sandbox checks and of grading in turn; milliseconds are of
the processors, all processes together, medians.

| codes | raw check, ms | grading's own work, ms | all of grading, ms | jobs of grading \
| overhead, at most {MOST} % |
|---|---|---|---|---|---|
{rows}

Its own work is that of its process where the sandbox's reports are known already: it does not
depend on how busy the machine is. Overhead: the median of the rounds' own ratios, in brackets the
least and the most, which a busy machine drives apart. What grading
gives to the sandbox beyond one job for each code tells wrong ones by the name of their mistake.

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
