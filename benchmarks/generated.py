"""The generated suite in figures: time, balance, mutants caught, bytes, nothing of the phases.

python benchmarks/generated.py [--write] [--seed 0] [--count 500]
"""

import argparse
import asyncio
import collections
import datetime
import hashlib
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from lift_sys_phases.plugin import PhasesOptions
from lift_sys_phases.source import PhasesSource

from lift_sys.checking.execution import Call, observe
from lift_sys.checking.mutants import mutants
from lift_sys.checking.sandbox import ZygoteSandbox
from lift_sys.data.contamination import Contamination, Known
from lift_sys.data.families.registry import families
from lift_sys.data.generated import hidden_tests
from lift_sys.data.hidden import HiddenTests
from lift_sys.data.made import dice_for, inputs_of
from lift_sys.data.reference import trusted
from lift_sys.data.suite import Chosen, choose
from lift_sys.data.survey import survey
from lift_sys.data.wording.library import kept, training
from lift_sys.interfaces import Sandbox

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "generated.md"
OTHER_INPUTS = 300
DIGEST = """
import hashlib, sys
from lift_sys.data.suite import choose
digest = hashlib.sha256()
for chosen in choose(int(sys.argv[1]), int(sys.argv[2])):
    for wording in (1, 2, 3):
        digest.update(chosen.task(wording).model_dump_json().encode())
    digest.update(chosen.made.ir.model_dump_json().encode())
print(digest.hexdigest())
"""


async def measure(seed: int, count: int) -> str:
    started, cpu = time.monotonic(), _cpu()
    sandbox = ZygoteSandbox(zygotes=2)
    try:
        chosen = list(choose(seed, count))
        made = time.monotonic() - started
        found = await hidden_tests(chosen, seed, sandbox)
    finally:
        await sandbox.aclose()
    whole, busy = time.monotonic() - started, _cpu() - cpu
    sandbox = ZygoteSandbox(zygotes=2)
    try:
        raw = await _raw_checks(chosen, found, sandbox)
    finally:
        await sandbox.aclose()
    again = await _again(chosen[: count // 10], seed)
    assert again == [each.tests for each in found[: count // 10]], "hidden tests differ"
    return _report(seed, chosen, found, made, whole, busy, raw)


def _cpu() -> float:
    """Of this process and of all that have ended under it."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


async def _raw_checks(
    chosen: Sequence[Chosen], found: Sequence[HiddenTests], sandbox: Sandbox
) -> float:
    """Every reference on its hidden tests, nothing else: what the least grading costs."""
    places = asyncio.Semaphore(4)

    async def one(each: Chosen, hidden: HiddenTests) -> None:
        async with places:
            await observe(each.made.code, [Call.of(test) for test in hidden.tests], sandbox)

    started = time.monotonic()
    await asyncio.gather(*map(one, chosen, found))
    return time.monotonic() - started


async def _again(chosen: Sequence[Chosen], seed: int) -> list[object]:
    """In another order, one at a time, in another sandbox."""
    sandbox = ZygoteSandbox(zygotes=1)
    try:
        backwards = await hidden_tests(chosen[::-1], seed, sandbox, at_once=1)
    finally:
        await sandbox.aclose()
    return [each.tests for each in backwards[::-1]]


def _survivors(chosen: Sequence[Chosen], found: Sequence[HiddenTests]) -> tuple[int, list[str]]:
    """Mutants that differ on other inputs than those the tests were chosen from."""
    wrong, alive = 0, list[str]()
    for each, hidden in zip(chosen, found, strict=True):
        source, name = each.made.code.source, each.made.code.name
        changed = list(mutants(source))
        sources = [source, *(mutant.source for mutant in changed)]
        others = inputs_of(each.made, dice_for("benchmark", each.id), OTHER_INPUTS)
        differ = survey(sources, name, [list(args) for args in others], [], [])["different"]
        tests = [list(test.args) for test in hidden.tests]
        caught = survey(sources, name, tests, [], [])["different"]
        for mutant, shown_by, killed in zip(changed, differ, caught, strict=True):
            wrong += bool(shown_by)
            if shown_by and not killed:
                alive.append(f"{each.id} line {mutant.line}, {mutant.operator}")
    return wrong, alive


def _digests(seed: int, count: int) -> set[str]:
    return {
        subprocess.run(
            [sys.executable, "-c", DIGEST, str(seed), str(count)],
            env={**os.environ, "PYTHONHASHSEED": hashing},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for hashing in ("0", "1", "4242")
    }


def _contaminated(chosen: Sequence[Chosen]) -> list[str]:
    source = PhasesSource(PhasesOptions(), None)  # pyright: ignore[reportArgumentType]
    tasks = list(source.tasks())
    hidden = source.hidden([task.id for task in tasks])
    phases = Contamination(
        tuple(
            Known.of(task, hidden[task.id], trusted(code))
            for task in tasks
            if (code := hidden[task.id].reference) is not None
        )
    )
    reasons: list[str | None] = []
    for each in chosen:
        reasons += [phases.of_words(request) for request in each.requests]
        inputs = inputs_of(each.made, dice_for("phases", each.id), 20)
        reasons.append(phases.of_behaviour(each.made.reference, inputs))
    return [reason for reason in reasons if reason]


def _report(
    seed: int,
    chosen: Sequence[Chosen],
    found: Sequence[HiddenTests],
    made: float,
    whole: float,
    busy: float,
    raw: float,
) -> str:
    when = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    cells = collections.Counter((c.made.family.category, c.made.family.difficulty) for c in chosen)
    parts = collections.Counter(each.part for each in chosen)
    wrong, alive = _survivors(chosen, found)
    digests = _digests(seed, len(chosen))
    tests = sum(len(each.tests) for each in found)
    different = sum(each.different for each in found)
    killed = sum(each.killed for each in found)
    below = [c.id for c, h in zip(chosen, found, strict=True) if h.killed < 0.95 * h.different]
    skeletons = sum(len(each.skeletons) for each in training().values())
    skeletons_kept = sum(len(each.skeletons) for each in kept().values())
    load = os.getloadavg()[0]
    trained, held = (sum(f.held_out == out for f in families()) for out in (False, True))
    sizes = f"{min(cells.values())} to {max(cells.values())}"
    share = f"{killed} of {different} ({killed / different:.2%})"
    blind = f"{wrong - len(alive)} of {wrong} ({1 - len(alive) / wrong:.2%})"
    hidden_digest = hashlib.sha256(
        "".join(test.model_dump_json() for each in found for test in each.tests).encode()
    ).hexdigest()
    return f"""\
# The generated suite

{when}, Python {platform.python_version()}, lift-sys {version("lift-sys")}, {platform.system()},
{os.cpu_count()} cores, load {load:.1f} (other programs ran beside it).

    python benchmarks/generated.py --write

| what | measured | reach |
|---|---|---|
| {len(chosen)} tasks made, validated, hidden tests chosen | {whole:.1f} s | 60 s on two cores |
| of that, the tasks without hidden tests | {made:.1f} s | |
| CPU time of all that, sandbox included | {busy:.1f} s | 120 s: two cores for 60 s |
| all of it against each reference run once on its hidden tests | {whole / raw:.1f} x | |
| mutants that do something else, caught by the hidden tests | {share} | 95 % of each task |
| the same, on {OTHER_INPUTS} inputs that the tests were not chosen from | {blind} | |
| tasks whose tests catch less than 95 % | {len(below)} | 0 |
| hidden tests a task | {tests / len(chosen):.1f} | |
| tasks a cell (7 categories x 3 difficulties) | {sizes} | balanced |
| in-family / held out | {parts["in_family"]} / {parts["held_out"]} | |
| digests of the tasks, from three processes with other hash seeds | {len(digests)} | 1 |
| hidden tests of a tenth, made again backwards and one at a time | equal | equal |
| alike a task of the phases, in words or deeds | {len(_contaminated(chosen))} | 0 |
| families: training / held out | {trained} / {held} | 60 |
| skeletons of requests: training / kept for evaluation | {skeletons} / {skeletons_kept} | |

Seed {seed}: tasks `{digests.pop()[:16]}`, hidden tests `{hidden_digest[:16]}`.

{_listed("Mutants that other inputs show and the hidden tests let through", alive)}"""


def _listed(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{title}:", "", *(f"- {line}" for line in lines), ""]) if lines else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.relative_to(ROOT)}")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=500)
    given = parser.parse_args()
    report = asyncio.run(measure(given.seed, given.count))
    print(report)
    if given.write:
        RESULTS.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
