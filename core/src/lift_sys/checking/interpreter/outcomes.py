"""What an IR says comes out of a call: of an effect, a branch, an example."""

import builtins
from dataclasses import dataclass
from typing import Any, Final

from ...ir import Effect
from ..compare import equal
from ..inputs import Arguments
from .codes import shown


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an effect says comes out: return values, an exception, or neither."""

    path: str = ""
    answers: tuple[Any, ...] = ()
    raises: str | None = None

    @classmethod
    def of(cls, number: int, effect: Effect) -> "Outcome":
        return cls(f"effects[{number}]", effect.return_values, effect.raises)

    def __bool__(self) -> bool:
        return bool(self.answers or self.raises)

    def __str__(self) -> str:
        if self.answers:
            return f"gives {' or '.join(map(shown, self.answers))}"
        return f"raises {self.raises}" if self.raises else "says no outcome"

    def excludes(self, other: "Outcome") -> bool:
        """Both say what comes out, and nothing would do for both."""
        if not self or not other:
            return False
        if self.raises and other.raises:
            return not related(self.raises, other.raises)
        return not any(equal(a, b) for a in self.answers for b in other.answers)


NOTHING: Final = Outcome()


def related(first: str, second: str) -> bool:
    """Whether one exception may be both: one class is the other's base, or they are not known."""
    match [vars(builtins).get(name) for name in (first, second)]:
        case [type() as one, type() as other]:
            return issubclass(one, other) or issubclass(other, one)
        case _:
            return True


@dataclass(frozen=True, slots=True)
class Branch:
    """An effect with a condition."""

    number: int
    condition: int
    """Place of its predicate."""
    source: str
    effect: Effect

    @property
    def path(self) -> str:
        return f"effects[{self.number}]"

    @property
    def outcome(self) -> Outcome:
        return Outcome.of(self.number, self.effect)


@dataclass(frozen=True, slots=True)
class ShownCall:
    """An example among the IR's assertions, its arguments in the order of the parameters."""

    path: str
    arguments: Arguments
    expected: Any
    raises: str | None
    condition: int | None
    text: str

    @property
    def plain(self) -> bool:
        """It says the very answer."""
        return self.raises is None and self.condition is None
