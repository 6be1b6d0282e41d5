"""The wrong number made of a list of numbers: its sum for its mean, its minimum twice."""

import math
import statistics
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, Final, cast

from ..compare import equal
from ..execution import Call
from .facts import Facts, Recognised

_Numbers = list[int | float]

_AGGREGATES: Final[dict[str, Callable[[_Numbers], float]]] = {
    "minimum": min,
    "maximum": max,
    "sum": sum,
    "count": len,
    "mean": lambda numbers: sum(numbers) / len(numbers),
    "median": statistics.median,
    "product": math.prod,
    "spread": lambda numbers: max(numbers) - min(numbers),
}
_ENOUGH, _TELLING = 2, 3
"""So many wrong calls, one of them with so many numbers."""


def wrong_aggregate(facts: Facts) -> Recognised | None:
    """On every wrong call the result is one known aggregate where another was asked for."""
    told = [(each, _numbers(each.call)) for _, each in facts.with_answers if each.call is not None]
    useful = [(each, numbers) for each, numbers in told if len(set(numbers)) > 1]
    if len(useful) < _ENOUGH:
        return None
    if len(useful) < len(told) or not any(len(numbers) >= _TELLING for _, numbers in useful):
        return None
    asked = _named_by_all([(each.expected[0], numbers) for each, numbers in useful])
    given = _named_by_all([(each.got, numbers) for each, numbers in useful])
    if not asked or not given:
        return None
    return Recognised(
        "wrong_aggregate",
        f"it gives the {_spoken(min(given))} of the numbers where the {_spoken(min(asked))} "
        "is asked for",
    )


def _numbers(call: Call | None) -> _Numbers:
    """Those of the only argument that has several."""
    found: list[_Numbers] = []
    for value in call.args if call else ():
        items: Sequence[Any] = ()
        if isinstance(value, dict):
            items = [*cast("dict[Any, Any]", value).values()]
        elif isinstance(value, list | tuple):
            items = cast("Sequence[Any]", value)
        if items and all(type(item) in (int, float) for item in items):
            found.append([*items])
    return found[0] if len(found) == 1 else []


def _named_by_all(cases: Sequence[tuple[Any, _Numbers]]) -> set[tuple[str, ...]]:
    """The names, or pairs of names, that fit every value."""
    fitting = [_names(value, numbers) for value, numbers in cases]
    return fitting[0].intersection(*fitting[1:]) if fitting else set()


def _names(value: Any, numbers: _Numbers) -> set[tuple[str, ...]]:
    several = type(value) in (tuple, list)
    parts: Sequence[Any] = value if several else [value]
    if not 0 < len(parts) <= 3:
        return set()
    each = [
        [name for name, of in _AGGREGATES.items() if equal(part, of(numbers))] for part in parts
    ]
    return set(product(*each))


def _spoken(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"
