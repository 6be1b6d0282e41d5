"""What the families of this category share."""

import random
from typing import Any

from ..concept import Param
from ..draw import Draw

KINDS: dict[str, tuple[Any, ...]] = {
    "int": (0, 7, -3),
    "str": ("", "ab", "12"),
    "float": (0.5, 2.5),
    "list": ([], [1, 2]),
    "dict": ({}, {"a": 1}),
    "tuple": ((), (1, 2)),
}


WORDS = {
    "int": ("int", "an int", "integer", "a whole number"),
    "str": ("str", "a string", "string", "a text"),
    "float": ("float", "a float", "float", "a decimal number"),
    "list": ("list", "a list", "list", "a list"),
    "dict": ("dict", "a dict", "dictionary", "a dictionary"),
    "tuple": ("tuple", "a tuple", "tuple", "a tuple"),
    "bool": ("bool", "a bool", "boolean", "a boolean"),
}


ANYTHING: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    7,
    -3,
    "",
    "ab",
    2.5,
    0.0,
    [],
    [1, 2],
    {},
    {"a": 1},
    (),
    (1, 2),
)


def a_thing(draw: Draw) -> Param:
    return Param(
        draw.name("value", "thing", "obj", "item", "x"), "object", "value of any type", "value"
    )


def a_text(draw: Draw, *names: str) -> Param:
    return Param(
        draw.name(*(names or ("text", "s", "raw", "value"))),
        "str",
        draw.name("string", "text"),
        "text",
    )


def anything(dice: random.Random) -> tuple[Any, ...]:
    return (dice.choice((*ANYTHING, dice.randint(-99, 99), "word", [3], 1.5)),)


def a_default(draw: Draw) -> int:
    return draw.number(-99, 99) if draw.pick((True, True, False)) else 0
