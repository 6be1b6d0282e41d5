"""What the composed families of the third curriculum share."""

from ..concept import Args, Param
from ..draw import Draw
from ..pieces import Test, numbers_near


def numbers(draw: Draw) -> Param:
    name = draw.name("numbers", "values", "nums", "scores", "amounts", "readings", "xs")
    return Param(name, "list[int]", "list of integers", "list")


def strings(draw: Draw) -> Param:
    name = draw.name("words", "names", "items", "titles", "codes")
    return Param(name, "list[str]", "list of strings", "list")


def some_numbers(test: Test) -> list[int]:
    return [*test.edges[:3], 5]


def number_edges(test: Test) -> tuple[Args, ...]:
    near = [*numbers_near(test.edges)]
    alone = tuple(([edge],) for edge in test.edges[:4])
    return (([],), (near,), (near[::-1],), *alone, ([near[0], near[0]],))


def string_edges(test: Test) -> tuple[Args, ...]:
    every = [*test.texts]
    alone = tuple(([text],) for text in every[:3])
    return (([],), (every,), (every[::-1],), *alone, ([every[0], every[0]],), ([""],))


def plain(text: str) -> str:
    """Marked literals as Python quotes them."""
    return text.replace("«", "'").replace("»", "'")
