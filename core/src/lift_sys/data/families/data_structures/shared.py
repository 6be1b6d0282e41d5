"""What the families of this category share."""

import random

from ..concept import Param
from ..draw import Draw

KEYS = ("a", "b", "c", "kim", "lee", "zoe")


def a_dict(draw: Draw) -> Param:
    name, noun = draw.dice.choice(
        (
            ("scores", "dict of scores by name"),
            ("prices", "dict of prices by name"),
            ("stock", "dict of amounts by name"),
            ("data", "dict from strings to ints"),
            ("counts", "dict from strings to ints"),
        )
    )
    return Param(name, "dict[str, int]", noun, "dict")


def some_entries(dice: random.Random) -> dict[str, int]:
    return {key: dice.randint(-20, 60) for key in dice.sample(KEYS, dice.randint(1, 5))}


def a_default(draw: Draw) -> int | None:
    return None if draw.pick((True, False, False)) else draw.number(-99, 99)


def said_of(default: object) -> tuple[str, ...]:
    return (str(default), f"`{default}`")
