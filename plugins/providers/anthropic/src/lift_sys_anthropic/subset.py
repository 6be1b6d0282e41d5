"""What of a JSON Schema the vendor's structured output takes."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, cast

_KEPT = frozenset(
    {"$ref", "additionalProperties", "const", "description", "enum", "format", "title", "type"}
)
_FORMATS = frozenset(
    {
        "date",
        "date-time",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "time",
        "uri",
        "uuid",
    }
)
_DEFINITIONS = ("$defs", "definitions")
_LOCAL = tuple(f"#/{place}/" for place in _DEFINITIONS)

Schema = dict[str, Any]


class _Inexpressible(Exception):
    """The vendor can enforce nothing that is near enough."""


def accepted(schema: Mapping[str, Any]) -> Schema | None:
    """The schema without what the vendor refuses, which is patterns, lengths, ranges and counts;
    objects are closed. None where that would forbid right answers: maps with keys of any name,
    shapes within themselves, and values of any shape."""
    try:
        reduced = _object(schema)
    except _Inexpressible:
        return None
    return None if _recursive(schema) else reduced


def _reduced(schema: Any) -> Schema:
    if not isinstance(schema, Mapping):
        _give_up()  # `true` and `false` are schemas too
    return _object(cast("Mapping[str, Any]", schema))


def _object(schema: Mapping[str, Any]) -> Schema:
    node: Schema = {key: value for key, value in schema.items() if key in _KEPT}
    if node.get("format") not in _FORMATS:
        node.pop("format", None)
    for place in _DEFINITIONS:
        if place in schema:
            node[place] = {name: _reduced(one) for name, one in _map(schema[place]).items()}
    if "$ref" in node:
        if not str(node["$ref"]).startswith(_LOCAL):
            _give_up()
        return node
    if "allOf" in schema or not all(map(_plain, node.get("enum", ()))):
        _give_up()
    for key in ("anyOf", "oneOf"):
        if key in schema:
            node["anyOf"] = [_reduced(one) for one in cast("Sequence[Any]", schema[key])]
    kind = node.get("type")
    kinds = cast("Sequence[str]", kind) if isinstance(kind, list) else [kind]
    if "object" in kinds or "properties" in schema:
        _close(node, schema)
    if "array" in kinds:
        _fill(node, schema)
    if not node.keys() & {"type", "anyOf", "enum", "const"}:
        _give_up()
    return node


def _fill(node: Schema, schema: Mapping[str, Any]) -> None:
    if "prefixItems" in schema or "items" not in schema:
        _give_up()
    node["items"] = _reduced(schema["items"])
    if schema.get("minItems") in (0, 1):
        node["minItems"] = schema["minItems"]


def _close(node: Schema, schema: Mapping[str, Any]) -> None:
    properties = _map(schema.get("properties", {}))
    open_ended = schema.get("additionalProperties") not in (None, False)
    if open_ended or "patternProperties" in schema:
        _give_up()
    if not properties and schema.get("additionalProperties") is None:
        _give_up()
    node["properties"] = {name: _reduced(one) for name, one in properties.items()}
    node["required"] = [name for name in schema.get("required", ()) if name in properties]
    node["additionalProperties"] = False


def _recursive(schema: Mapping[str, Any]) -> bool:
    """Whether a definition reaches itself."""
    named = {
        f"#/{place}/{name}": _references(one)
        for place in _DEFINITIONS
        for name, one in _map(schema.get(place, {})).items()
    }
    reached = dict(named)
    for _ in named:
        reached = {
            name: seen.union(*(named.get(each, set()) for each in seen))
            for name, seen in reached.items()
        }
    return any(name in seen for name, seen in reached.items())


def _references(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        node = cast("Mapping[str, Any]", value)
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set[str]()
        return own.union(*map(_references, node.values()))
    if isinstance(value, list):
        return set[str]().union(*map(_references, cast("list[Any]", value)))
    return set()


def _plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _map(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value)


def _give_up() -> NoReturn:
    raise _Inexpressible
