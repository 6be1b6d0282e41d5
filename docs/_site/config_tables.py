"""The keys of a pipeline file and the options of components, told from their models."""

import json
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown_parts import code, table
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from lift_sys.interfaces import ComponentRef, ProviderRef, RouteRef
from lift_sys.pipeline.config import PipelineFile
from lift_sys.plugins import KINDS, PluginManager

_WORDS = {
    bool: "true or false",
    int: "whole number",
    float: "number",
    str: "text",
    SecretStr: "text, kept secret",
    Path: "path",
    Any: "anything",
    ProviderRef: "an entry of `providers`",
    RouteRef: "an entry of `routes`",
}
_BOUNDS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
_LENGTHS = {"min_length": "at least", "max_length": "at most"}


def config() -> str:
    """A section for the file, and one for each mapping within it."""
    parts = [_keys(PipelineFile)]
    for model, places in _sections().items():
        title = ", ".join(f"`{place}`" for place in places)
        parts.append(f"## {title} {{#{_anchor(model)}}}\n\n{_summary(model)}\n\n{_keys(model)}")
    return "\n".join(parts)


def components() -> str:
    """A section for each kind, a table for each component that is installed."""
    manager = PluginManager.installed()
    parts: list[str] = []
    for kind in KINDS.values():
        names = manager.names(kind.name)
        if kind.name == "commands":
            continue
        parts.append(f"## {kind.name.replace('_', ' ').capitalize()} {{#{kind.name}}}\n")
        if shared := _shared(kind.name):
            parts.append(f"Beside its options, each takes:\n\n{shared}")
        if not names:
            parts.append("None is in this repository.\n")
        for name in names:
            component = manager.component(kind.name, name)
            distribution = manager.entry(kind.name, name).distribution
            parts.append(f"### `{name}` {{#{kind.name}-{name}}}\n")
            parts.append(f"{component.summary} (`{distribution}`).\n\n{_keys(component.options)}")
    return "\n".join(parts)


def _keys(model: type[BaseModel]) -> str:
    if not model.model_fields:
        return "No options.\n"
    rows = [_row(name, field) for name, field in model.model_fields.items()]
    return table(["key", "type", "default", ""], rows)


def _row(name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    bounds = ", ".join(_bounds(field))
    stated = _type(field.annotation) + (f" ({bounds})" if bounds else "")
    return code(field.alias or name), stated, _default(field), field.description or ""


def _type(annotation: Any, *, many: bool = False) -> str:
    """In the words of who writes YAML."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        bounds = ", ".join(_bounds_of(arguments[1:]))
        return _type(arguments[0]) + (f" ({bounds})" if bounds else "")
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_type(each) for each in arguments if each is not types.NoneType)
    if origin is typing.Literal:
        return " or ".join(code(json.dumps(each)) for each in arguments)
    if origin in (tuple, list, frozenset, set):
        return f"list of {_type(arguments[0], many=True)}"
    if origin is not None:
        return f"names, each with {_type(arguments[1])}"
    if annotation in _WORDS:
        return _WORDS[annotation]
    if issubclass(annotation, ComponentRef):
        kind = KINDS[annotation.kind]
        one = f"{'an' if kind.singular[0] in 'aeiou' else 'a'} {kind.singular}"
        return f"[{kind.name if many else one}](components.md#{kind.name})"
    if annotation in _sections():
        return f"[keys](config.md#{_anchor(annotation)})"
    if issubclass(annotation, BaseModel):
        return code(f"{{{', '.join(annotation.model_fields)}}}")
    return annotation.__name__


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    default = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(default, BaseModel):
        return ""
    if isinstance(default, Path) and default.is_absolute():
        return "comes with it"
    if default is None or default in ({}, (), ""):
        return "none"
    return code(json.dumps(default, default=str))


def _bounds(field: FieldInfo) -> Iterator[str]:
    yield from _bounds_of(field.metadata)


def _bounds_of(metadata: typing.Iterable[Any]) -> Iterator[str]:
    for constraint in metadata:
        for name, words in _BOUNDS.items():
            if hasattr(constraint, name):
                yield f"{words} {getattr(constraint, name):g}"
        for name, words in _LENGTHS.items():
            if hasattr(constraint, name):
                yield f"{words} {getattr(constraint, name)} long"


def _shared(kind: str) -> str:
    """What every reference to a component of this kind may say."""
    rows = [
        _row(name, field)
        for ref in ComponentRef.__subclasses__()
        if ref.kind == kind
        for name, field in ref.model_fields.items()
        if name != "use"
    ]
    return table(["key", "type", "default", ""], rows) if rows else ""


def _sections() -> dict[type[BaseModel], list[str]]:
    """The mappings within a pipeline file, and the keys they stand under."""
    found: dict[type[BaseModel], list[str]] = {}
    waiting: list[tuple[type[BaseModel], str]] = [(PipelineFile, "")]
    while waiting:
        holder, before = waiting.pop(0)
        for name, field in holder.model_fields.items():
            for model in _models(field.annotation):
                if issubclass(model, ComponentRef | ProviderRef | RouteRef):
                    continue
                named = "NAME." if typing.get_origin(field.annotation) is dict else ""
                place = f"{before}{name}.{named}"
                if model not in found:
                    waiting.append((model, place))
                found.setdefault(model, []).append(place.rstrip("."))
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models(argument)


def _anchor(model: type[BaseModel]) -> str:
    return model.__name__.lower()


def _summary(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())
