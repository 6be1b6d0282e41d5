"""Findings about texts of the request that did not reach the IR."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...interfaces import Finding
from ...ir import IR
from .codes import shown, tell
from .facts import Facts


@dataclass(frozen=True, slots=True)
class Stated:
    """A text that the request spells out."""

    value: str
    returned: bool
    """The request plainly wants it returned."""


def about_literals(facts: Facts, stated: Sequence[Stated]) -> Iterator[Finding]:
    exact = _exact_texts(facts)
    prose = "\n".join(_prose(facts.ir))
    told = {facts.function, *facts.parameters}
    for literal in stated:
        text = literal.value
        if not text or text in told or text in exact:
            continue
        told.add(text)
        longer = [value for value in _returned(facts.ir) if text.lower() in value.lower()]
        if literal.returned and longer:
            message = f"the request says {shown(text)}, the IR returns {shown(longer[0])}"
            yield tell("literal-rewritten", message, _path(facts.ir, longer[0]))
        elif text not in prose:
            code = "missing-literal" if literal.returned else "literal-unused"
            yield tell(code, f"{shown(text)} of the request appears nowhere", "effects")


def _exact_texts(facts: Facts) -> set[str]:
    """Every string that stands for itself in a predicate, an example or a return value."""
    found = {value for value in facts.claims.literals if isinstance(value, str)}
    found |= set(_returned(facts.ir))
    for assertion in facts.ir.assertions:
        found |= _strings(assertion.predicate)
    for effect in facts.ir.effects:
        found |= _strings(effect.implementation_hint or "")
    return found


def _strings(text: str) -> set[str]:
    """Of the Python in it; an assertion that may not be used still shows its literals."""
    try:
        tree = ast.parse(text.partition(" raises ")[0])
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return set()
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {value for value in constants if isinstance(value, str)}


def _returned(ir: IR) -> list[str]:
    return [v for effect in ir.effects for v in effect.return_values if isinstance(v, str)]


def _path(ir: IR, value: str) -> str:
    for number, effect in enumerate(ir.effects):
        if value in effect.return_values:
            return f"effects[{number}].return_values"
    return "effects"


def _prose(ir: IR) -> Iterator[str]:
    yield from (ir.intent.summary, ir.intent.rationale)
    for parameter in ir.signature.parameters:
        yield parameter.description
    for effect in ir.effects:
        texts = (effect.description, effect.when, effect.implementation_hint)
        yield from (text for text in texts if text)
        yield effect.order_constraint or ""
    for assertion in ir.assertions:
        yield from (assertion.predicate, assertion.rationale)
    for constraint in ir.constraints:
        yield constraint.description
