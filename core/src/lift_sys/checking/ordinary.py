"""Values that assertions are written with in mind.

`len(text.title()) == len(text)` and `b == 0 or result == a / b` are what people and models write,
and false of right code for `'ŉ'` and for NaN. Searches that look for just such values must not
refute code with them.
"""

import math
from collections.abc import Collection
from typing import Any, cast

_LARGEST = 10**12
_FINEST = 1e-6


def is_ordinary(value: object) -> bool:
    """No exotic letters, no numbers that floats cannot count with."""
    if isinstance(value, int):
        return abs(value) <= _LARGEST
    if isinstance(value, float):
        return not value or (math.isfinite(value) and _FINEST <= abs(value) <= _LARGEST)
    if isinstance(value, complex):
        return is_ordinary(value.real) and is_ordinary(value.imag)
    if isinstance(value, str):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        pairs = cast("dict[Any, Any]", value).items()
        return all(is_ordinary(key) and is_ordinary(item) for key, item in pairs)
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_ordinary, cast("Collection[Any]", value)))
    return True


def _is_plain(letter: str) -> bool:
    """ASCII, or a letter or sign that no change of case makes longer or turns into ASCII."""
    if letter.isascii():
        return letter in " \t\n" or not letter.isspace()
    cases = letter.upper(), letter.lower(), letter.title(), letter.casefold()
    return (
        letter.isprintable()
        and not letter.isnumeric()
        and all(len(case) == 1 and not case.isascii() for case in cases)
        and letter.swapcase().swapcase() == letter
    )
