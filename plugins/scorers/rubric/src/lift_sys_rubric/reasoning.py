"""How much of what a draw reasoned reached its specification: literals, edge cases and paths."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lift_sys.checking.constants import same_constant
from lift_sys.interfaces import Score
from lift_sys.prompts import find, literals

from .content import Content

_PATHS: Final = frozenset({"returns_if", "returns_for", "or_value", "otherwise", "ladder"})
_RAISED: Final = re.compile(r"\b([A-Z]\w*(?:Error|Exception))\b")
_EMPTY: Final = re.compile(r"\bempty\b", re.IGNORECASE)
_NEGATIVE: Final = re.compile(r"\bnegative\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    what: str
    reached: bool


def reached(reasoning: str, content: Content) -> Score:
    """Value None: the reasoning names nothing that could be looked for."""
    said = {each.what: each for each in _said(reasoning, content)}
    if not said:
        return Score(None, "it names nothing that could be looked for")
    lost = [each.what for each in said.values() if not each.reached]
    reason = f"not in the specification: {', '.join(lost)}" if lost else "all of it is there"
    return Score(1 - len(lost) / len(said), reason)


def _said(reasoning: str, content: Content) -> Iterator[Said]:
    there = content.constants
    for each in literals(reasoning):
        texts = isinstance(each.value, str) and each.value and each.role != "input"
        if texts and not _is_a_name(each.value, content):
            yield Said(f"the literal {each.value!r}", _among(each.value, there.every))
    for path in find(reasoning):
        if path.kind in _PATHS:
            yield from (
                Said(f"the path to {value!r}", _among(value, there.outcomes))
                for value in path.literals
                if path.kind != "ladder" or isinstance(value, str)
            )
    for name in _RAISED.findall(reasoning):
        raised = {effect.raises for effect in content.ir.effects}
        assertions = (assertion.predicate for assertion in content.ir.assertions)
        yield Said(
            f"the path to {name}",
            name in raised or any(text.endswith(f"raises {name}") for text in assertions),
        )
    if _EMPTY.search(reasoning):
        yield Said("the edge case of something empty", _covers_empty(content))
    if _NEGATIVE.search(reasoning):
        yield Said("the edge case of something negative", _covers_negative(content))


def _among(value: Any, there: tuple[Any, ...]) -> bool:
    return any(same_constant(value, each) for each in there)


def _is_a_name(text: str, content: Content) -> bool:
    signature = content.ir.signature
    return text in {signature.name, *(parameter.name for parameter in signature.parameters)}


def _covers_empty(content: Content) -> bool:
    values = (*content.constants.every, *(value for _, value in content.arguments))
    said = " ".join(effect.when or "" for effect in content.ir.effects)
    return (
        any(isinstance(value, str | list | dict | tuple | set) and not value for value in values)
        or bool(re.search(r"\blen\(|\bnot \w", said))
        or content.total
    )


def _covers_negative(content: Content) -> bool:
    values = (*content.constants.every, *(value for _, value in content.arguments))
    said = " ".join(effect.when or "" for effect in content.ir.effects)
    negative = (isinstance(value, int | float) and value < 0 for value in values)
    return any(negative) or "< 0" in said or ">= 0" in said or content.total
