"""The numbers of results, within what can be counted with: a file may state any."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from ..interfaces import Spend

_MOST: Final = 1e15
"""Sums of squares of very many such are still numbers."""
_LEAST: Final = 1e-15
"""What is divided by less may be no number."""


def _measured(value: float) -> float:
    if value and not _LEAST <= value <= _MOST:
        raise ValueError(f"{value!r:.40} is nothing that can have been measured")
    return value


def _some_of(pair: tuple[int, int]) -> tuple[int, int]:
    if pair[0] > pair[1]:
        raise ValueError(f"{pair[0]} of {pair[1]} is no share")
    return pair


def _spent(spend: Spend) -> Spend:
    for value in spend.__dict__.values():
        _measured(value)
    return spend


Count = Annotated[int, Field(ge=0, le=10**12)]
Share = Annotated[float, Field(ge=0, le=1)]
Measure = Annotated[float, AfterValidator(_measured)]
"""Seconds or dollars."""
SomeOf = Annotated[tuple[Count, Count], AfterValidator(_some_of)]
Spent = Annotated[Spend, AfterValidator(_spent)]
