"""Wrong specifications and wrong code, with what running them showed."""

import hashlib
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...checking.examiner import Examiner
from ...checking.mutants import Mutant
from ...interfaces import Code, Failure, Sandbox, Task
from ...ir import IR
from ..made import dice_for
from .ir_mutants import ir_mutants
from .records import DatasetExample, Negative, Stage

_TRIES = 6
"""Mistakes that are tried for each that is wanted."""


@dataclass(slots=True)
class Planted:
    """How many mistakes were tried, and how many of them running found."""

    tried: int = 0
    found: int = 0


async def negatives_of(
    example: DatasetExample,
    wrong: Sequence[Mutant],
    count: int,
    sandbox: Sandbox,
    planted: Planted,
) -> list[Negative]:
    """Up to `count` for each stage; `wrong` are variants of the code that do something else."""
    dice = dice_for("negatives", example.id)
    found: list[Negative] = []
    if count:
        found += [each async for each in _codes(example, wrong, count, sandbox, dice, planted)]
        found += [each async for each in _specifications(example, count, sandbox, dice, planted)]
    return found


async def _codes(
    example: DatasetExample,
    wrong: Sequence[Mutant],
    count: int,
    sandbox: Sandbox,
    dice: random.Random,
    planted: Planted,
) -> AsyncIterator[Negative]:
    """Those that the checks of the right specification, or the visible examples, refute."""
    examiner = Examiner(_task(example, with_examples=True), example.ir, sandbox)
    left = count
    for mutant in _mixed(wrong, dice)[: _TRIES * count]:
        code = Code(name=example.ir.signature.name, source=mutant.source)
        failure = await _failure(examiner, code, planted)
        if failure is not None:
            planting = (mutant.operator, f"line {mutant.line}")
            yield _negative(example, "implement", planting, failure, wrong_code=mutant.source)
            left -= 1
        if not left:
            return


async def _specifications(
    example: DatasetExample,
    count: int,
    sandbox: Sandbox,
    dice: random.Random,
    planted: Planted,
) -> AsyncIterator[Negative]:
    """Those that the right code breaks."""
    right = Code(name=example.ir.signature.name, source=example.code)
    # Without visible examples: what one of these denies, code would not be held to.
    task = _task(example, with_examples=False)
    left = count
    for _, mutant in zip(range(_TRIES * count), _distinct(example.ir, dice), strict=False):
        failure = await _failure(Examiner(task, mutant.ir, sandbox), right, planted)
        if failure is not None:
            planting = (mutant.operator, mutant.path)
            yield _negative(example, "specify", planting, failure, wrong_ir=mutant.ir)
            left -= 1
        if not left:
            return


def _distinct(ir: IR, dice: random.Random) -> Iterator[Any]:
    seen: set[str] = set()
    for mutant in ir_mutants(ir, dice):
        text = mutant.ir.model_dump_json()
        if text not in seen:
            seen.add(text)
            yield mutant


async def _failure(examiner: Examiner, code: Code, planted: Planted) -> Failure | None:
    planted.tried += 1
    verdict = await examiner.examine(code)
    if verdict.status != "fail":
        return None
    planted.found += 1
    return verdict.failures[0]


def _mixed(wrong: Sequence[Mutant], dice: random.Random) -> list[Mutant]:
    """The operators in turn, so that the frequent ones do not crowd out the others."""
    groups: dict[str, list[Mutant]] = {}
    for mutant in dice.sample(wrong, len(wrong)):
        groups.setdefault(mutant.operator, []).append(mutant)
    names = dice.sample(sorted(groups), len(groups))
    mixed: list[Mutant] = []
    while left := [name for name in names if groups[name]]:
        mixed += [groups[name].pop() for name in left]
    return mixed


def _task(example: DatasetExample, *, with_examples: bool) -> Task:
    return Task(
        id=example.id,
        request=example.request,
        examples=example.examples if with_examples else (),
        signature=example.ir.signature,
    )


def _negative(
    example: DatasetExample,
    stage: Stage,
    planting: tuple[str, str],
    failure: Failure,
    **wrong: Any,
) -> Negative:
    told = f"{example.id}:{stage}:{wrong.get('wrong_code') or wrong['wrong_ir'].model_dump_json()}"
    return Negative(
        id=hashlib.sha256(told.encode()).hexdigest()[:16],
        of=example.id,
        stage=stage,
        operator=planting[0],
        place=planting[1],
        failure=failure,
        request=example.request,
        ir=example.ir,
        code=example.code,
        family=example.family,
        category=example.category,
        difficulty=example.difficulty,
        cluster=example.cluster,
        **wrong,
    )
