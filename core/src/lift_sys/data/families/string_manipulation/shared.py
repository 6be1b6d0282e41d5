"""What the families of this category share."""

from ..concept import Param
from ..draw import Draw

SEPARATORS = {
    "-": "a dash",
    ",": "a comma",
    ";": "a semicolon",
    "_": "an underscore",
    "/": "a slash",
    "|": "a vertical bar",
    "+": "a plus sign",
    ":": "a colon",
}


def a_text(draw: Draw, *names: str) -> Param:
    name = draw.name(*(names or ("text", "s", "string", "line", "phrase")))
    return Param(name, "str", draw.name("string", "text", "piece of text"), "text")


def a_separator(draw: Draw) -> str:
    return draw.pick(tuple(SEPARATORS))


def said_of(separator: str) -> tuple[str, ...]:
    return (f"«{separator}»", f"«{separator}»", SEPARATORS[separator])
