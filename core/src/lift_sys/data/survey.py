"""Runs in a sandbox: all mutants of a reference on all inputs, in one process.

Standard library only: the text of this module is part of the job's source.
"""

import copy
import math
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

_PATIENCE = 2
"""So often a mutant may run for ever: then enough is known of it."""
_FILE = "<mutant>"
_STEPS = 5_000
"""Lines that one call may take: more than any reference needs, and soon over."""


class Exhausted(BaseException):
    """A mutant that would run for ever."""


def survey(
    sources: list[str], name: str, inputs: list[Any], laws: list[str], parameters: list[str]
) -> dict[str, Any]:
    """What the first source, the reference, answers to each input; which laws an answer of it
    breaks; and for each other source the places of the inputs on which it does something else,
    whether a law denies what it answers there, and whether it runs for ever."""
    functions = [_function(source, name) for source in sources]
    right = [outcome(functions[0], args, "while" in sources[0]) for args in inputs]
    holds = [_function(law, "holds") for law in laws]
    others = [
        _Held.of(function, inputs, right, "while" in source, holds, parameters)
        for function, source in zip(functions[1:], sources[1:], strict=True)
    ]
    return {
        "answers": [list(answer) for answer in right],
        "broken": [
            [number, place]
            for place, answer in enumerate(right)
            if answer[0] == "returned"
            for number, law in enumerate(holds)
            if not _true(law, parameters, inputs[place], answer[1])
        ],
        "different": [each.different for each in others],
        "denied": [each.denied for each in others],
        "hangs": [each.hangs for each in others],
    }


def lines_run(source: str, name: str, inputs: list[Any]) -> list[int]:
    """The lines of the source that run for these inputs."""
    function = _function(source, name)
    seen: set[int] = set()

    def step(frame: Any, event: str, _: Any) -> Any:
        if frame.f_code.co_filename == _FILE and event == "line":
            seen.add(frame.f_lineno)
        return step

    for args in inputs:
        given = copy.deepcopy(args)
        sys.settrace(step)
        with suppress(Exception):  # what it raises is no matter here
            function(*given)
        sys.settrace(None)
    return sorted(seen)


class _Held(NamedTuple):
    different: list[int]
    """On which inputs it does something else."""
    denied: bool
    """A law denies one of these answers."""
    hangs: bool

    @classmethod
    def of(
        cls,
        function: Any,
        inputs: list[Any],
        right: list[Any],
        may_hang: bool,
        holds: list[Any],
        parameters: list[str],
    ) -> "_Held":
        found: list[int] = []
        hung = 0
        denied = False
        for place, args in enumerate(inputs):
            answer = outcome(function, args, may_hang)
            if not alike(right[place], answer):
                found.append(place)
                denied = denied or _is_denied(holds, parameters, args, answer)
            hung += answer[0] == "exhausted"
            if hung == _PATIENCE:
                break
        return cls(found, denied, hung > 0)


def _is_denied(holds: list[Any], parameters: list[str], args: Any, answer: Any) -> bool:
    if answer[0] != "returned":
        return False
    for law in holds:
        try:
            if not _true(law, parameters, args, answer[1]):
                return True
        except Exception:  # noqa: BLE001 - of such an answer it says neither yes nor no
            continue
    return False


def _true(law: Any, parameters: list[str], args: Any, result: Any) -> bool:
    known = dict(zip(parameters, copy.deepcopy(args), strict=True)) | {"result": result}
    wanted = law.__code__.co_varnames[: law.__code__.co_kwonlyargcount]
    return bool(law(**{name: known[name] for name in wanted}))


def _function(source: str, name: str) -> Any:
    space: dict[str, Any] = {}
    exec(compile(source, _FILE, "exec"), space)
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
