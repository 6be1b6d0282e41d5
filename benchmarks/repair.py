"""How much broken code the repair passes mend, and what they do to correct code.

    python benchmarks/repair.py

No model and no clock: the corpora of core/tests/checking, each function with its examples. The
broken functions were written along with the passes, so the share says that each pass does its
work, not how much of what models get wrong would be mended.
"""

import asyncio
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "core" / "tests" / "checking"))

from repair_corpus import Case, broken, checker, correct, run

from lift_sys.checking.repair import proposals, repair
from lift_sys.interfaces import Code, Failure, Verdict
from lift_sys.interfaces.verdict import judge


async def main() -> None:
    await report_broken()
    await report_correct()


async def report_broken() -> None:
    cases = broken()
    seen, mended, by, tries = Counter[str](), Counter[str](), Counter[str](), 0
    for case in cases:
        fault = case.label.partition(", ")[2]
        seen[fault] += 1
        repaired = await repair(case.code, checker(case))
        if repaired is not None and repaired.verdict.passed:
            mended[fault] += 1
            by.update(repaired.passes)
            tries += repaired.tries
    print("| fault | broken | mended |\n|---|---|---|")
    for fault, count in seen.items():
        print(f"| {fault} | {count} | {mended[fault]} |")
    total = mended.total()
    print(f"| all | {len(cases)} | {total} ({total / len(cases):.0%}) |")
    print(f"\n{tries / max(total, 1):.1f} tries for each that was mended; by pass:")
    print(", ".join(f"{name} {count}" for name, count in by.most_common()))


async def report_correct() -> None:
    cases = correct()
    versions = [(case, it.text) for case in cases for it in proposals(case.code.source)]
    breaking = sum(not run(case, _code(case, text)).passed for case, text in versions)
    changed = sum([await repair(case.code, checker(case)) is not None for case in cases])
    kept = [await _tempted(case) for case in cases]
    worse = sum(not run(case, code).passed for case, code in zip(cases, kept, strict=True))
    print(f"\n{len(cases)} correct functions: {changed} changed, where their check decides")
    print(f"{len(versions)} changes proposed, were they trusted: {breaking} would break a function")
    print(f"by a check that rewards any change: {worse} broken")


async def _tempted(case: Case) -> Code:
    failure = Failure(category="assertion", message="changes please", input="temptation")

    async def check(code: Code) -> Verdict:
        verdict = run(case, code)
        extra = (failure,) if code.source == case.code.source else ()
        return judge((*verdict.failures, *extra), verdict.basis, ())

    repaired = await repair(case.code, check)
    return case.code if repaired is None else repaired.code


def _code(case: Case, text: str) -> Code:
    return case.code.model_copy(update={"source": text})


if __name__ == "__main__":
    asyncio.run(main())
