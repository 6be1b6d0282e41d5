"""Inputs that generated ones leave out: far from every result that is tried, and multiples.

Without the first a constant seems to do wherever it is large enough, without the second a branch
for multiples of 15 is hardly ever taken.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ...ir import Signature, normalise_type
from ..inputs import Arguments

_FAR: Final[Mapping[str, tuple[Any, ...]]] = {
    "int": (1_000_003, -1_000_003),
    "float": (1_000_003.5, -1_000_003.5),
    "str": ("zqx" * 15,),
    "list[int]": ([1_000_003], [-1_000_003]),
    "list[float]": ([1_000_003.5], [-1_000_003.5]),
    "list[str]": (["zqx" * 15],),
}
_LARGE: Final = 1000
_MOST: Final = 12


def extremes(
    signature: Signature, literals: Sequence[object], base: Arguments
) -> Iterator[Arguments]:
    """`base` with one argument after the other replaced, and with all of them."""
    types = [normalise_type(parameter.type) for parameter in signature.parameters]
    nothing: tuple[Any, ...] = ()
    far = [_FAR.get(each, nothing) for each in types]
    for place, values in enumerate(far):
        for value in values:
            yield (*base[:place], value, *base[place + 1 :])
    if len(base) > 1 and all(far):
        yield tuple(values[0] for values in far)
        yield tuple(values[-1] for values in far)
    for place, each in enumerate(types):
        if each == "int":
            for value in _multiples(literals):
                yield (*base[:place], value, *base[place + 1 :])


def _multiples(literals: Sequence[object]) -> list[int]:
    named = [v for v in literals if type(v) is int and 1 < abs(v) <= _LARGE]
    products = [a * b for a, b in itertools.combinations(named, 2)]
    doubled = [by * value for value in named for by in (2, 3)]
    return list(dict.fromkeys((*doubled, *products)))[:_MOST]
