"""The search itself. Its text is run as a job's source, within the sandbox, with the code searched.

Nothing that it tells is believed: what it finds is an input to try.
"""

import builtins
import copy
import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

import crosshair.core
from crosshair.options import DEFAULT_OPTIONS
from crosshair.statespace import RootNode, VerificationStatus

_core: Any = crosshair.core
# Registers CrossHair's models of the standard library.
import_module("crosshair.core_and_libs")
_ENOUGH: Final = 3
"""Inputs for one claim: one of them may turn out to be none, as floats are taken for reals."""


def seek(
    module: str,
    function: str,
    types: Mapping[str, str],
    premises: Sequence[tuple[str, Sequence[str], bool]],
    claim: tuple[str, Sequence[str]] | None,
    answers: Sequence[Any],
    seconds: float,
) -> list[Any]:
    """Arguments for which the premises are so, and the claim is not true of the outcome (or,
    without a claim, the outcome is none of the answers); and whether every path was looked at."""
    run = _defined(module, function)
    given = [(_defined(text, "holds"), names, wanted) for text, names, wanted in premises]
    holds = _defined(claim[0], "holds") if claim else None
    names = claim[1] if claim else ()
    called = False

    def refutes(bound: inspect.BoundArguments) -> bool:
        nonlocal called
        called = False
        values: dict[str, Any] = dict(bound.arguments)
        for premise, of, wanted in given:
            if premise(**{name: values[name] for name in of}) is not wanted:
                return False
        before = {
            name: copy.deepcopy(values[name.removeprefix("old_")])
            for name in names
            if name.startswith("old_")
        }
        called = True
        result = run(*values.values())
        if holds is None:
            return not any(result == answer for answer in answers)
        known = {**values, **before, "result": result}
        return not holds(**{name: known[name] for name in names})

    found: list[list[Any]] = []
    steady = True

    def note(
        space: Any, before: inspect.BoundArguments, _: Any, refuted: Any, error: Any, __: Any
    ) -> bool:
        raised = error is not None and called and holds is None
        if not raised and (error is not None or not refuted):
            return False
        with _core.ExceptionFilter():
            space.detach_path()
            found.append(list(_core.deep_realize(before).arguments.values()))
        return len(found) >= _ENOUGH

    def waver() -> None:
        nonlocal steady
        steady = False

    limits = replace(
        DEFAULT_OPTIONS,
        per_condition_timeout=seconds,
        per_path_timeout=max(1.0, seconds / 4),
        max_iterations=100_000,
    )
    root = RootNode()
    _core.explore_paths(refutes, _signature(types), limits, root, note, waver)
    whole = root.child.get_result().verification_status is VerificationStatus.CONFIRMED
    return [found, whole and steady and not found]


def _defined(source: str, name: str) -> Callable[..., Any]:
    namespace: dict[str, Any] = {"__name__": "candidate"}
    exec(compile(source, "<candidate>", "exec"), namespace)
    return namespace[name]


def _signature(types: Mapping[str, str]) -> inspect.Signature:
    known = {**vars(typing), **vars(builtins)}
    return inspect.Signature(
        [
            inspect.Parameter(
                name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                annotation=eval(text, known),
            )
            for name, text in types.items()
        ]
    )
