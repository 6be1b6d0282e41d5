"""What annotations and validated options hold: the references, wherever they are nested."""

import types
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Annotated, Any, TypeAlias, Union, cast, get_args, get_origin

from pydantic import BaseModel, RootModel, SecretBytes, SecretStr, ValidationError

from ..interfaces import ComponentRef, ProviderRef, RouteRef
from .tree import Step

Reference: TypeAlias = ComponentRef | ProviderRef | RouteRef
Leaf: TypeAlias = Reference | SecretStr | int | float
Path: TypeAlias = tuple[Step, ...]

_REFERENCES = (ComponentRef, ProviderRef, RouteRef)
_LEAVES = (*_REFERENCES, SecretStr, int, float)
_UNIONS = (Union, types.UnionType)


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """Every reference, secret and number in a validated value, with the path of its data."""
    if isinstance(value, _LEAVES) and not isinstance(value, bool):
        yield path, value
    elif isinstance(value, SecretBytes):
        yield path, SecretStr(value.get_secret_value().decode(errors="replace"))
    elif isinstance(value, RootModel):
        yield from leaves(cast("RootModel[object]", value).root, path)
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from leaves(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[object, object]", value).items():
            yield from leaves(item, (*path, str(key)))
    elif isinstance(value, list | tuple | AbstractSet):
        for index, item in enumerate(cast("Sequence[object]", value)):
            yield from leaves(item, (*path, index))


def salvage(annotation: Any, data: object, path: Path = ()) -> Iterator[tuple[Path, Reference]]:
    """The references in data that did not validate as a whole, found by the annotation alone.

    So one wrong option does not hide the mistakes inside the others.
    """
    if isinstance(annotation, type) and issubclass(annotation, _REFERENCES):
        reference = _reference(annotation, data)
        if reference is not None:
            yield path, reference
        return
    fields = model_fields(annotation)
    if fields is not None:
        for key, item in _entries(data).items():
            if key in fields:
                yield from salvage(fields[key], item, (*path, key))
        return
    for inner, key, item in _parts(annotation, data):
        yield from salvage(inner, item, path if key is None else (*path, key))


def _reference(model: type[Reference], data: object) -> Reference | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrong = {str(item["loc"][0]) for item in error.errors() if item["loc"]}
    if not wrong or "use" in wrong:
        return None
    return model.model_validate({k: v for k, v in _entries(data).items() if k not in wrong})


def _entries(data: object) -> dict[str, object]:
    return cast("dict[str, object]", data) if isinstance(data, dict) else {}


def _parts(annotation: Any, data: object) -> Iterator[tuple[Any, Step | None, object]]:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield args[0], None, data
    elif origin in _UNIONS:
        for arg in args:
            yield arg, None, data
    elif _is_mapping(origin):
        for key, item in _entries(data).items():
            yield args[1], key, item
    elif _is_collection(origin) and isinstance(data, list):
        for index, item in enumerate(cast("list[object]", data)):
            yield args[0], index, item


def model_fields(annotation: Any) -> dict[str, Any] | None:
    """The annotations of a model's fields, by the names they have in a file."""
    if not isinstance(annotation, type) or not issubclass(annotation, BaseModel):
        return None
    if issubclass(annotation, RootModel):
        return None
    fields = annotation.model_fields.items()
    return {field.alias or name: field.annotation for name, field in fields}


def known_keys(annotation: Any, path: Sequence[Step]) -> tuple[str, ...]:
    """The keys that the data at `path` under `annotation` may have, as far as models say."""
    found: list[str] = []
    for model in _models_at(annotation, tuple(path)):
        found += model_fields(model) or ()
    return tuple(dict.fromkeys(found))


def _models_at(annotation: Any, path: Path) -> Iterator[type[BaseModel]]:
    origin, args = get_origin(annotation), get_args(annotation)
    fields = model_fields(annotation)
    if origin is Annotated:
        yield from _models_at(args[0], path)
    elif origin in _UNIONS:
        for arg in args:
            yield from _models_at(arg, path)
    elif fields is not None:
        if not path:
            yield annotation
        elif str(path[0]) in fields:
            yield from _models_at(fields[str(path[0])], path[1:])
    elif path and _is_mapping(origin):
        yield from _models_at(args[1], path[1:])
    elif path and _is_collection(origin):
        yield from _models_at(args[0], path[1:])


def _is_mapping(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_collection(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Sequence | AbstractSet)
