"""The language of skeletons.

`[a|b|]` is one of several texts, nested as wanted; `{place}` is filled with the concept's words,
`{place.one}` with their singular; `<verb>` or `<verb|verb>` takes the form that the frame asks
for. The same place says the same thing throughout one request.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .verbs import gerund, third

Mode = Literal["base", "third", "gerund"]
_FORMS: dict[Mode, Callable[[str], str]] = {"base": str, "third": third, "gerund": gerund}


class SkeletonError(ValueError):
    """A skeleton that cannot be read."""


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple["Sequence_", ...]


@dataclass(frozen=True, slots=True)
class Place:
    name: str


@dataclass(frozen=True, slots=True)
class Verb:
    options: tuple[str, ...]


Node = str | Choice | Place | Verb
Sequence_ = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Skeleton:
    nodes: Sequence_
    text: str

    @property
    def is_clause(self) -> bool:
        """It begins with a verb, so a frame can stand before it."""
        return isinstance(self.nodes[0], Verb)

    def places(self) -> frozenset[str]:
        return frozenset(_places(self.nodes))

    def expand(self, dice: random.Random, mode: Mode, fill: Callable[[str], str]) -> str:
        return _expand(self.nodes, dice, mode, fill)


@cache
def parse(text: str) -> Skeleton:
    """Raises SkeletonError."""
    reader = _Reader(text)
    nodes = reader.sequence()
    if reader.place < len(text):
        raise SkeletonError(f"a stray {text[reader.place]!r} in {text!r}")
    if not nodes:
        raise SkeletonError("an empty skeleton")
    return Skeleton(nodes, text)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self.place = 0

    def sequence(self) -> Sequence_:
        nodes: list[Node] = []
        while self.place < len(self._text) and self._text[self.place] not in "|]":
            nodes.append(self._node())
        return tuple(nodes)

    def _node(self) -> Node:
        sign = self._text[self.place]
        if sign == "[":
            return self._choice()
        if sign == "{":
            return Place(self._until("}"))
        if sign == "<":
            return Verb(tuple(self._until(">").split("|")))
        start = self.place
        while self.place < len(self._text) and self._text[self.place] not in "[{<|]":
            self.place += 1
        return self._text[start : self.place]

    def _choice(self) -> Choice:
        options: list[Sequence_] = []
        while True:
            self.place += 1
            options.append(self.sequence())
            if self.place >= len(self._text):
                raise SkeletonError(f"a [ that is not closed in {self._text!r}")
            if self._text[self.place] == "]":
                self.place += 1
                return Choice(tuple(options))

    def _until(self, end: str) -> str:
        stop = self._text.find(end, self.place)
        if stop < 0:
            raise SkeletonError(f"no {end} in {self._text!r}")
        inner = self._text[self.place + 1 : stop]
        self.place = stop + 1
        return inner


def _expand(
    nodes: Sequence[Node], dice: random.Random, mode: Mode, fill: Callable[[str], str]
) -> str:
    parts: list[str] = []
    for node in nodes:
        match node:
            case str():
                parts.append(node)
            case Place(name):
                parts.append(fill(name))
            case Verb(options):
                parts.append(_FORMS[mode](dice.choice(options)))
            case Choice(options):
                parts.append(_expand(dice.choice(options), dice, mode, fill))
    return "".join(parts)


def _places(nodes: Sequence[Node]) -> list[str]:
    found: list[str] = []
    for node in nodes:
        if isinstance(node, Place):
            found.append(node.name)
        elif isinstance(node, Choice):
            for option in node.options:
                found += _places(option)
    return found
