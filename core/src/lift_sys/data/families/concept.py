"""One function in all its forms, before a request is worded for it."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ...ir import Effect, Explicit
from ..curriculum import Curriculum
from .draw import Draw

Args = tuple[Any, ...]
Category = Literal[
    "control_flow",
    "list_operations",
    "string_manipulation",
    "edge_cases",
    "mathematical",
    "type_operations",
    "data_structures",
]
Difficulty = Literal["easy", "medium", "hard"]
CATEGORIES: tuple[Category, ...] = (
    "control_flow",
    "list_operations",
    "string_manipulation",
    "edge_cases",
    "mathematical",
    "type_operations",
    "data_structures",
)
DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "medium", "hard")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say a condition, of many things and of one: `are even`, `is even`."""

    many: str
    one: str


Words = Sequence[str] | Sequence[Phrase] | str


@dataclass(frozen=True, slots=True)
class Param:
    name: str
    type: str
    noun: str
    """What a request calls it, without an article: `list of prices`."""
    short: str = ""
    """What it is called when it is spoken of again; empty: the noun's first word."""
    note: str = ""
    """Its description in the specification."""


@dataclass(frozen=True, slots=True)
class Concept:
    """Everything here is made from the same drawn pieces, so that it agrees."""

    name: str
    params: tuple[Param, ...]
    returns: str
    summary: str
    body: str
    """Of the reference code, not indented."""
    effects: tuple[Effect, ...]
    laws: tuple[str, ...]
    """Assertions that hold for every input."""
    ask: tuple[Args, ...]
    """The calls that the specification gives the answers of."""
    edges: tuple[Args, ...]
    """Inputs at the boundaries."""
    ordinary: Callable[[random.Random], Args]
    """One more input of the kind the function is for."""
    words: Mapping[str, Words] = field(default_factory=dict[str, Words])
    """What fills the places of a skeleton, beside the parameters."""
    constraints: tuple[Explicit, ...] = ()
    needs: tuple[str, ...] = ()
    """What callers keep to: predicates over the parameters alone."""


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    category: Category
    difficulty: Difficulty
    held_out: bool
    """Never trained on."""
    make: Callable[[Draw], Concept]
    since: Curriculum = 1
    """The first curriculum that teaches it."""


class Catalogue:
    """The families of one category."""

    def __init__(self, category: Category, since: Curriculum = 1) -> None:
        self._category: Category = category
        self._since: Curriculum = since
        self.families: list[Family] = []

    def add(
        self, difficulty: Difficulty, *, held_out: bool = False
    ) -> Callable[[Callable[[Draw], Concept]], Callable[[Draw], Concept]]:
        """The decorated function is the family of its name."""

        def register(make: Callable[[Draw], Concept]) -> Callable[[Draw], Concept]:
            name = make.__name__
            self.families.append(
                Family(name, self._category, difficulty, held_out, make, self._since)
            )
            return make

        return register
