"""How good a simulated model is, how often it repeats itself, and what its calls cost."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from random import Random
from typing import Annotated, NamedTuple

from pydantic import Field

from ...interfaces import Price, Task
from ...ir import Frozen

Share = Annotated[float, Field(ge=0, le=1)]

RIGHT, COMMON = "right", "common mistake"


class Said(NamedTuple):
    """What a draw says: which answer, and in which of its wordings."""

    answer: str
    wording: int

    @property
    def right(self) -> bool:
        return self.answer == RIGHT


class Skill(Frozen):
    """How a model answers a task."""

    success: Share
    """How likely a draw is right."""
    systematic: Share = 0.0
    """The share of wrong draws that agree with one another, as they make the same mistake."""
    copies: Share | tuple[tuple[float, Share], ...] = 0.0
    """How likely a draw is a copy of the answer that comes first to the model's mind; or this at
    some temperatures, `((0.0, 1.0), (1.0, 0.2))`, and what lies between them on a line."""
    stubborn: Share = 0.0
    """How likely another prompt does not change what comes first to its mind."""
    told: Share | None = None
    """`success` once it was told what was wrong; None: as before."""
    mistakes: Annotated[int, Field(ge=1)] = 1000
    """How many different mistakes there are beside the common one."""
    wordings: Annotated[int, Field(ge=1)] = 1_000_000
    """In how many ways one answer can be said."""

    def copy_rate(self, temperature: float) -> float:
        if not isinstance(self.copies, tuple):
            return self.copies
        return _on_a_line(sorted(self.copies), temperature)


class SimulatedModel(Frozen):
    """What a `SimulatedProvider` draws from."""

    skill: Skill
    """Where nothing nearer to the task is said."""
    by_category: Mapping[str, Skill] = {}
    by_task: Mapping[str, Skill] = {}
    """By the task's id; it goes before its category."""
    temperature: float = 0.7
    """What it takes where a request states none."""
    n: Annotated[int, Field(ge=1)] = 64
    """The most completions that one call gives. 1: draws are the same however they are batched,
    so that runs of different strategies can be compared draw by draw."""
    price: Price | None = Price(input=0, output=0)
    input_tokens: Annotated[int, Field(ge=0)] = 100
    """Of each call."""
    output_tokens: Annotated[int, Field(ge=0)] = 100
    """Of each completion."""
    latency: Annotated[float, Field(ge=0)] = 0.0
    """Seconds that each call takes."""
    seed: int = 0
    """Of what comes first to its mind; draws are seeded by those who ask."""
    name: str = "simulated"

    def skill_of(self, task: Task) -> Skill:
        known = self.by_task.get(task.id) or self.by_category.get(task.category or "")
        return known or self.skill

    def draw(
        self, task: Task, prompt: str, temperature: float | None, dice: Random, *, told: bool
    ) -> Said:
        """One answer. `prompt` stands for all that the model reads; another one may bring another
        thing to its mind."""
        skill = self.skill_of(task)
        hot = self.temperature if temperature is None else temperature
        if dice.random() < skill.copy_rate(hot):
            return self._habit(skill, task, prompt, told=told)
        return _fresh(skill, dice, told=told)

    def log_probability(self, task: Task, said: Said) -> float:
        """A crude one: of the answer itself, without its wording and its copies."""
        skill = self.skill_of(task)
        wrong = 1 - skill.success
        chance = {
            RIGHT: skill.success,
            COMMON: wrong * skill.systematic,
        }.get(said.answer, wrong * (1 - skill.systematic) / skill.mistakes)
        return math.log(max(chance, 1e-12))

    def _habit(self, skill: Skill, task: Task, prompt: str, *, told: bool) -> Said:
        stubborn = Random(f"{self.seed} {self.name} {task.id}").random() < skill.stubborn
        dice = Random(f"{self.seed} {self.name} {task.id} {'' if stubborn else prompt}")
        return _fresh(skill, dice, told=told)


def _fresh(skill: Skill, dice: Random, *, told: bool) -> Said:
    success = skill.told if told and skill.told is not None else skill.success
    if dice.random() < success:
        answer = RIGHT
    elif dice.random() < skill.systematic:
        answer = COMMON
    else:
        answer = f"mistake {dice.randrange(skill.mistakes)}"
    return Said(answer, dice.randrange(skill.wordings))


def _on_a_line(points: Sequence[tuple[float, float]], at: float) -> float:
    if not points:
        return 0.0
    for (left, low), (right, high) in pairwise(points):
        if left <= at <= right:
            return low if left == right else low + (high - low) * (at - left) / (right - left)
    return points[0][1] if at < points[0][0] else points[-1][1]
