"""What the checks of a candidate let through, and whether they reject anything right.

    python benchmarks/mutation.py [--write] [function ...]

Every function of tests/corpus is broken in all ways that typed operators know. Mutants that do
the same as the reference on the hidden tests and on hundreds of inputs are set aside as
equivalent. The rest is shown to the checks three times: with the IR and no examples, with the
examples and an IR that says nothing, with both. Every right implementation is shown to them too.
"""

import argparse
import asyncio
import datetime
import platform
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "corpus"))

from corpus_mutants import BASES, Hurried, Outcome, examiners, outcomes, together, wrong_mutants  # noqa: E402
from lift_corpus import CATEGORIES, Function, corpus, named  # noqa: E402

from lift_sys.checking.sandbox import ZygoteSandbox  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "mutation.md"


async def measure(functions: Sequence[Function]) -> str:
    sandbox = ZygoteSandbox(zygotes=2)
    hurried = Hurried(sandbox)
    found: list[Outcome] = []
    rejected: list[str] = []
    equivalent = right = 0
    started = time.monotonic()
    try:
        for function in functions:
            wrong, same = await wrong_mutants(function, hurried)
            equivalent += same
            found += await outcomes(function, wrong, hurried)
            for basis, examiner in examiners(function, sandbox).items():
                verdicts = await together(examiner.examine(code) for code in function.correct)
                right += len(verdicts)
                rejected += [
                    f"{function.name}, {basis}: {verdict.failures[0]}"
                    for verdict in verdicts
                    if verdict.status == "fail"
                ]
            print(f"{function.name}: {len(wrong)} wrong mutants", file=sys.stderr)
    finally:
        await sandbox.aclose()
    seconds = time.monotonic() - started
    return _report(functions, found, equivalent, right, rejected, seconds, sandbox.guards())


def _report(
    functions: Sequence[Function],
    found: Sequence[Outcome],
    equivalent: int,
    right: int,
    rejected: Sequence[str],
    seconds: float,
    guards: Sequence[str],
) -> str:
    when = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    versions = f"Python {platform.python_version()}, lift-sys {version('lift-sys')}"
    implementations = sum(len(function.correct) for function in functions)
    alive = [outcome for outcome in found if not outcome.killed("both")]
    return f"""\
# What the checks catch

{when}, {versions}, {platform.system()}, {seconds:.0f} s.
Guards: {", ".join(guards)}.

    python benchmarks/mutation.py --write

{len(functions)} functions with {implementations} right implementations; {len(found)} wrong mutants,
and {equivalent} set aside that do the same as the reference on the hidden tests and on up to 300
other inputs.

- right implementations rejected: **{len(rejected)}** of {right} checks
- wrong mutants accepted by assertions and examples together: **{len(alive)}** of {len(found)}

{_table("", found, lambda _: "all")}
`assertions`: effects, assertions and example calls of the IR on generated inputs, no visible
examples. `examples`: the visible examples (3 or 4), and generated inputs for what needs no claim
(the kind of result, arguments left alone, the same answer twice).

{_table("operator", found, lambda o: o.mutant.operator)}
{_table("category", found, lambda o: o.function.category, CATEGORIES)}
{_table("difficulty", found, lambda o: o.function.task.difficulty or "")}
## Survivors

Wrong mutants that examples and assertions together let through, with a call that shows the mistake.

{_survivors(alive)}
{_rejections(rejected)}"""


def _survivors(alive: Sequence[Outcome]) -> str:
    return "".join(
        f"- `{o.function.name}` line {o.mutant.line}, {o.mutant.operator}: `{o.shown_by[:90]}`\n"
        for o in alive
    )


def _rejections(rejected: Sequence[str]) -> str:
    return "\n".join(["## Rejected although right", "", *rejected, ""]) if rejected else ""


def _table(
    title: str, found: Sequence[Outcome], of: Callable[[Outcome], str], order: Sequence[str] = ()
) -> str:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in found:
        groups[of(outcome)].append(outcome)
    lines = [f"| {title} | mutants | {' | '.join(BASES)} |", "|---|---|---|---|---|"]
    for name in order or sorted(groups):
        group = groups[name]
        if group:
            lines.append(f"| {name} | {len(group)} | {' | '.join(_shares(group))} |")
    return "\n".join(lines) + "\n"


def _shares(group: Sequence[Outcome]) -> list[str]:
    return [f"{100 * sum(o.killed(basis) for o in group) / len(group):.1f} %" for basis in BASES]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.relative_to(ROOT)}")
    parser.add_argument("functions", nargs="*", help="these only")
    given = parser.parse_args()
    report = asyncio.run(measure(named(*given.functions) or corpus()))
    print(report)
    if given.write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
