"""Mistakes about where: the last match for the first, an index beside the right one, a mark that
is merely there instead of in its place."""

import ast
from collections.abc import Sequence
from typing import Any, cast

from ...ir import LoopBehaviour, Position
from ..compare import same
from ..execution import Call
from .facts import Facts, Recognised, Wrong

_MATCH = r"\b(first|last|earliest|latest)\b"
_INDEX = r"\b(index|indices|position)\b"
_PLACE = r"\b(after|before|between|behind|follow(s|ed)?|preced(es|ed)|in front)\b"
_LOOKS_AT_PLACES = frozenset(
    {"find", "rfind", "index", "rindex", "split", "rsplit", "partition", "rpartition"}
    | {"startswith", "endswith", "match", "fullmatch", "search"}
)
_TELLING = 3
"""So long must a sequence be for its ends to differ from its neighbours."""
_ENOUGH = 2


def wrong_match(facts: Facts) -> Recognised | None:
    """Turned round, every wrong call gives what was asked of it as it stood."""
    told = dict(facts.with_answers)
    tried = [(told[number], value) for number, value in facts.reversed_.items() if number in told]
    if not tried or not all(_mirrored(each, value) for each, value in tried):
        return None
    return Recognised(
        "wrong_match",
        "it takes the match at the other end: see whether the first or the last one counts",
    )


def may_be_the_other_match(facts: Facts) -> bool:
    """Whether a match is asked for, and wrong calls could show that it is another one."""
    searched = any(isinstance(one, LoopBehaviour) for one in facts.ir.constraints)
    told = [each for _, each in facts.with_answers]
    return (
        any(len(_sequence(each.call)) >= _TELLING for each in told)
        and all(_points(each.expected[0]) for each in told)
        and (searched or facts.says(_MATCH))
    )


def wrong_position(facts: Facts) -> Recognised | None:
    return _beside(facts) or _merely_there(facts)


def _beside(facts: Facts) -> Recognised | None:
    """An index that is always one too high or too low."""
    told = [each for _, each in facts.with_answers]
    if len(told) < _ENOUGH or not facts.says(_INDEX):
        return None
    pairs = [(each.got, each.expected[0]) for each in told]
    if not all(type(one) is int and type(other) is int for one, other in pairs):
        return None
    if any(expected < 0 for _, expected in pairs):
        return None  # that stands for no index
    shifts = {one - other for one, other in pairs}
    if shifts not in ({1}, {-1}):
        return None
    side = "high" if shifts == {1} else "low"
    return Recognised("wrong_position", f"the index is one too {side}: indexes begin with 0")


def _merely_there(facts: Facts) -> Recognised | None:
    """A text is accepted because some marks are in it, wherever they are."""
    placed = any(isinstance(one, Position) for one in facts.ir.constraints)
    if not (placed or facts.says(_PLACE)):
        return None
    marks = _marks(facts.nodes)
    if not marks or _looks_at_places(facts.nodes):
        return None
    told = [each for _, each in facts.with_answers]
    accepted = [_text(call) for call, result in facts.right if result is True]
    for each in told:
        text = _text(each.call)
        over_accepted = each.got is True and same(each.expected[0], False)
        if text is None or not over_accepted or not all(mark in text for mark in marks):
            return None
    if not any(text is not None and all(mark in text for mark in marks) for text in accepted):
        return None
    shown = " and ".join(map(repr, marks))
    return Recognised(
        "wrong_position", f"it only asks whether {shown} occur, not where: their order counts"
    )


def _mirrored(wrong: Wrong, turned: Any) -> bool:
    expected, length = wrong.expected[0], len(_sequence(wrong.call))
    if same(turned, expected):
        return True
    whole = type(turned) is int and type(expected) is int
    return whole and 0 <= turned < length and length - 1 - turned == expected


def _points(expected: Any) -> bool:
    """A whole list, yes or no are the same from either end too often."""
    return not isinstance(expected, list | dict | bool) and expected is not None


def _sequence(call: Call | None) -> Sequence[Any]:
    for value in call.args if call else ():
        if isinstance(value, list | tuple | str):
            return cast("Sequence[Any]", value)
    return ()


def _text(call: Call | None) -> str | None:
    found = [value for value in (call.args if call else ()) if isinstance(value, str)]
    return found[0] if len(found) == 1 else None


def _marks(nodes: Sequence[ast.AST]) -> list[str]:
    """The short texts that the code looks for with `in`."""
    found = [
        node.left.value
        for node in nodes
        if isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.In)
        and isinstance(node.left, ast.Constant)
        and isinstance(node.left.value, str)
    ]
    return list(dict.fromkeys(found))


def _looks_at_places(nodes: Sequence[ast.AST]) -> bool:
    return any(
        isinstance(node, ast.Subscript)
        or (isinstance(node, ast.Attribute) and node.attr in _LOOKS_AT_PLACES)
        for function in nodes
        if isinstance(function, ast.FunctionDef)
        for statement in function.body
        for node in ast.walk(statement)
    )
