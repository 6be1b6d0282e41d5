"""What the composed families share: lists, words and entries of which some match."""

import random
from collections.abc import Callable, Iterable
from typing import Any

from ..concept import Param
from ..data_structures.shared import KEYS
from ..draw import Draw
from ..given import Given, a_list_of_ints
from ..making import args, around, lists, loop, single, texts
from ..pieces import Test, numbers_near

_LETTERS = "abcdefghij"


def numbers(draw: Draw) -> Param:
    names = ("numbers", "values", "nums", "scores", "amounts", "readings", "xs")
    return a_list_of_ints(draw, *names)


def strings(draw: Draw) -> Param:
    name = draw.name("words", "names", "items", "titles", "codes")
    return Param(name, "list[str]", "list of strings", "list")


def some_numbers(test: Test) -> list[int]:
    return [*test.edges[:3], 5]


def matching_numbers(p: Param, test: Test, *more: list[int], most: int = 8) -> Given:
    """`more` are further lists at the boundaries."""
    near = [*numbers_near(test.edges)]
    alone = ([edge] for edge in test.edges[:4])
    return Given(
        params=(p,),
        ask=single((some_numbers(test), [])),
        edges=single(([], near, near[::-1], *alone, [near[0], near[0]], *more)),
        ordinary=args(lists(around(test.edges), most=most)),
        words={"t": test.said},
        constraints=(loop("all", "every number is looked at"),),
    )


def bounded_numbers(p: Param, low: int, high: int) -> Given:
    return Given(
        params=(p,),
        ask=single(([low - 2, low, high, high + 3], [])),
        edges=single(([], [low - 1, low + 1], [high - 1, high + 1], [-100, 100], [high])),
        ordinary=args(lists(around((low, high)))),
        words={"low": str(low), "high": str(high)},
    )


def matching_strings(p: Param, test: Test) -> Given:
    every = [*test.texts]
    alone = ([text] for text in every[:3])
    return Given(
        params=(p,),
        ask=single(([*every[:3], "stone"], [])),
        edges=single(([], every, every[::-1], *alone, [every[0], every[0]], [""])),
        ordinary=args(lists(texts(every), most=6)),
        words={"t": test.said},
        constraints=(loop("all", "every string is looked at"),),
    )


def matching_words(p: Param, test: Test) -> Given:
    """Of a text, those between spaces."""
    words = [text.replace(" ", "") or "o" for text in test.texts]
    some, every = words[0], " ".join(words)
    return Given(
        params=(p,),
        ask=single((some, every, "")),
        edges=single(("", some, every, "  ".join(words[::-1]), f"stone {some}")),
        ordinary=lambda dice: (" ".join(dice.choice(words) for _ in range(dice.randint(0, 6))),),
        words={"t": test.said},
        constraints=(loop("all", "every word is looked at"),),
    )


def matching_values(p: Param, test: Test) -> Given:
    """Of a dict."""
    near = numbers_near(test.edges)
    alone = ({"a": edge} for edge in test.edges[:4])
    return Given(
        params=(p,),
        ask=single((by_letter(near, "abc"), {})),
        edges=single(({}, *alone, by_letter(near))),
        ordinary=args(dicts(around(test.edges), most=5)),
        words={"t": test.said},
        constraints=(loop("all", "every entry is looked at"),),
    )


def by_letter(values: Iterable[int], letters: str = _LETTERS) -> dict[str, int]:
    return dict(zip(letters, values, strict=False))


def dicts(
    value: Callable[[random.Random], Any], *, most: int
) -> Callable[[random.Random], dict[str, Any]]:
    def draw(dice: random.Random) -> dict[str, Any]:
        return {key: value(dice) for key in dice.sample(KEYS, dice.randint(1, most))}

    return draw


def plain(text: str) -> str:
    """Marked literals as Python quotes them."""
    return text.replace("«", "'").replace("»", "'")
