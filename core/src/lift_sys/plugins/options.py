"""The options of a component as a person reads them."""

import types
import typing
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo


class OptionLine(NamedTuple):
    name: str
    type: str
    default: str
    """Empty: it must be given."""
    summary: str


def option_lines(model: type[BaseModel]) -> Iterator[OptionLine]:
    for name, field in model.model_fields.items():
        yield OptionLine(
            name=field.alias or name,
            type=_type_of(field),
            default=_default_of(field),
            summary=" ".join((field.description or "").split()),
        )


def _type_of(field: FieldInfo) -> str:
    bounds = [_bound(constraint) for constraint in field.metadata]
    stated = ", ".join(bound for bound in bounds if bound)
    return _named(field.annotation) + (f" ({stated})" if stated else "")


def _bound(constraint: object) -> str:
    """`Ge(ge=1)` as `ge=1`; nothing for validators, which have no such form."""
    name, _, stated = repr(constraint).partition("(")
    return stated.removesuffix(")") if name.isidentifier() and "<" not in stated else ""


def _default_of(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    if field.default_factory is not None:
        return "computed"
    default = field.default
    if isinstance(default, BaseModel):
        stated = default.model_dump(mode="json", exclude_defaults=True)
        return str(stated)
    return repr(default)


def _named(annotation: Any) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _named(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return " | ".join(map(_named, arguments))
    if origin is typing.Literal:
        return " | ".join(map(repr, arguments))
    if origin is not None:
        return f"{_named(origin)}[{', '.join(map(_named, arguments))}]"
    if annotation is None or annotation is types.NoneType:
        return "None"
    if annotation is ...:
        return "..."
    return getattr(annotation, "__name__", str(annotation))
