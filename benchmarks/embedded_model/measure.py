"""Measures a trained model on executed tasks, cell by cell, and tells which families fail.

    python benchmarks/embedded_model/measure.py FOLDER [--tasks 140] [--draws 8] [-o REPORT.md]

FOLDER is that of a training (its last checkpoint) or of an export (as its users get it). The phases
are asked for in other words too: those of `phases_reworded.jsonl`, whose writer has seen no wording
that the models learn from.
"""

import argparse
import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from lift_sys_scratch.checkpoint import CHECKPOINT, network_of
from lift_sys_scratch.exams import Exam, exams
from lift_sys_scratch.export import exported
from lift_sys_scratch.measuring import Measuring, Result, tally
from lift_sys_scratch.suites import Suites
from lift_sys_scratch.trainer import EXAM_SEED

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.dialect import Vocabulary, take_out

MANY_LITERALS = 3
REWORDED = Path(__file__).with_name("phases_reworded.jsonl")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tasks", type=int, default=140, help="of each cell")
    parser.add_argument("--draws", type=int, default=8)
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--show", type=int, default=0, help="so many failures in full")
    parser.add_argument("-o", "--output", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    results = asyncio.run(measured(given.folder, given.tasks, given.draws, given.temperature))
    report = "\n".join(report_lines(results))
    print(report)
    for result in [one for one in results if not one.greedy.passed][: given.show]:
        show(result)
    if given.output:
        given.output.write_text(report + "\n", encoding="utf-8")


async def measured(folder: Path, tasks: int, draws: int, temperature: float) -> list[Result]:
    checkpoint = folder / CHECKPOINT
    network = network_of(checkpoint)[0] if checkpoint.exists() else exported(folder)
    vocabulary = Vocabulary.load(folder / "vocabulary.json")
    phases = [*Suites.named(["phases"]).exams()]
    chosen = [*exams(EXAM_SEED, tasks), *phases, *reworded(phases)]
    sandbox = default_sandbox()
    try:
        measuring = Measuring(network, vocabulary, sandbox)
        return await measuring.measure(chosen, draws=draws, temperature=temperature)
    finally:
        await sandbox.aclose()


def reworded(phases: Sequence[Exam]) -> Iterator[Exam]:
    of = {exam.task.id: exam for exam in phases}
    for line in REWORDED.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        exam = of[told["task"]]
        task = exam.task.model_copy(update={"request": told["request"]})
        yield replace(exam, task=task, cell=f"phases, {told['style']} words of a stranger")


def report_lines(results: Sequence[Result]) -> list[str]:
    lines = [
        "| cell | tasks | greedy | best by visible examples | any draw right | valid |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {cell} | {one.tasks} | {one.greedy} | {one.best} | {one.any} | {one.valid} |"
        for cell, one in tally(results).items()
    ]
    lines += ["", "| quoted literals | tasks | greedy |", "|---|---|---|"]
    for told, cells in (("taught families", ("unseen",)), ("phases", ("phases",))):
        some = [one for one in results if one.exam.cell.startswith(cells)]
        heavy = [one for one in some if is_literal_heavy(one)]
        rest = [one for one in some if not is_literal_heavy(one)]
        lines += [f"| {told}, {MANY_LITERALS} or more | {len(heavy)} | {passed(heavy)} |"]
        lines += [f"| {told}, fewer | {len(rest)} | {passed(rest)} |"]
    lines += ["", "Families that fail, greedy:", ""]
    groups: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for one in results:
        groups[one.exam.cell, one.exam.task.metadata.get("family", one.exam.task.id)].append(one)
    lines += [
        f"- {family} ({cell}): {passed(some)} of {len(some)}"
        for (cell, family), some in sorted(groups.items())
        if passed(some) < len(some)
    ]
    return lines


def is_literal_heavy(result: Result) -> bool:
    values = take_out(result.exam.task.request).slots.values
    return sum(mark.startswith("<s") for mark in values) >= MANY_LITERALS


def passed(results: Sequence[Result]) -> int:
    return sum(one.greedy.passed for one in results)


def show(result: Result) -> None:
    task, attempt = result.exam.task, result.greedy
    print(f"\n## {task.id}\n{task.request}")
    if attempt.ir is not None:
        print(attempt.ir.intent.summary)
        for effect in attempt.ir.effects:
            print(f"  {effect.when}: {effect.return_values} {effect.description}")
        for assertion in attempt.ir.assertions:
            print(f"  {assertion.predicate}")
    print(attempt.code.source if attempt.code else "no code")


if __name__ == "__main__":
    main()
