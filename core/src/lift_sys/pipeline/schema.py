"""The JSON Schema of a pipeline file, with the options of every installed component."""

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from pydantic import PydanticUserError

from ..errors import PluginError
from ..interfaces import ComponentRef, ProviderRef, RouteRef
from ..plugins import KINDS, Component, Options
from .config import AttemptConfig, PipelineFile, RouteConfig, StageConfig
from .resolve import Registry

Schema = dict[str, Any]

_VARIABLE = "EnvironmentVariable"
_OVERLAY = ".overlay"
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_TABLES = ("properties", "patternProperties", "$defs")
_SINGLE = ("items", "additionalProperties", "not")
_BOUNDED = ("pattern", "minLength", "maxLength")
_NO_POINTER = re.compile(r"[^\w.-]")
"""What has a meaning of its own in the `$ref` to a definition."""
_LAYERED = (RouteConfig, StageConfig, AttemptConfig)
"""The parts of a file that routes lay over one another."""
_ANNOTATIONS = ("description", "default", "examples", "deprecated")


def pipeline_schema(registry: Registry) -> tuple[Schema, tuple[str, ...]]:
    """The schema, and why which component is missing in it: one that breaks stops nobody."""
    document: Schema = PipelineFile.model_json_schema()
    core: Schema = document.pop("$defs")
    references = _reference_classes()
    notes: list[str] = []
    defs: Schema = {name: _finished(schema) for name, schema in core.items()}
    defs |= {name.__name__: name.model_json_schema() for name in (ProviderRef, RouteRef)}
    for ref in references:
        defs |= _reference(ref, registry, notes)
    overlays = frozenset(model.__name__ for model in (*references, *_LAYERED))
    defs |= {model.__name__ + _OVERLAY: _part_of(model) for model in references}
    for model in _LAYERED:
        defs[model.__name__ + _OVERLAY] = _overlay(defs[model.__name__], overlays)
    whole = _finished(document)
    whole["properties"]["routes"] = _overlay(whole["properties"]["routes"], overlays)
    defs[_VARIABLE] = {
        "description": "Text with the value of an environment variable in it.",
        "type": "string",
        "pattern": r"\$\{[A-Za-z_]",
    }
    rest = {key: whole[key] for key in ("properties", "required")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lift-sys pipeline",
        **_overlay(whole, overlays),
        # What a file extends may hold what is required, and the names of its components.
        "if": {"required": ["extends"]},
        "else": rest,
        "$defs": dict(sorted(defs.items())),
    }, tuple(notes)


def _reference_classes() -> list[type[ComponentRef]]:
    """Those of the core: a plugin's own subclasses are no part of the file's form."""
    home = ComponentRef.__module__
    return [ref for ref in ComponentRef.__subclasses__() if ref.__module__ == home]


def _reference(ref: type[ComponentRef], registry: Registry, notes: list[str]) -> Schema:
    """The definitions of one kind of reference and of all components that it may name."""
    own: Schema = _finished(ref.model_json_schema())["properties"]
    own.pop("use")
    defs: Schema = {}
    choices: list[Schema] = [{"$ref": f"#/$defs/{_VARIABLE}"}]
    for name in registry.names(ref.kind):
        try:
            component = registry.component(ref.kind, name)
            found = _component(ref, component, name, own)
        except (PluginError, PydanticUserError) as error:
            notes.append(f"left out the {KINDS[ref.kind].singular} {name!r}: {error}")
            continue
        key = next(iter(found))
        if found[key]["required"] == ["use"]:
            choices.append({"const": name, "description": component.summary})
        choices.append({"$ref": f"#/$defs/{key}"})
        defs |= found
    description = f"The name of a {KINDS[ref.kind].singular}, or `use:` with its options."
    return {ref.__name__: {"description": description, "oneOf": choices}, **defs}


def _component(ref: type[ComponentRef], component: Component, name: str, own: Schema) -> Schema:
    """The definition of one component, first, and those its options need."""
    prefix = f"{ref.__name__}.{_NO_POINTER.sub('-', name)}"
    schema: Schema = component.options.model_json_schema()
    shared = {known.__name__ for known in (*_reference_classes(), ProviderRef, RouteRef)}
    inner: Schema = {k: v for k, v in schema.pop("$defs", {}).items() if k not in shared}

    def renamed(target: str) -> str:
        return f"{prefix}.{target}" if target in inner else target

    texts = [component.summary, schema.get("description", "")]
    options = _with_targets(_finished(schema), renamed)
    whole: Schema = {
        **options,
        "description": "\n".join(texts if component.options is not Options else texts[:1]).strip(),
        "properties": {"use": {"const": name}, **own, **options.get("properties", {})},
        "required": ["use", *options.get("required", [])],
        "type": "object",
    }
    nested = {renamed(k): _with_targets(_finished(v), renamed) for k, v in inner.items()}
    return {prefix: whole, **nested}


def _part_of(ref: type[ComponentRef]) -> Schema:
    options = {
        "description": "Options laid over those of the same component below.",
        "type": "object",
        "not": {"required": ["use"]},
    }
    return {"anyOf": [{"$ref": f"#/$defs/{ref.__name__}"}, options]}


def _overlay(schema: Schema, names: frozenset[str]) -> Schema:
    """The schema of what is laid over such a thing: nothing is required, references may be parts.

    Lists replace, so what is in them is whole.
    """
    copy = _mapped(schema, lambda inner, key: inner if key == "items" else _overlay(inner, names))
    copy.pop("required", None)
    target = str(copy.get("$ref", "")).removeprefix("#/$defs/")
    if target in names:
        copy["$ref"] = f"#/$defs/{target}{_OVERLAY}"
    return copy


def _with_targets(schema: Schema, rename: Callable[[str], str]) -> Schema:
    copy = _mapped(schema, lambda inner, _: _with_targets(inner, rename))
    if "$ref" in copy:
        target = str(copy["$ref"]).removeprefix("#/$defs/")
        copy["$ref"] = f"#/$defs/{rename(target)}"
    return copy


def _finished(schema: Schema) -> Schema:
    """Without the titles that repeat the names, and with `${NAME}` wherever it may stand."""
    copy = _mapped(schema, lambda inner, _: _finished(inner))
    copy.pop("title", None)
    scalar = copy.get("type") in ("integer", "number", "boolean")
    bounded = any(key in copy for key in _BOUNDED)
    if "const" in copy or not (scalar or bounded or "enum" in copy):
        return copy
    kept = {key: copy.pop(key) for key in _ANNOTATIONS if key in copy}
    return {"anyOf": [copy, {"$ref": f"#/$defs/{_VARIABLE}"}], **kept}


def _mapped(schema: Schema, change: Callable[[Schema, str], Schema]) -> Schema:
    """A copy with each schema directly inside it changed; `change` is told the key it is under."""
    return dict(_mapped_items(schema, change))


def _mapped_items(
    schema: Schema, change: Callable[[Schema, str], Schema]
) -> Iterator[tuple[str, Any]]:
    for key, value in schema.items():
        if key in _TABLES:
            yield key, {name: change(inner, key) for name, inner in value.items()}
        elif key in _LISTS:
            yield key, [change(inner, key) for inner in value]
        elif key in _SINGLE and isinstance(value, dict):
            yield key, change(cast("Schema", value), key)
        else:
            yield key, value
