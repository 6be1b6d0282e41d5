"""What a family draws: parameters, which are recorded, and names, which mean nothing."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from .lexicon import LABELS, THEMES, pseudo_word

T = TypeVar("T")


class Draw:
    """The same dice, the same draws, whatever the machine."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self._facts: list[str] = []
        self.is_open = False
        """Something was drawn from so large a space that most of it is never seen."""

    @property
    def record(self) -> str:
        """All that the behaviour depends on."""
        return "|".join(self._facts)

    def number(
        self, low: int, high: int, *, step: int = 1, note: str = "", without: int | None = None
    ) -> int:
        """`note` says what the number is for, so that equal conditions have equal records."""
        value = self.dice.randrange(low, high + 1, step)
        while value == without:
            value = self.dice.randrange(low, high + 1, step)
        self.note(f"{note}{value}", is_open=True)
        return value

    def numbers(self, count: int, low: int, high: int, *, step: int = 1) -> list[int]:
        """Distinct ones, the smallest first."""
        values = sorted(self.dice.sample(range(low, high + 1, step), count))
        self.note(repr(values), is_open=True)
        return values

    def pick(self, options: Sequence[T]) -> T:
        """One of a few ways to behave."""
        chosen = options[self.dice.randrange(len(options))]
        # Options that stand there several times, to be likelier, are one way to behave.
        self.note(f"#{[repr(option) for option in options].index(repr(chosen))}")
        return chosen

    def fitting(self, make: Callable[["Draw"], T], fits: Callable[[T], bool]) -> T:
        """The first that fits; of the others nothing is recorded."""
        while True:
            trial = Draw(self.dice)
            made = make(trial)
            if fits(made):
                self.note(trial.record, is_open=trial.is_open)
                return made

    def label(self) -> str:
        return self.labels(1)[0]

    def labels(self, count: int) -> list[str]:
        """Distinct texts to return or look for: status words, codes, or words that do not exist."""
        style = self.dice.random()
        fitting = [theme for theme in THEMES if len(theme) == count]
        if style < 0.3 and fitting:
            chosen: list[str] = [*self.dice.choice(fitting)]
        elif style < 0.55:
            chosen = self.dice.sample(LABELS, count)
        else:
            chosen = self._distinct(count)
        self.note(repr(chosen), is_open=True)
        return chosen

    def token(self, low: int = 2, high: int = 3) -> str:
        """A few letters, such as a text may begin with."""
        text = pseudo_word(self.dice)[: self.dice.randint(low, high)]
        self.note(text, is_open=True)
        return text

    def name(self, *options: str) -> str:
        """An identifier."""
        return self.dice.choice(options)

    def note(self, fact: str, *, is_open: bool = False) -> None:
        self._facts.append(fact)
        self.is_open = self.is_open or is_open

    def _distinct(self, count: int) -> list[str]:
        chosen: list[str] = []
        while len(chosen) < count:
            word = pseudo_word(self.dice)
            if word not in chosen:
                chosen.append(word)
        return chosen
