"""Filling holes with what they stand for.

A hole stands wherever its identifier does: as a name in predicates and types, as `?id` in prose.
There it is replaced: in predicates by the literal, in types by the type's text, in prose by the
text. A hole that is mentioned nowhere is filled by its kind and place:

- `value` in an effect: one more of its return values;
- `implementation` in an effect without a hint: its hint;
- `signature` in a parameter: the parameter's type;
- `effect` and `assertion` of the IR itself: a new effect, a new assertion;
- `intent` in the intent or the IR: one more line of the rationale.

Anything else has more than one reading and is an error. Whether a value keeps the hole's
constraints is not looked at: those are predicates, and predicates are never run here.
"""

import ast
import difflib
import re
from collections.abc import Mapping
from typing import Any, cast

from pydantic import ValidationError

from ._literals import is_literal
from ._python import PythonTextError, parse_expression, unparse
from .models import IR, Hole, unfilled

_PREDICATES = {"when", "predicate", "constraints"}
_TYPES = {"type", "returns"}
_PROSE = {
    "summary", "rationale", "description", "implementation_hint", "order_constraint",
}  # fmt: skip
_LIMIT = 2000


class FillError(ValueError):
    """A filling that names no hole, or could be applied in more than one way."""


def fill(ir: IR, values: Mapping[str, Any]) -> IR:
    """The IR with these holes gone; raises FillError."""
    holes = {hole.id: (path, hole) for path, hole in unfilled(ir)}
    for name in values:
        if name not in holes:
            near = difflib.get_close_matches(name, sorted(holes), n=1)
            hint = (
                f"did you mean {near[0]}?" if near else f"there are: {', '.join(holes) or 'none'}"
            )
            raise FillError(f"there is no hole {name!r}; {hint}")
    data = ir.model_dump(mode="python")
    for name, value in values.items():
        path, hole = holes[name]
        filling = _Filling(hole, value)
        data = filling.within(data, "")
        if not filling.used:
            _place(data, path.rpartition("holes[")[0].rstrip("."), hole, value)
    try:
        return IR.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise FillError(f"what was filled in does not fit: {where}: {first['msg']}") from None


class _Filling:
    def __init__(self, hole: Hole, value: Any) -> None:
        self._hole = hole
        self._value = value
        self._mention = re.compile(rf"\?{re.escape(hole.id)}(?!\w)")
        self.used = False

    def within(self, data: Any, field: str) -> Any:
        """A copy of `data` without the hole and with its filling."""
        if isinstance(data, dict):
            members = cast("dict[str, Any]", data)
            return {name: self.within(item, name) for name, item in members.items()}
        if isinstance(data, list | tuple):
            items = [item for item in cast("list[Any]", data) if not self._is_hole(item)]
            return [self.within(item, field) for item in items]
        if isinstance(data, str):
            return self._text(data, field)
        return data

    def _is_hole(self, item: Any) -> bool:
        return isinstance(item, dict) and cast("dict[str, Any]", item).get("id") == self._hole.id

    def _text(self, text: str, field: str) -> str:
        if field in _PROSE and self._mention.search(text):
            self.used = True
            shown = self._value if isinstance(self._value, str) else repr(self._value)
            return self._mention.sub(lambda _: shown, text)
        if field in _PREDICATES | _TYPES and re.search(rf"\b{re.escape(self._hole.id)}\b", text):
            return self._python(text, field)
        return text

    def _python(self, text: str, field: str) -> str:
        try:
            tree = parse_expression(text, _LIMIT)
            put = str(self._value) if field in _TYPES else repr(self._value)
            value = parse_expression(put, _LIMIT)
            if field not in _TYPES and not is_literal(value):
                raise PythonTextError(f"{put[:60]} is no literal")
            replacing = _Replacing(self._hole.id, value)
            filled = unparse(replacing.visit(tree))
        except PythonTextError as error:
            raise FillError(f"{self._hole.id} cannot be filled in {text!r}: {error}") from None
        self.used = self.used or replacing.used
        return filled if replacing.used else text


class _Replacing(ast.NodeTransformer):
    def __init__(self, name: str, value: ast.expr) -> None:
        self._name = name
        self._value = value
        self.used = False

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id != self._name:
            return node
        if not isinstance(node.ctx, ast.Load):
            raise PythonTextError(f"{self._name} is also a loop variable there")
        self.used = True
        return self._value


def _place(data: dict[str, Any], place: str, hole: Hole, value: Any) -> None:
    """Where a hole goes that nothing mentions."""
    element = _element(data, place)
    what = re.sub(r"\[\d+\]", "", place)
    match hole.kind, what:
        case "value", "effects":
            element["return_values"].append(value)
        case "implementation", "effects" if element["implementation_hint"] is None:
            element["implementation_hint"] = str(value)
        case "signature", "signature.parameters":
            element["type"] = str(value)
        case "effect", "":
            element["effects"].append(_made(value, "description"))
        case "assertion", "":
            element["assertions"].append(_made(value, "predicate"))
        case "intent", "intent" | "":
            intent = data["intent"]
            line = f"{hole.description}: {value}"
            intent["rationale"] = f"{intent['rationale']}\n{line}".strip()
        case _:
            where = place or "the IR"
            cause = f"nothing mentions the hole {hole.id} of {where}"
            raise FillError(f"{cause}, and a hole of the kind {hole.kind} has no one place there")


def _made(value: Any, field: str) -> Any:
    """A whole new element, or the text of its main field."""
    return {field: value} if isinstance(value, str) else value


def _element(data: dict[str, Any], place: str) -> dict[str, Any]:
    element: Any = data
    for step in re.findall(r"\w+", place):
        element = element[int(step)] if step.isdecimal() else element[step]
    return element
