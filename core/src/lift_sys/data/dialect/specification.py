"""A specification as words, and back: one mark for each field, nothing for what is empty.

The signature stands apart, because a task may give it. Predicates and types come back in the one
normal way of writing them; provenance is not carried.
"""

import ast
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from pydantic import ValidationError

from ...errors import LiftError
from ...ir import (
    IR,
    Assertion,
    Effect,
    Explicit,
    Intent,
    LoopBehaviour,
    MustReturn,
    Parameter,
    Position,
    Signature,
    canonical_json,
    unfilled,
)
from .marks import (
    ALL,
    EFFECT,
    FIRST,
    HINT,
    JSON,
    LAST,
    LAW,
    MUST,
    ORDER,
    PARAMETERS,
    POSITION,
    RAISES,
    RETURNS,
    SAID,
    TO,
    WHEN,
    WHY,
)
from .python import expression_text, expression_words
from .slots import Slots
from .words import from_words, to_words

_PARTS: Final = frozenset({EFFECT, LAW, MUST, FIRST, LAST, ALL, POSITION})
_FIELDS: Final = frozenset({WHEN, RETURNS, RAISES, SAID, HINT, ORDER, WHY})
_LOOPS: Final = {"first": FIRST, "last": LAST, "all": ALL}


class DialectError(LiftError):
    """Words that say no specification or no code."""


def signature_words(signature: Signature, slots: Slots) -> list[str]:
    words = _function_name(signature.name, slots)
    for mark, one in zip(PARAMETERS, signature.parameters, strict=False):
        words += [mark, *_name(one.name, slots), *expression_words(one.type, slots)]
        if one.description:
            words += [SAID, *to_words(one.description, slots)]
    return [*words, TO, *expression_words(signature.returns, slots)]


def read_signature(words: Sequence[str], slots: Slots) -> Signature:
    """Raises DialectError."""
    (_, head), *rest = _split(words, frozenset({*PARAMETERS, TO}))
    if not rest or rest[-1][0] != TO:
        raise DialectError("the signature has no return type")
    parameters: list[Parameter] = []
    for _, group in rest[:-1]:
        (_, stated), *said = _split(group, frozenset({SAID}))
        parameters.append(
            _made(
                Parameter,
                name=_identifier(stated[:1], slots),
                type=expression_text(stated[1:], slots),
                description=from_words(said[0][1], slots) if said else "",
            )
        )
    return _made(
        Signature,
        name="_".join(_identifier([word], slots) for word in head),
        parameters=tuple(parameters),
        returns=expression_text(rest[-1][1], slots),
    )


def specification_words(ir: IR, slots: Slots) -> list[str]:
    """All but the signature, in whose slots names are said."""
    slots = slots.with_signature(ir.signature)
    if unfilled(ir) or len(ir.signature.parameters) > len(PARAMETERS):
        return [JSON, *to_words(canonical_json(ir), Slots())]
    words = to_words(ir.intent.summary, slots)
    if ir.intent.rationale:
        words += [WHY, *to_words(ir.intent.rationale, slots)]
    for effect in ir.effects:
        words += _effect(effect, slots)
    for assertion in ir.assertions:
        words += [LAW, *_predicate(assertion.predicate, slots)]
        if assertion.rationale:
            words += [WHY, *to_words(assertion.rationale, slots)]
    for constraint in ir.constraints:
        words += [_mark_of(constraint), *to_words(constraint.description, slots)]
    return words


def read_specification(words: Sequence[str], signature: Signature, slots: Slots) -> IR:
    """Raises DialectError."""
    if words and words[0] == JSON:
        return _made(IR, **_object(from_words(words[1:], Slots())))
    slots = slots.with_signature(signature)
    (_, head), *parts = _split(words, _PARTS)
    intent = dict(_split(head, frozenset({WHY})))
    effects: list[Effect] = []
    assertions: list[Assertion] = []
    constraints: list[Explicit] = []
    for mark, group in parts:
        if mark == EFFECT:
            effects.append(_read_effect(group, slots))
        elif mark == LAW:
            fields = dict(_split(group, frozenset({WHY})))
            predicate = _read_predicate(fields[""], slots)
            rationale = from_words(fields.get(WHY, ()), slots)
            assertions.append(_made(Assertion, predicate=predicate, rationale=rationale))
        else:
            constraints.append(_constraint(mark, from_words(group, slots)))
    return _made(
        IR,
        intent=_made(
            Intent,
            summary=from_words(intent[""], slots),
            rationale=from_words(intent.get(WHY, ()), slots),
        ),
        signature=signature,
        effects=tuple(effects),
        assertions=tuple(assertions),
        constraints=tuple(constraints),
    )


def _effect(effect: Effect, slots: Slots) -> list[str]:
    words = [EFFECT]
    if effect.when is not None:
        words += [WHEN, *expression_words(effect.when, slots)]
    if effect.return_values:
        words += [RETURNS, *expression_words(repr([*effect.return_values]), slots)[1:-1]]
    if effect.raises is not None:
        words += [RAISES, effect.raises]
    if effect.description != _told_by(effect.return_values, effect.when):
        words += [SAID, *to_words(effect.description, slots)]
    if effect.implementation_hint is not None:
        words += [HINT, *to_words(effect.implementation_hint, slots)]
    if effect.order_constraint is not None:
        words += [ORDER, *to_words(effect.order_constraint, slots)]
    return words


def _read_effect(words: Sequence[str], slots: Slots) -> Effect:
    fields = dict(_split(words, _FIELDS))
    returned = _literals(expression_text(["[", *fields.get(RETURNS, ()), "]"], slots))
    when = expression_text(fields[WHEN], slots) if WHEN in fields else None
    told = from_words(fields[SAID], slots) if SAID in fields else _told_by(returned, when)
    return _made(
        Effect,
        when=when,
        return_values=returned,
        raises="".join(fields.get(RAISES, ())) or None,
        description=told,
        implementation_hint=from_words(fields[HINT], slots) if HINT in fields else None,
        order_constraint=from_words(fields[ORDER], slots) if ORDER in fields else None,
    )


def _told_by(returned: Sequence[object], when: str | None) -> str:
    """What goes without saying: the description of a branch that returns one literal."""
    if len(returned) != 1:
        return ""
    exactly = "exactly " if isinstance(returned[0], str) else ""
    return f"return {exactly}{returned[0]!r}" + (" otherwise" if when is None else "")


def _predicate(text: str, slots: Slots) -> list[str]:
    call, raises, error = text.rpartition(" raises ")
    if raises and error.isidentifier():
        return [*expression_words(call, slots), RAISES, error]
    return expression_words(text, slots)


def _read_predicate(words: Sequence[str], slots: Slots) -> str:
    if RAISES in words:
        place = list(words).index(RAISES)
        return f"{expression_text(words[:place], slots)} raises {''.join(words[place + 1 :])}"
    return expression_text(words, slots)


def _mark_of(constraint: Explicit) -> str:
    match constraint:
        case MustReturn():
            return MUST
        case LoopBehaviour(matches=matches):
            return _LOOPS[matches]
        case Position():
            return POSITION


def _constraint(mark: str, description: str) -> Explicit:
    if mark == MUST:
        return _made(MustReturn, description=description)
    if mark == POSITION:
        return _made(Position, description=description)
    matches = {loop: name for name, loop in _LOOPS.items()}[mark]
    return _made(LoopBehaviour, matches=matches, description=description)


def _function_name(name: str, slots: Slots) -> list[str]:
    """The words of a name like `first_above_9`, which a request is likely to have too."""
    whole = _name(name, slots)
    parts = name.split("_")
    if whole != [name] or not all(part.isascii() and part.isalnum() for part in parts):
        return whole
    return [word for part in parts for word in _part(part, slots)]


def _part(part: str, slots: Slots) -> Sequence[str]:
    number = slots.number(int(part)) if part.isdecimal() and part == str(int(part)) else None
    return number if number is not None and len(number) == 1 else (part,)


def _name(name: str, slots: Slots) -> list[str]:
    mark = slots.name(name)
    return [mark if mark is not None and mark[1] == "i" else name]


def _identifier(words: Sequence[str], slots: Slots) -> str:
    return "".join(str(slots.values.get(word, word)) for word in words)


def _split(words: Sequence[str], marks: frozenset[str]) -> list[tuple[str, Sequence[str]]]:
    """The words before any of these marks, under no mark; then each mark with its words."""
    return list(_groups(words, marks))


def _groups(words: Sequence[str], marks: frozenset[str]) -> Iterator[tuple[str, Sequence[str]]]:
    mark, start = "", 0
    for place, word in enumerate(words):
        if word in marks:
            yield mark, words[start:place]
            mark, start = word, place + 1
    yield mark, words[start:]


def _literals(text: str) -> tuple[Any, ...]:
    try:
        return tuple(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError):
        raise DialectError(f"{text:.80} is no list of literals") from None


def _object(text: str) -> dict[str, Any]:
    try:
        value: Any = json.loads(text)
    except ValueError as error:
        raise DialectError(f"the specification is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise DialectError("the specification is no JSON object")
    return cast("dict[str, Any]", value)


def _made(model: Any, **fields: Any) -> Any:
    try:
        return model(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise DialectError(f"no {model.__name__.lower()}: {first['msg']}") from None
