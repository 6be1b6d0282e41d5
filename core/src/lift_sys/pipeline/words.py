"""What a validation found, in words a person understands: nothing of pydantic, no secret."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import ValidationError

from ..interfaces import StatedText
from ..nearest import nearest
from . import hints
from .shapes import Path, known_keys
from .tree import Node, Step

_WHOLE = "a whole number"
_LIST = "a list"
_TEXT = "text"
_MAPPING = "a mapping of keys to values"
_EXPECTED = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "a whole number of fewer digits",
    "int_from_float": _WHOLE,
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": _TEXT,
    "path_type": "a path",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "iterable_type": _LIST,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dataclass_type": _MAPPING,
    "none_required": "nothing",
}
_BOUNDS = {
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "multiple_of": "a multiple of {multiple_of}",
}
_SIZES = {
    "string_too_short": "at least {min_length} characters",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} items",
    "too_long": "at most {max_length} items",
}
_MISSING = {
    "provider": "name an entry of `providers:`",
    "version": "write `version: 1`",
}
_FIXED = {"version": "write `version: 1`"}
_LONGEST_SHOWN = 60
_OF_A_KEY = "[key]"
"""How pydantic ends the location of what is wrong with a key and not with its value."""


@dataclass(frozen=True, slots=True)
class Keys:
    """How to tell of a top-level key that there is none such, and which there are beside the
    model's own."""

    unknown: str = "unknown key"
    also_known: tuple[str, ...] = ()
    deeper: Mapping[str, str] = field(default_factory=dict[str, str])
    """Keys that belong further down, and what to do about them."""


PLAIN_KEYS = Keys()


@dataclass(frozen=True, slots=True)
class Subject:
    """What was validated: a model, the node that was to fill it, and the data it became."""

    model: type[Any]
    node: Node
    data: object
    keys: Keys
    unusable: Container[Node]
    """What could not be expanded: nothing more is to be said of it."""


_PROVIDERS = ("provider", "providers")


def explain(error: ValidationError, subject: Subject) -> Iterator[tuple[Path, str, str]]:
    """Path below the node, cause and remedy of each mistake."""
    model, node, keys = subject.model, subject.node, subject.keys
    expected: dict[Path, list[str]] = {}
    told: set[Path] = set()
    for item in error.errors(include_url=False, include_input=False):
        stated = _stated(node, item["loc"])
        found = node.nearest(stated)
        kind, context = item["type"], item.get("ctx", {})
        key = str(item["loc"][-1]) if item["loc"] else ""
        if kind == "missing":
            remedy = hints.of_a_component(found) if key == "use" else _MISSING.get(key, "")
            yield stated, f"`{key}` is missing", remedy
        elif kind == "extra_forbidden":
            top = len(stated) == 1
            known = known_keys(model, stated[:-1])
            remedy = nearest(key, (*known, *keys.also_known) if top else known)
            if top and key in keys.deeper:
                remedy = keys.deeper[key]
            yield stated, f"{keys.unknown if top else PLAIN_KEYS.unknown} {key!r}", remedy
        elif found in subject.unusable or _is_hearsay(kind, context, found):
            continue
        elif key == _OF_A_KEY:
            phrase = _expected(kind, context) or "another one"
            yield stated, f"expected {phrase} as a key, not {stated[-1]!r}", ""
        elif phrase := _expected(kind, context):
            expected.setdefault(stated, []).append(phrase)
        else:
            told.add(stated)
            yield stated, _other(item, found, _at(subject.data, stated)), ""
    for stated, phrases in expected.items():
        if stated in told:
            continue  # it is of a sort that may stand here, only not so
        either = " or ".join(dict.fromkeys(phrases))
        found = node.nearest(stated)
        # What stands in a list is what the list is named for.
        named = next((step for step in reversed(stated) if isinstance(step, str)), "")
        remedy = _remedy(named, phrases, found)
        yield stated, f"expected {either}, not {shown(found)}", remedy


def _is_hearsay(kind: str, context: Mapping[str, Any], found: Node) -> bool:
    """A list is too short only because what is wrong in it, which is told, does not count."""
    return kind == "too_short" and len(_items(found)) >= context["min_length"]


def _items(node: Node) -> Sequence[Node]:
    return node.value if isinstance(node.value, list) else ()


def _remedy(key: str, phrases: Sequence[str], found: Node) -> str:
    if key in _FIXED:
        return _FIXED[key]
    if phrases == [_LIST]:
        return hints.of_a_list(found)
    if phrases == [_MAPPING] and key in ("specify", "implement"):
        return hints.of_a_stage(key, found)
    if phrases == [_TEXT]:
        if found.value is not None and not isinstance(found.value, dict | list):
            return "put it in quotes"
        return "define it under `providers:` and write its name here" if key in _PROVIDERS else ""
    return hints.of_a_number(found)


def shown(node: Node) -> str:
    """A value as it is written, never as it is expanded."""
    value = node.value
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _stated(node: Node, loc: Sequence[Step]) -> Path:
    """The part of an error's location that is in the file; the rest names branches of a union."""
    path: list[Step] = []
    for step in loc:
        child = node.child(step)
        if child is not None:
            node = child
            path.append(step)
    return tuple(path)


def _at(data: object, path: Sequence[Step]) -> object:
    for step in path:
        data = cast("Any", data)[step]
    return data


def _expected(kind: str, context: Mapping[str, Any]) -> str | None:
    if kind in ("model_type", "model_attributes_type"):
        is_reference = str(context.get("class_name", "")).endswith(("Ref", "Def"))
        return "a name, or a mapping with `use`" if is_reference else _MAPPING
    if kind in ("literal_error", "enum"):
        return str(context["expected"])
    return _EXPECTED.get(kind)


def _other(item: Mapping[str, Any], node: Node, data: object) -> str:
    kind, context = item["type"], item.get("ctx", {})
    if kind in _BOUNDS:
        bound = {name: _whole(limit) for name, limit in context.items()}
        return f"must be {_BOUNDS[kind].format(**bound)}, not {shown(node)}"
    if kind in _SIZES:
        size = _SIZES[kind].format(**context)
        return "must not be empty" if size.startswith("at least 1 ") else f"must have {size}"
    raised = context.get("error")
    if isinstance(raised, ValidationError):
        # Its own text would quote what it was given.
        inner = raised.errors(include_url=False, include_input=False)
        message = "; ".join(str(part["msg"]) for part in inner)
    else:
        message = str(raised) if raised else str(item["msg"])
    for text in _expanded(data):
        message = message.replace(text, text.written)
    return " ".join(message.split()).replace("Input should be ", "must be ") or "is refused"


def _whole(limit: object) -> object:
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


def _expanded(data: object) -> Iterator[StatedText]:
    if isinstance(data, StatedText):
        if data and data != data.written:
            yield data
    elif isinstance(data, dict):
        for item in cast("dict[str, object]", data).values():
            yield from _expanded(item)
    elif isinstance(data, list):
        for item in cast("list[object]", data):
            yield from _expanded(item)
