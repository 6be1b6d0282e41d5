"""Runs in a sandbox: all mutants of a reference on all inputs, in one process.

Standard library only: the text of this module is part of the job's source.
"""

import copy
import math
import sys
from collections.abc import Callable
from typing import Any

_PATIENCE = 2
"""So often a mutant may run for ever: then enough is known of it."""
_STEPS = 5_000
"""Lines that one call may take: more than any reference needs, and soon over."""


class Exhausted(BaseException):
    """A mutant that would run for ever."""


def survey(
    sources: list[str], name: str, inputs: list[Any], laws: list[str], parameters: list[str]
) -> dict[str, Any]:
    """What the first source, the reference, answers to each input; which laws an answer of it
    breaks; and for each other source the places of the inputs on which it does something else."""
    functions = [_function(source, name) for source in sources]
    right = [outcome(functions[0], args, "while" in sources[0]) for args in inputs]
    holds = [_function(law, "holds") for law in laws]
    return {
        "answers": [list(answer) for answer in right],
        "broken": [
            [number, place]
            for place, answer in enumerate(right)
            if answer[0] == "returned"
            for number, law in enumerate(holds)
            if not _true(law, parameters, inputs[place], answer[1])
        ],
        "different": [
            _different(function, inputs, right, "while" in source)
            for function, source in zip(functions[1:], sources[1:], strict=True)
        ],
    }


def _different(function: Any, inputs: list[Any], right: list[Any], may_hang: bool) -> list[int]:
    found: list[int] = []
    hung = 0
    for place, args in enumerate(inputs):
        answer = outcome(function, args, may_hang)
        if not alike(right[place], answer):
            found.append(place)
        hung += answer[0] == "exhausted"
        if hung == _PATIENCE:
            break
    return found


def _true(law: Any, parameters: list[str], args: Any, result: Any) -> bool:
    known = dict(zip(parameters, copy.deepcopy(args), strict=True)) | {"result": result}
    wanted = law.__code__.co_varnames[: law.__code__.co_kwonlyargcount]
    return bool(law(**{name: known[name] for name in wanted}))


def _function(source: str, name: str) -> Any:
    space: dict[str, Any] = {}
    exec(compile(source, "<mutant>", "exec"), space)
    return space[name]


def outcome(function: Callable[..., Any], args: Any, may_hang: bool) -> tuple[str, Any]:
    """Code with a `while` is counted line by line, which costs much; nothing else runs for ever."""
    steps = 0

    def step(frame: Any, event: str, _: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps > _STEPS:
            raise Exhausted
        return step

    given = copy.deepcopy(args)
    if may_hang:
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
