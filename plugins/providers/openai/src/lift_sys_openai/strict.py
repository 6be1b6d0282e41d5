"""Whether a JSON Schema is of the strict kind that the vendor enforces to the letter."""

from collections.abc import Mapping
from typing import Any, cast

_NOT_STRICT = frozenset(
    {
        "allOf",
        "contains",
        "default",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "if",
        "maxLength",
        "maxProperties",
        "minLength",
        "minProperties",
        "not",
        "oneOf",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
    }
)
_MAPS = ("properties", "$defs", "definitions")


def is_strict(schema: Mapping[str, Any]) -> bool:
    """Objects closed, all their properties required, none of the keywords strict mode refuses."""
    return schema.get("type") == "object" and _strict(schema)


def _strict(schema: Any) -> bool:
    if not isinstance(schema, Mapping):
        return False  # `true` and `false` are schemas too
    node = cast("Mapping[str, Any]", schema)
    if not _NOT_STRICT.isdisjoint(node):
        return False
    if node.get("type") == "object" or "properties" in node:
        names = cast("Mapping[str, Any]", node.get("properties", {}))
        if node.get("additionalProperties") is not False:
            return False
        if set(names) != set(node.get("required", ())):
            return False
    children: list[Any] = [node["items"]] if "items" in node else []
    children += node.get("anyOf", ())
    for key in _MAPS:
        children += cast("Mapping[str, Any]", node.get(key, {})).values()
    return all(map(_strict, children))
