"""The JSON Schema a model's reply follows, derived from the models and from nothing else.

It keeps to what XGrammar, llguidance and OpenAI all understand. Texts are bounded by `pattern`:
XGrammar lets raw control characters through where there is a `maxLength`, puts `"` and `\\` of a
pattern into the reply unescaped, and fails on counts above 128.
"""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any, Final, cast

from .models import IR

Schema = dict[str, Any]

_BLACK: Final = r"!#-\[\]-~" + "\u00a1-\ud7ff\ue000-\U0010ffff"
"""What may stand in a text besides the space: no controls, no quote, no backslash."""
_WORD: Final = f"[{_BLACK}]{{1,40}}"
_WORDS: Final = f"{_WORD}( {{1,2}}{_WORD}){{0,45}}"
_ANY_TEXT: Final = f"^[ {_BLACK}]{{0,120}}$"
_LARGEST: Final = 10**15

_NOT_FOR_MODELS: Final = {"provenance"}
_DROPPED: Final = {"title", "default", "discriminator", "minLength", "maxLength", "examples"}


def json_schema() -> Schema:
    """For grammar engines: closed objects, optional fields may be left out."""
    return deepcopy(_plain())


def strict_schema() -> Schema:
    """The same for OpenAI's strict mode: every field is required, and null stands for none.

    `read` takes null for an absent field, so replies to both schemas read alike.
    """
    return _strict(_plain())


@cache
def _plain() -> Schema:
    schema = _convert(IR.model_json_schema())
    definitions = schema.pop("$defs")
    used = _reachable(schema, definitions)
    return {**schema, "$defs": {name: definitions[name] for name in definitions if name in used}}


def _convert(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_convert(item) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    node = cast("Schema", schema)
    kept = {key: value for key, value in node.items() if key not in _DROPPED}
    result: Schema = {}
    for key, value in kept.items():
        if key in ("properties", "$defs"):
            named = cast("Schema", value)
            result[key] = {
                name: _convert(item) for name, item in named.items() if name not in _NOT_FOR_MODELS
            }
        else:
            result["anyOf" if key == "oneOf" else key] = _convert(value)
    return _bounded(result, node)


def _bounded(result: Schema, original: Schema) -> Schema:
    kind = result.get("type")
    if kind == "string" and not result.keys() & {"pattern", "enum", "const"}:
        result["pattern"] = _text(original)
    if kind in ("integer", "number"):
        result |= {"minimum": -_LARGEST, "maximum": _LARGEST}
    if kind == "object":
        fixed = [name for name, item in result["properties"].items() if "const" in item]
        required = {*result.get("required", ()), *fixed}
        result["required"] = [name for name in result["properties"] if name in required]
    return result


def _text(schema: Schema) -> str:
    if "maxLength" not in schema:
        return _ANY_TEXT
    return f"^{_WORDS}$" if schema.get("minLength") else f"^({_WORDS})?$"


def _reachable(schema: Any, definitions: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    todo = [schema]
    while todo:
        node = todo.pop()
        if isinstance(node, list):
            todo += cast("list[Any]", node)
        elif isinstance(node, dict):
            mapping = cast("Schema", node)
            todo += mapping.values()
            name = str(mapping.get("$ref", "")).removeprefix("#/$defs/")
            if name and name not in found:
                found.add(name)
                todo.append(definitions[name])
    return found


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(item) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    node = cast("Schema", schema)
    result: Schema = {key: _strict(value) for key, value in node.items()}
    if result.get("type") == "object":
        required = set(node.get("required", ()))
        properties = cast("Schema", result["properties"])
        result["properties"] = {
            name: item if name in required else _nullable(item) for name, item in properties.items()
        }
        result["required"] = list(properties)
    return result


def _nullable(schema: Schema) -> Schema:
    null = {"type": "null"}
    if null in schema.get("anyOf", ()):
        return schema
    described = {"description": schema["description"]} if "description" in schema else {}
    inner = {key: value for key, value in schema.items() if key != "description"}
    return {**described, "anyOf": [inner, null]}
