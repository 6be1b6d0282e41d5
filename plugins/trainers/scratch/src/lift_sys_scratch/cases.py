"""Functions to learn from, out of the families, and tasks to measure what was learnt.

The parameters of a function decide whether it may be learnt from, the wordings are two separate
collections, and some families are held out altogether: the cells cannot overlap.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lift_sys.data.contamination import Contamination
from lift_sys.data.families.concept import Family
from lift_sys.data.families.registry import families
from lift_sys.data.made import Cell, Made, dice_for, inputs_of, make
from lift_sys.data.reference import same_answer
from lift_sys.data.wording.library import kept, training
from lift_sys.data.wording.render import Wording, render
from lift_sys.interfaces import Example, Task

from .lessons import Case

_SLIPS = 0.25
"""Of the requests, those with slips of the finger."""
_SLIPPED = 0.06
"""Of the words of such a request."""
_CALLS = 4


@dataclass(frozen=True, slots=True)
class Exam:
    """A task with the calls that grade it."""

    task: Task
    cell: str
    tests: tuple[Example, ...]


def learnable() -> Sequence[Family]:
    """Families that have wordings to learn from."""
    worded = training()
    return [family for family in families() if not family.held_out and family.name in worded]


def cases(
    seed: int, count: int, names: Sequence[str] = (), words: Contamination | None = None
) -> Iterator[Case]:
    """`count` of each family, the families in turn; of all where none is named. No request
    resembles those in `words`."""
    chosen = [family for family in learnable() if not names or family.name in names]
    words = words or Contamination(())
    streams = [_of(family, seed, words) for family in chosen]
    for _ in range(count):
        for stream in streams:
            yield next(stream)


def _of(family: Family, seed: int, words: Contamination) -> Iterator[Case]:
    number = 0
    wording = training()[family.name]
    while True:
        made = make(family, seed, number)
        dice = dice_for("lesson", family.name, seed, number)
        number += 1
        if made.cell != "training":
            continue
        slips = _SLIPPED if dice.random() < _SLIPS else 0.0
        request = render(made.concept, wording, dice, typos=slips)
        if words.of_words(request) is None:
            yield Case(
                request=request,
                ir=made.ir,
                code=made.code,
                calls=tuple(map(made.reference.answer, inputs_of(made, dice, _CALLS))),
                family=family.name,
            )


def exams(seed: int, count: int, names: Sequence[str] = ()) -> Iterator[Exam]:
    """About `count` for each cell, from functions of another seed than the lessons'."""
    taught = {one.name for one in learnable() if not names or one.name in names}
    yield from _cell("unseen parameters", "unseen_parameters", training(), taught, seed, count)
    yield from _cell("unseen wordings", "training", kept(), taught, seed, count)
    held = {family.name for family in families() if family.held_out}
    yield from _cell("held-out families", "held_out", kept(), held, seed, count)


def _cell(
    name: str,
    cell: Cell,
    worded: Mapping[str, Wording],
    names: set[str],
    seed: int,
    count: int,
) -> Iterator[Exam]:
    chosen = [family for family in families() if family.name in names and family.name in worded]
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
