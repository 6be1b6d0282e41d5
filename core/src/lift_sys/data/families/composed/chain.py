"""Functions that do one thing after another: each step takes what the one before it left, and an
end makes the answer of it. Both are code, an effect of the specification, and words."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import ascii_lowercase

from ..concept import Args, Concept, Param
from ..making import effect, lines, loop
from .shared import plain

_SAYINGS = 8
"""Ways in which the whole of a chain is said, of which a request picks one."""


@dataclass(frozen=True, slots=True)
class Item:
    """What a chain goes through, or what it changes."""

    one: str
    many: str
    """Empty where there is only one."""
    begin: str
    """All of it, as an expression."""
    found: tuple[str, ...] = ()
    """What is done to have it, where it is not the parameter itself."""
    among: str = ""
    """What it is called where that is not said: `parts between commas`."""


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    """Of the variable that holds what it leaves."""
    line: str
    """An expression of `{x}`, or of `{it}`, which stands in parentheses where that is needed."""
    effect: str
    orders: tuple[str, ...]
    """`{one}` and `{many}` are what it is done to."""
    tail: tuple[str, ...]
    """Behind what is spoken of: `that are even`, `without repeats`."""
    slug: str


@dataclass(frozen=True, slots=True)
class End:
    line: str
    effect: str
    orders: tuple[str, ...]
    head: tuple[str, ...]
    """Before what is spoken of: `the sum of the {many} in`."""
    returns: str
    slug: str
    tail: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Chain:
    param: Param
    item: Item
    steps: tuple[Step, ...]
    end: End

    @property
    def slug(self) -> str:
        return f"{self.steps[0].slug}_{self.end.slug}"

    def concept(
        self,
        name: str,
        dice: random.Random,
        ask: tuple[Args, ...],
        edges: tuple[Args, ...],
        ordinary: Callable[[random.Random], Args],
    ) -> Concept:
        *steps, end = self._told([step.effect for step in self.steps], self.end.effect)
        head, tail = self._spoken_of(self.end.head[0]), [step.tail[0] for step in self.steps]
        summary = f"Find {head} {self.param.name} {', '.join(tail)}{self.end.tail[0]}"
        return Concept(
            name=name,
            params=(self.param,),
            returns=self.end.returns,
            summary=plain(summary),
            body=self._body(),
            effects=tuple(effect(plain(told)) for told in (*self.item.found[:1], *steps, end)),
            laws=(self._law(),),
            ask=ask,
            edges=edges,
            ordinary=ordinary,
            words=self._words(dice),
            constraints=(loop("all", f"every {self.item.one} is looked at"),)
            if self.item.many
            else (),
        )

    def _body(self) -> str:
        written: list[str] = []
        x = self.item.begin
        for step in self.steps:
            written.append(f"{step.name} = {_on(x, step.line)}")
            x = step.name
        return lines(*written, f"return {_on(x, self.end.line)}")

    def _law(self) -> str:
        x = self.item.begin
        for step in self.steps:
            x = _on(x, step.line.replace("{it}", "({it})"))
        return f"result == ({_on(x, self.end.line.replace('{it}', '({it})'))})"

    def _words(self, dice: random.Random) -> Mapping[str, tuple[str, ...]]:
        def ways(say: Callable[[random.Random], str]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(say(dice) for _ in range(_SAYINGS)))

        return {
            "steps": ways(self._in_a_row),
            "sentences": ways(self._as_sentences),
            "head": tuple(self._spoken_of(head) for head in self.end.head),
            "tail": ways(self._behind),
        }

    def _in_a_row(self, dice: random.Random) -> str:
        *orders, end = self._orders(dice)
        link = dice.choice((", then ", ", ", ", after that ", "; then "))
        last = dice.choice((" and ", " and then ", ", and finally ", "; finally "))
        return dice.choice(("", "", "first ")) + link.join(orders) + last + end

    def _as_sentences(self, dice: random.Random) -> str:
        *orders, end = self._orders(dice)
        style = dice.randrange(3)
        if style == 0:
            return ". Then ".join((*orders, end))
        if style == 1:
            listed = zip(ascii_lowercase, (*orders, end), strict=False)
            return ", ".join(f"({letter}) {order}" for letter, order in listed)
        return ". ".join((*orders, f"Finally {end}"))

    def _orders(self, dice: random.Random) -> list[str]:
        found = [dice.choice(self.item.found)] if self.item.found else []
        steps = [dice.choice(step.orders) for step in self.steps]
        return [*found, *self._told(steps, dice.choice(self.end.orders))]

    def _told(self, steps: list[str], end: str) -> list[str]:
        """The first is done to what the chain goes through, the others to what is left."""
        first = steps[0].replace("{one}", self.item.one).replace("{many}", self.item.many)
        rest = (*steps[1:], end)
        return [first, *(o.replace("{one}", "result").replace("{many}", "results") for o in rest)]

    def _spoken_of(self, head: str) -> str:
        return head.replace("{many}", self.item.among or self.item.many)

    def _behind(self, dice: random.Random) -> str:
        tails = ", ".join(dice.choice(step.tail) for step in self.steps)
        return tails + dice.choice(self.end.tail)


def _on(name: str, line: str) -> str:
    return line.replace("{it}", name).replace("{x}", name)
