"""Tasks to measure what was learnt, in cells that cannot overlap with the lessons.

The parameters of a function decide whether it may be learnt from, the wordings are two separate
collections, and some families are held out altogether.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lift_sys.data.curriculum import LATEST, Curriculum
from lift_sys.data.dataset import learnable
from lift_sys.data.families.concept import Family
from lift_sys.data.families.registry import families
from lift_sys.data.made import Cell, Made, dice_for, inputs_of, make
from lift_sys.data.reference import same_answer
from lift_sys.data.wording.library import kept, training
from lift_sys.data.wording.render import Wording, render
from lift_sys.interfaces import Example, Task


@dataclass(frozen=True, slots=True)
class Exam:
    """A task with the calls that grade it."""

    task: Task
    cell: str
    tests: tuple[Example, ...]


def exams(
    seed: int, count: int, names: Sequence[str] = (), curriculum: Curriculum = 1
) -> Iterator[Exam]:
    """About `count` for each cell, from functions of another seed than the lessons'."""
    taught = {one.name for one in learnable(names, curriculum)}
    worded = training(curriculum)
    yield from _cell("unseen parameters", "unseen_parameters", worded, taught, seed, count)
    for exam in _cell("unseen wordings", "training", kept(), taught, seed, count):
        yield exam
        task = exam.task.model_copy(update={"signature": None})
        yield replace(exam, task=task, cell="unseen wordings, no signature")
    unseen = [family for family in families(LATEST) if family.held_out]
    for name, since in (("held-out families", 1), ("held-out compositions", 2)):
        held = {family.name for family in unseen if family.since == since}
        yield from _cell(name, "held_out", kept(), held, seed, count)


def _cell(
    name: str,
    cell: Cell,
    worded: Mapping[str, Wording],
    names: set[str],
    seed: int,
    count: int,
) -> Iterator[Exam]:
    every = families(LATEST)
    chosen = [family for family in every if family.name in names and family.name in worded]
    random.Random(seed).shuffle(chosen)
    numbers = {family.name: 0 for family in chosen}
    left, found = [*chosen], 0
    while left and found < count:
        for family in left[:]:
            made = _next(family, cell, seed, numbers)
            if made is None:
                left.remove(family)
                continue
            exam = _exam(name, made, worded[family.name], seed, numbers[family.name])
            if not exam.tests:
                continue
            yield exam
            found += 1
            if found == count:
                return


def _next(family: Family, cell: Cell, seed: int, numbers: dict[str, int]) -> Made | None:
    for _ in range(40):
        numbers[family.name] += 1
        made = make(family, seed, numbers[family.name])
        if made.cell == cell:
            return made
    return None


def _exam(cell: str, made: Made, wording: Wording, seed: int, number: int) -> Exam:
    dice = dice_for("exam", made.family.name, seed, number)
    request = render(made.concept, wording, dice)
    inputs = inputs_of(made, dice, 30)
    answers = [made.reference.answer(args) for args in inputs if made.reference.admits(args)]
    shown = _shown(answers, dice)
    tests = tuple(answer for answer in answers if answer not in shown)
    family = made.family
    task = Task(
        id=f"{cell}/{family.name}/{number}",
        request=request,
        examples=shown,
        signature=made.signature,
        category=family.category,
        difficulty=family.difficulty,
        metadata={"family": family.name, "part": cell},
    )
    return Exam(task, cell, tests)


def _shown(answers: Sequence[Example], dice: random.Random) -> tuple[Example, ...]:
    """Three calls with different answers, as far as there are; fewer where most would be shown."""
    shown: list[Example] = []
    for answer in dice.sample(answers, len(answers)):
        if len(shown) < min(3, len(answers) // 2) and not any(
            same_answer(answer, other) for other in shown
        ):
            shown.append(answer)
    return tuple(shown)
