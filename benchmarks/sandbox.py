"""What the sandbox costs, against a fresh `python -I` for every check, in one run.

    python benchmarks/sandbox.py [--checks 600] [--memory-checks 20000]

Prints a Markdown table. Ratios say more than figures: the machine may be busy.
"""

import argparse
import asyncio
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from lift_sys.checking.sandbox import SubprocessSandbox, ZygoteSandbox
from lift_sys.interfaces import Invocation, Job, Sandbox, SandboxLimits

# A millisecond of work, as functions under test do it: a loop, a list, a string.
WORK = """
def f(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total
"""
# The least that does the same for a caller: takes code and arguments, gives the result back.
SERVICE = """
import json, sys
job = json.load(sys.stdin)
space = {}
exec(job["source"], space)
print(json.dumps({"value": space["f"](*job["args"])}))
"""
IN_PARALLEL = 8
HANG = "import time\ndef f():\n    time.sleep(60)\n"
SPIN = "def f():\n    while True: pass\n"


def one_millisecond() -> int:
    """How many rounds of `WORK` take a millisecond here."""
    space: dict[str, Callable[[int], int]] = {}
    exec(WORK, space)
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        space["f"](10_000)
        best = min(best, time.perf_counter() - start)
    return round(10_000 * 0.001 / best)


def job(source: str, *args: int, limits: SandboxLimits | None = None) -> Job:
    calls = (Invocation(function="f", args=args),)
    return Job(source=source, invocations=calls, limits=limits or SandboxLimits())


async def throughput(check: Callable[[], Awaitable[object]], count: int) -> float:
    """Checks a second, `IN_PARALLEL` at a time."""
    left = iter(range(count))

    async def worker() -> None:
        for _ in left:
            await check()

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(IN_PARALLEL)))
    return count / (time.perf_counter() - start)


async def fresh_interpreter(script: str, given: bytes) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", script, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    output, _ = await process.communicate(given)
    assert output


async def checked(sandbox: Sandbox, work: Job) -> float:
    start = time.perf_counter()
    report = await sandbox.run(work)
    assert report.observations[0].outcome == "returned", report
    return time.perf_counter() - start


def cpu_seconds() -> float:
    """Of this process and of all it has waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


async def cpu_of_interpreters(script: str, given: bytes, count: int) -> float:
    """CPU-milliseconds for a check, those of this process included."""
    before = cpu_seconds()
    await throughput(lambda: fresh_interpreter(script, given), count)
    return (cpu_seconds() - before) * 1000 / count


async def cpu_of_zygotes(work: Job, count: int) -> float:
    """The same, without the start: that of a sandbox with few checks is taken off."""
    spent: list[float] = []
    for checks in (IN_PARALLEL, IN_PARALLEL + count):
        before = cpu_seconds()
        sandbox = ZygoteSandbox()
        await throughput(lambda sandbox=sandbox: checked(sandbox, work), checks)
        await sandbox.aclose()
        spent.append(cpu_seconds() - before)
    return (spent[1] - spent[0]) * 1000 / count


async def start_up() -> float:
    times: list[float] = []
    for _ in range(7):
        start = time.perf_counter()
        sandbox = ZygoteSandbox(zygotes=1)
        sandbox.guards()
        times.append(time.perf_counter() - start)
        await sandbox.aclose()
    return statistics.median(times)


async def beside(sandbox: Sandbox, source: str | None, work: Job) -> float:
    """Median latency of quick jobs, one at a time, while two of `source` run into their limits."""
    limits = SandboxLimits(cpu_seconds=4, wall_seconds=4)
    slow = [
        asyncio.ensure_future(sandbox.run(job(text, limits=limits)))
        for text in (source, source)
        if text is not None
    ]
    await asyncio.sleep(0.3)
    quick = [await checked(sandbox, work) for _ in range(60)]
    assert not any(task.done() for task in slow), "too slow to tell"
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return statistics.median(quick)


def resident(pid: int) -> int:
    """Megabytes of a process and all that come from it; shared pages count once for each."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
            except OSError:
                continue
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    pages = 0
    for member in family:
        try:
            pages += int(Path(f"/proc/{member}/statm").read_text().split()[1])
        except OSError:
            continue
    return pages * os.sysconf("SC_PAGE_SIZE")


async def memory(sandbox: Sandbox, work: Job, count: int) -> tuple[float, float]:
    """Megabytes after a tenth of the checks and after all, when idle."""

    async def measured(share: int) -> float:
        await throughput(lambda: checked(sandbox, work), share)
        gc.collect()
        await asyncio.sleep(0.2)
        return resident(os.getpid()) / 2**20

    return await measured(count // 10), await measured(count - count // 10)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=600)
    parser.add_argument("--memory-checks", type=int, default=20_000)
    options = parser.parse_args()
    rounds = one_millisecond()
    work = job(WORK, rounds)
    rows: list[tuple[str, str, str]] = []

    rows.append(("start-up, all guards probed", f"{await start_up() * 1000:.0f} ms", "150 ms"))

    zygotes, processes = ZygoteSandbox(), SubprocessSandbox()
    await checked(zygotes, work)
    await checked(processes, work)
    bare: list[float] = []
    service: list[float] = []
    fast: list[float] = []
    given = json.dumps({"source": WORK, "args": [rounds]}).encode()
    few = max(20, options.checks // 6)
    script = f"{WORK}\nprint(f({rounds}))"
    cpu: dict[str, list[float]] = {"alone": [], "JSON": [], "zygote": []}
    for _ in range(3):
        cpu["alone"].append(await cpu_of_interpreters(script, b"", few))
        cpu["zygote"].append(await cpu_of_zygotes(work, options.checks))
        cpu["JSON"].append(await cpu_of_interpreters(SERVICE, given, few))
        bare.append(await throughput(lambda: fresh_interpreter(script, b""), few))
        fast.append(await throughput(lambda: checked(zygotes, work), options.checks))
        service.append(await throughput(lambda: fresh_interpreter(SERVICE, given), few))
    isolated = await throughput(lambda: checked(processes, work), few)

    def against(others: list[float]) -> str:
        return f"{statistics.median(f / o for f, o in zip(fast, others, strict=True)):.1f} x"

    rows += [
        ("`python -I`, the function alone", f"{statistics.median(bare):.0f} /s", ""),
        ("`python -I`, job and result as JSON", f"{statistics.median(service):.0f} /s", ""),
        ("sandbox `subprocess`", f"{isolated:.0f} /s", ""),
        ("sandbox `zygote`", f"{statistics.median(fast):.0f} /s", "250 /s"),
        ("`zygote` against `python -I`, the function alone", against(bare), "5 x"),
        ("`zygote` against `python -I`, job and result as JSON", against(service), "5 x"),
    ]

    spent = {name: statistics.median(times) for name, times in cpu.items()}
    rows += [
        (
            "CPU time of a check: interpreter with the function alone, with JSON, `zygote`",
            f"{spent['alone']:.1f}, {spent['JSON']:.1f}, {spent['zygote']:.1f} ms",
            "",
        ),
        (
            "`zygote` against each, by CPU time",
            f"{spent['alone'] / spent['zygote']:.1f} x, {spent['JSON'] / spent['zygote']:.1f} x",
            "",
        ),
    ]

    alone = await beside(zygotes, None, work)
    for name, source in (("sleeping", HANG), ("spinning", SPIN)):
        latency = await beside(zygotes, source, work)
        told = f"{latency * 1000:.1f} ms ({latency / alone:.1f} x of {alone * 1000:.1f} ms alone)"
        rows.append((f"a quick check beside two {name} ones", told, ""))

    early, late = await memory(zygotes, work, options.memory_checks)
    told = f"{early:.1f} MB, then {late:.1f} MB"
    count = options.memory_checks
    rows.append((f"memory after {count // 10:,} and {count:,} checks, all processes", told, "flat"))
    guards = ", ".join(zygotes.guards())
    await zygotes.aclose()
    await processes.aclose()

    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, lift-sys {version('lift-sys')}, "
        f"Python {platform.python_version()}, {system}, {len(os.sched_getaffinity(0))} cores, "
        f"functions of 1 ms, {IN_PARALLEL} at a time\n\nGuards: {guards}\n"
    )
    print("| what | measured | reach |\n|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    asyncio.run(main())
