"""What the families of this category share."""

from ..concept import Param
from ..draw import Draw


def a_list(draw: Draw) -> Param:
    return Param(
        draw.name("items", "values", "numbers", "queue", "entries"),
        "list[int]",
        "list of integers",
        "list",
    )


def a_default(draw: Draw) -> int | None:
    """None, or some number."""
    return None if draw.pick((True, False, False)) else draw.number(-99, 99)


def said_of(default: object) -> tuple[str, ...]:
    return (str(default), f"`{default}`")


def or_none(kind: str, default: object) -> str:
    return f"{kind} | None" if default is None else kind
