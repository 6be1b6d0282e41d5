"""The generated suite: balanced over categories and difficulties, in two parts, from one seed."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import InputError
from ..interfaces import Example, Task
from .behaviour import Behaviours
from .contamination import Contamination
from .families.concept import CATEGORIES, DIFFICULTIES, Family
from .families.registry import families
from .made import Made, dice_for, inputs_of, make
from .reference import same_answer
from .wording.library import kept
from .wording.render import render

Part = Literal["in_family", "held_out"]
VERSION = "2"
"""Raised with every change after which a seed gives other tasks."""
WORDINGS = 3
_DRAWS = 400
"""Parameters drawn for one task before its family counts as used up."""
_TELLING = 12
"""Inputs, beside the boundaries, on which two functions are compared."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A task, with all that it was made from."""

    id: str
    part: Part | Literal["training"]
    made: Made
    requests: tuple[str, ...]
    shown: tuple[Example, ...]
    number: int
    """The draw of its family that it is."""

    def task(self, wording: int = 1) -> Task:
        family = self.made.family
        return Task(
            id=self.id if wording == 1 else f"{self.id}~{wording}",
            request=self.requests[wording - 1],
            examples=self.shown,
            signature=self.made.signature,
            category=family.category,
            difficulty=family.difficulty,
            metadata={"part": self.part, "family": family.name, "wording": str(wording)},
        )


def choose(seed: int, count: int, contamination: Contamination | None = None) -> Iterator[Chosen]:
    """`count` tasks; cell after cell, so that a beginning of them is balanced too."""
    contamination = contamination or Contamination(())
    seen = Behaviours()
    cells = list(itertools.product(CATEGORIES, DIFFICULTIES))
    # The difficulties in turn, so that what is left over does not all fall into one category.
    cells.sort(key=lambda cell: (DIFFICULTIES.index(cell[1]), CATEGORIES.index(cell[0])))
    streams = {
        cell: {
            part: _stream(
                seed, [f for f in families() if _is_of(f, *cell, part)], part, seen, contamination
            )
            for part in ("in_family", "held_out")
        }
        for cell in cells
    }
    for place in range(count):
        cell, row = cells[place % len(cells)], place // len(cells)
        part: Part = "held_out" if row % 3 == 1 else "in_family"
        chosen = next(streams[cell][part], None)
        if chosen is None:
            raise InputError(
                f"there are no more different {part} tasks in {'/'.join(cell)}",
                remedy=f"ask for fewer than {count}",
            )
        yield chosen


def _is_of(family: Family, category: str, difficulty: str, part: str) -> bool:
    in_cell = (family.category, family.difficulty) == (category, difficulty)
    return in_cell and family.held_out == (part == "held_out")


def _stream(
    seed: int,
    of: Sequence[Family],
    part: Part,
    seen: Behaviours,
    contamination: Contamination,
) -> Iterator[Chosen]:
    """The families in turn, each until it has nothing new."""
    left = [_from_family(seed, family, part, seen, contamination) for family in of]
    while left:
        for stream in left[:]:
            chosen = next(stream, None)
            if chosen is None:
                left.remove(stream)
            else:
                yield chosen


def _from_family(
    seed: int, family: Family, part: Part, seen: Behaviours, contamination: Contamination
) -> Iterator[Chosen]:
    tries = found = 0
    for number in itertools.count():
        tries += 1
        if tries > _DRAWS:
            return
        made = make(family, seed, number)
        if made.cell == "training":
            continue
        inputs = inputs_of(made, dice_for("telling", family.name, seed, number), _TELLING)
        if seen.same_as(made, inputs) or contamination.of_behaviour(made.reference, inputs):
            continue
        requests = _requests(made, seed, number, contamination)
        if len(requests) < WORDINGS:
            continue
        found, tries = found + 1, 0
        shown = shown_calls(made, seed, number)
        name = f"{family.category}/{family.difficulty}/{family.name}/{found}"
        seen.add(name, made, inputs)
        yield Chosen(f"{seed}/{name}", part, made, requests, shown, number)


def _requests(made: Made, seed: int, number: int, contamination: Contamination) -> tuple[str, ...]:
    """Different wordings, none of them known."""
    wording = kept()[made.family.name]
    dice = dice_for("wording", made.family.name, seed, number)
    found: list[str] = []
    for _ in range(8 * WORDINGS):
        request = render(made.concept, wording, dice)
        if request not in found and contamination.of_words(request) is None:
            found.append(request)
        if len(found) == WORDINGS:
            break
    return tuple(found)


def shown_calls(made: Made, seed: int, number: int) -> tuple[Example, ...]:
    """Two to four ordinary calls, with different answers where there are any.

    Boundaries are left to the hidden tests, which may not use a visible call.
    """
    dice = dice_for("shown", made.family.name, seed, number)
    wanted = dice.randint(2, 4)
    drawn = [made.concept.ordinary(dice) for _ in range(24)]
    borders = {repr(args) for args in made.concept.edges}
    inner = [args for args in drawn if repr(args) not in borders]
    shown: list[Example] = []
    # A border only where there is nothing else to show.
    for candidates, most in ((inner, wanted), (drawn, 2)):
        for fresh in (True, False):
            for args in candidates:
                if len(shown) >= most:
                    break
                known = any(repr(args) == repr(other.args) for other in shown)
                example = made.reference.answer(args)
                if not known and not (fresh and any(same_answer(example, o) for o in shown)):
                    shown.append(example)
    return tuple(shown)
