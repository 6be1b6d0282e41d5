"""The plain values to begin with; those that the task names come first, with their neighbours."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_INTS = (0, 1, -1, 2, 3, 10, -7, 100, *range(4, 10), *range(11, 18), -2, -12, 25, 49)
_FLOATS = (0.0, 1.0, -1.5, 0.5, 2.0, 100.25)
_STRINGS = ("", "a", "ab", "A", " ", "a b", "Hello World", "123", "x1y2", "!?", "éß", "aab", "abA")
_ANY: tuple[Any, ...] = (
    *(None, True, 0, "", [], {}, 1, "text", [1, 2], 2.5, False, (1,), {"a": 1}, 0.0, -3, ()),
    *({1}, b"x", "1", [[]], ["a", True]),
)
_ALPHABET = "aB1 "
_FAR = 10**6
_NAMED_STRINGS = 12
_RANDOM_STRINGS = 24


@dataclass(frozen=True, slots=True)
class Pools:
    ints: tuple[int, ...] = _INTS
    floats: tuple[float, ...] = _FLOATS
    strings: tuple[str, ...] = _STRINGS
    others: tuple[Any, ...] = _ANY

    @classmethod
    def around(cls, literals: Iterable[object], seed: int) -> "tuple[Pools, random.Random]":
        """The dice, too, as drawing left them.

        Made once: of one IR inputs and results are generated several times over.
        """
        values = tuple(value for value in literals if _is_near(value))
        pools, state = _around(_Named(repr(values), seed, values))
        dice = random.Random()
        dice.setstate(state)
        return pools, dice

    @classmethod
    def drawn(cls, literals: Iterable[object], dice: random.Random) -> "Pools":
        ints: list[int] = []
        floats: list[float] = []
        texts: list[str] = []
        for value in literals:
            if isinstance(value, int):
                ints += [value, value - 1, value + 1]
                floats += [float(value), value - 0.5, value + 0.5]
            elif isinstance(value, float):
                floats += [value, value - 0.5, value + 0.5]
            elif isinstance(value, str):
                texts.append(value)
        strings = [near for text in texts for near in (text, text + "a", text * 2, f"a{text}b")]
        return cls(
            ints=_distinct((*_INTS[:3], *ints, *_INTS)),
            floats=_distinct((*_FLOATS[:3], *floats, *_FLOATS)),
            strings=_distinct((*_STRINGS[:2], *strings, *_STRINGS, *_mixed(texts, dice))),
        )


def _is_near(value: object) -> bool:
    """Whether it is a number or a text around which others are of use."""
    if isinstance(value, int | float):
        return not isinstance(value, bool) and abs(value) <= _FAR
    return isinstance(value, str)


@dataclass(frozen=True, slots=True)
class _Named:
    text: str
    """Says all there is to the values, and tells `1` from `1.0`."""
    seed: int
    values: tuple[object, ...] = field(compare=False)


@lru_cache(maxsize=64)
def _around(named: _Named) -> tuple[Pools, tuple[Any, ...]]:
    dice = random.Random(named.seed)
    return Pools.drawn(named.values, dice), dice.getstate()


def _mixed(texts: Sequence[str], dice: random.Random) -> list[str]:
    """Strings of the characters that matter here, and edits of those that are named."""
    alphabet = sorted({c for text in texts for c in text} | set(_ALPHABET))
    edits = [edit for text in texts[:_NAMED_STRINGS] for edit in string_edits(text, dice)]
    drawn = ["".join(dice.choices(alphabet, k=dice.randint(1, 9))) for _ in range(_RANDOM_STRINGS)]
    # Few characters make runs, repeats and pairs.
    few = [
        "".join(dice.choices(dice.sample(alphabet, k=min(2, len(alphabet))), k=dice.randint(2, 7)))
        for _ in range(_RANDOM_STRINGS)
    ]
    return [one for row in zip(drawn, few, strict=True) for one in row] + edits


def string_edits(text: str, dice: random.Random) -> list[str]:
    """Neighbours of a text: a character gone, doubled or moved, the case changed, turned round."""
    if not text:
        return [" ", "a"]
    place = dice.randrange(len(text))
    other = dice.randrange(len(text))
    moved = text[:place] + text[place + 1 :]
    return [
        text[:-1],
        text[1:],
        moved,
        text[:place] + text[place] + text[place:],
        moved[:other] + text[place] + moved[other:],
        text[::-1],
        text.swapcase(),
        text.lower(),
        text.upper(),
        f" {text} ",
    ]


def _distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))
