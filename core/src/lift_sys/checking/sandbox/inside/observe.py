"""Puts what a call did into words that JSON can carry. Only exact types are looked into, so that
no method of the code under test decides how its own result is told."""

import builtins
import errno
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from ....ir.values import MAX_DEPTH, ValueCodecError, encode
from . import forbid

SOURCE_NAME = "<candidate>"
_DETAIL_CHARS = 500
_MAX_HASHED = 10_000

Told = dict[str, Any]

_DICTS = (dict, Counter, OrderedDict, defaultdict)
"""A dictionary by another name is as good as a dictionary, to `==` as well."""

_BUILTIN_NAMES = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
_type_of: Callable[[object], type] = type
_name_of: Callable[[type], str] = vars(type)["__name__"].__get__
_qualname_of: Callable[[type], str] = vars(type)["__qualname__"].__get__
_module_of: Callable[[type], str] = vars(type)["__module__"].__get__
# Of the type itself: those of a Counter are Python, and the code under test may have put others
# in their place.
_length: Callable[[Any], int] = vars(dict)["__len__"]
_keys: Callable[[Any], Iterable[Any]] = vars(dict)["keys"]
_values: Callable[[Any], Iterable[Any]] = vars(dict)["values"]
_ancestors_of: Callable[[type], tuple[type, ...]] = vars(type)["__mro__"].__get__


class Caught:
    """Whatever the block raised, SystemExit and KeyboardInterrupt included."""

    error: BaseException | None = None

    def __enter__(self) -> "Caught":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> bool:
        self.error = error
        return True


def value(result: object, limit: int) -> Told:
    if _weight(result, limit) > limit:
        detail = f"a value of more than {limit} bytes, or {_MAX_HASHED} members of a set or dict"
        return _unencodable(result, detail)
    with Caught() as caught:
        return {"outcome": "returned", "value": encode(result)}
    if isinstance(caught.error, ValueCodecError):
        with Caught() as caught:
            return {"outcome": "returned", "value": encode(_with_plain_dicts(result, 0))}
    if isinstance(caught.error, MemoryError):
        return error(caught.error)
    return _unencodable(result, _message(caught.error))


def error(raised: BaseException) -> Told:
    kind = type(raised)
    told = {
        "outcome": _outcome(raised),
        "exception": _class_name(kind),
        "bases": [_class_name(base) for base in _ancestors_of(kind)[1:-1]],
        "detail": _message(raised) + _line(raised.__traceback__),
    }
    return attempted() or told


def attempted() -> Told | None:
    """What the code tried that it must not, whatever it made of the refusal."""
    if not forbid.attempts:
        return None
    return {"outcome": "forbidden", "detail": "; ".join(forbid.attempts)[:_DETAIL_CHARS]}


def type_name(kind: type) -> str:
    with Caught():
        return f"{_module_of(kind)}.{_qualname_of(kind)}"
    return _name_of(kind)


def _unencodable(result: object, detail: str) -> Told:
    return {"outcome": "unencodable", "exception": type_name(type(result)), "detail": detail}


def _outcome(raised: BaseException) -> str:
    if type(raised) is MemoryError:
        return "memory"
    # With a number it came from the kernel; code that raises one for its own reasons gives none.
    refused = type(raised) is PermissionError and raised.errno in (errno.EPERM, errno.EACCES)
    return "forbidden" if refused else "raised"


def _class_name(kind: type) -> str:
    """A class that only bears a built-in exception's name is told with its module."""
    name = _name_of(kind)
    genuine = _BUILTIN_NAMES.get(name)
    return name if genuine is None or genuine is kind else type_name(kind)


def _message(raised: BaseException | None) -> str:
    with Caught():
        return str.__getitem__(str(raised), slice(_DETAIL_CHARS))
    return ""


def _line(trace: TracebackType | None) -> str:
    """The innermost line of the candidate that was on the way."""
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == SOURCE_NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return "" if line is None else f" (line {line})"


def _with_plain_dicts(result: Any, depth: int) -> Any:
    """Raises ValueCodecError for what is nested too deeply."""
    kind = _type_of(result)
    if kind not in (list, tuple, *_DICTS):
        return result
    if depth > MAX_DEPTH:
        raise ValueCodecError(f"a value nested deeper than {MAX_DEPTH} levels (or inside itself)")
    if kind in (list, tuple):
        items: list[Any] = [_with_plain_dicts(item, depth + 1) for item in result]
        return items if kind is list else tuple(items)
    if not all(map(_is_plain_key, _keys(result))):
        raise ValueCodecError("a key that is no plain value")
    values = [_with_plain_dicts(item, depth + 1) for item in _values(result)]
    return dict(zip(_keys(result), values, strict=True))


def _is_plain_key(key: Any) -> bool:
    if _type_of(key) is tuple:
        return all(map(_is_plain_key, key))
    return _type_of(key) in (str, int, float, bool, bytes, type(None))


def _weight(result: object, limit: int) -> int:
    """A lower bound of the encoding's size. Ends soon after `limit`, however often the value
    contains itself."""
    weight = 0
    pending: list[Any] = [result]
    while pending and weight <= limit:
        item = pending.pop()
        kind = _type_of(item)
        weight += 1
        if kind in (str, bytes, bytearray):
            weight += len(item)
        elif kind is int:
            weight += item.bit_length() // 4
        elif kind in (list, tuple, set, frozenset, *_DICTS):
            size = _length(item) if kind in _DICTS else len(item)
            weight += size
            if kind not in (list, tuple) and size > _MAX_HASHED:
                return limit + 1
            if weight <= limit and kind in _DICTS:
                pending += _keys(item)
                pending += _values(item)
            elif weight <= limit:
                pending += item
    return weight
