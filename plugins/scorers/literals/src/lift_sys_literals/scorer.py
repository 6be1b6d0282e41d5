"""Looks for each literal of the request where it can be held against code, or is code."""

from collections.abc import Sequence
from typing import Any

from lift_sys.checking.constants import Constants, constants_of_code, constants_of_ir
from lift_sys.interfaces import Candidate, Code, Context, Parts, Problem, Score, Solution
from lift_sys.ir import IR, Signature

from .plugin import LiteralsOptions
from .wanted import Wanted, instead, missing, wanted


class Literals:
    def __init__(self, options: LiteralsOptions, parts: Parts) -> None:
        self._roles = frozenset[str](options.roles)

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        asked = [one for one in wanted(problem.task.request) if one.role in self._roles]
        return [_score(candidate.value, asked) for candidate in candidates]


def _score(value: object, asked: Sequence[Wanted]) -> Score:
    if value is None:
        return Score(0.0, "no result")
    there = _constants(value)
    if there is None:
        return Score(None, f"a {type(value).__name__} is nothing to look for literals in")
    asked = [one for one in asked if one.value not in _names(value)]
    if not asked:
        return Score(None, "the request spells out no literals")
    lost = missing(asked, there)
    if not lost:
        return Score(1.0, f"all {len(asked)} literals of the request are there")
    said = ", ".join(_said(one, there) for one in lost)
    return Score(1 - len(lost) / len(asked), f"missing: {said}")


def _said(one: Wanted, there: Constants) -> str:
    other = instead(one, there)
    return repr(one.value) if other is None else f"{one.value!r} (instead {other!r})"


def _constants(value: object) -> Constants | None:
    match value:
        case IR():
            return constants_of_ir(value)
        case Code():
            return constants_of_code(value.source)
        case Solution(code=None):
            return constants_of_ir(value.ir)
        case Solution(code=Code() as code):
            return constants_of_code(code.source)
        case _:
            return None


def _names(value: object) -> set[object]:
    """What the request quotes because it is a name."""
    match value:
        case IR():
            return _signature_names(value.signature)
        case Solution():
            return _signature_names(value.ir.signature)
        case Code():
            return {value.name}
        case _:
            return set()


def _signature_names(signature: Signature) -> set[object]:
    return {signature.name, *(parameter.name for parameter in signature.parameters)}
