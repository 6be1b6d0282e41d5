"""Runs in a sandbox: all mutants of a reference on all inputs, in one process.

Standard library only: the text of this module is part of the job's source.
"""

import copy
import math
import sys
from collections.abc import Callable
from typing import Any

_STEPS = 20_000
"""Lines that one call may take: more than any reference needs, and soon over."""


class Exhausted(BaseException):
    """A mutant that would run for ever."""


def survey(sources: list[str], name: str, inputs: list[Any]) -> list[list[int]]:
    """For each source after the first, the places of the inputs on which it does something else
    than the first."""
    functions = [_function(source, name) for source in sources]
    right = [outcome(functions[0], args) for args in inputs]
    return [
        [
            place
            for place, args in enumerate(inputs)
            if not alike(right[place], outcome(function, args))
        ]
        for function in functions[1:]
    ]


def _function(source: str, name: str) -> Any:
    space: dict[str, Any] = {}
    exec(compile(source, "<mutant>", "exec"), space)
    return space[name]


def outcome(function: Callable[..., Any], args: Any) -> tuple[str, Any]:
    steps = 0

    def step(frame: Any, event: str, _: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps > _STEPS:
            raise Exhausted
        return step

    given = copy.deepcopy(args)
    sys.settrace(step)
    try:
        return "returned", function(*given)
    except Exhausted:
        return "exhausted", None
    except Exception as error:  # noqa: BLE001 - whatever a mutant raises is its answer
        return type(error).__name__, None
    finally:
        sys.settrace(None)


def alike(one: Any, other: Any) -> bool:
    """By type and value, but for the rounding of floats."""
    if type(one) is not type(other):
        return False
    if type(one) is float:
        same = one == other or math.isclose(one, other, rel_tol=1e-9)
        return same or (math.isnan(one) and math.isnan(other))
    if type(one) in (list, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if type(one) is dict:
        keys: list[Any] = [*one]
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in keys)
    return bool(one == other)
