"""What the families of this category share."""

from ..concept import Param
from ..draw import Draw


def a_number(draw: Draw, *names: str) -> Param:
    return Param(
        draw.name(*(names or ("n", "number", "x", "value"))),
        "int",
        draw.name("number", "integer"),
        "number",
    )


def a_natural(draw: Draw, *names: str) -> Param:
    return Param(
        draw.name(*(names or ("n", "number", "k", "count"))),
        "int",
        "non-negative integer",
        "number",
        "0 or more",
    )
