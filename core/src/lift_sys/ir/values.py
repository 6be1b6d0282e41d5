"""The one codec for Python values that must survive JSON.

Plain JSON values stand for themselves. What JSON cannot say is an object with the single
tag key `$`:  {"$": "tuple", "v": [1, 2]}. Decoding is total over what `encode` produces and
refuses everything else, so a record never turns into a different value silently.

Standard library only: the sandbox loads this file by itself.
"""

import base64
import math
from collections.abc import Callable, Mapping
from typing import Any, cast

TAG = "$"
MAX_DEPTH = 200
_SAFE_INT = 2**53
_PLAIN = frozenset({type(None), bool, int, float, str})
"""What stands for itself in JSON."""


class ValueCodecError(ValueError):
    """A value that has no encoding, or a text that encodes none."""


def encode(value: object) -> Any:
    """The JSON form of `value`; raises ValueCodecError for what has none."""
    return _encode(value, 0)


def decode(data: object) -> Any:
    """The value that `encode` turned into `data`."""
    return _decode(data, 0)


def _encode(value: object, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ValueCodecError(f"a value nested deeper than {MAX_DEPTH} levels (or inside itself)")
    kind = type(value)
    if value is None or kind is bool:
        return value
    encoder = _ENCODERS.get(kind)
    if encoder is None:
        raise ValueCodecError(f"a value of type {kind.__module__}.{kind.__qualname__}")
    return encoder(value, depth + 1)


def _encode_int(value: Any, _: int) -> Any:
    return value if -_SAFE_INT <= value <= _SAFE_INT else {TAG: "int", "v": hex(value)}


def _encode_float(value: Any, _: int) -> Any:
    return value if math.isfinite(value) else {TAG: "float", "v": repr(value)}


def _encode_str(value: Any, _: int) -> Any:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raw = value.encode("utf-8", "surrogatepass")
        return {TAG: "str", "v": base64.b64encode(raw).decode("ascii")}
    return value


def _encode_bytes(value: Any, _: int) -> Any:
    return {TAG: "bytes", "v": base64.b64encode(value).decode("ascii")}


def _encode_bytearray(value: Any, _: int) -> Any:
    return {TAG: "bytearray", "v": base64.b64encode(value).decode("ascii")}


def _encode_complex(value: Any, depth: int) -> Any:
    return {TAG: "complex", "v": [_encode(value.real, depth), _encode(value.imag, depth)]}


def _encode_list(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        return [_encode(item, depth) for item in value]
    # Most members are truths and small numbers: a call for each would be most of the work.
    return [
        item
        if type(item) is bool or (type(item) is int and -_SAFE_INT <= item <= _SAFE_INT)
        else _encode(item, depth)
        for item in value
    ]


def _encode_tuple(value: Any, depth: int) -> Any:
    return {TAG: "tuple", "v": _encode_list(value, depth)}


def _encode_set(value: Any, depth: int) -> Any:
    # Sorted, so that equal sets have equal encodings.
    items = sorted((_encode(item, depth) for item in value), key=repr)
    return {TAG: type(value).__name__, "v": items}


def _encode_dict(value: Any, depth: int) -> Any:
    mapping = cast("dict[Any, Any]", value)
    if TAG not in mapping and all(type(key) is str and key.isprintable() for key in mapping):
        return {key: _encode(item, depth) for key, item in mapping.items()}
    pairs = [[_encode(k, depth), _encode(v, depth)] for k, v in mapping.items()]
    return {TAG: "dict", "v": pairs}


def _encode_range(value: Any, _: int) -> Any:
    return {TAG: "range", "v": [hex(value.start), hex(value.stop), hex(value.step)]}


_ENCODERS: Mapping[type, Callable[[Any, int], Any]] = {
    int: _encode_int,
    float: _encode_float,
    str: _encode_str,
    bytes: _encode_bytes,
    bytearray: _encode_bytearray,
    complex: _encode_complex,
    list: _encode_list,
    tuple: _encode_tuple,
    set: _encode_set,
    frozenset: _encode_set,
    dict: _encode_dict,
    range: _encode_range,
}


def _decode(data: object, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ValueCodecError(f"an encoded value nested deeper than {MAX_DEPTH} levels")
    if type(data) in _PLAIN:
        return data
    if isinstance(data, list):
        return _decode_members(cast("list[object]", data), depth + 1)
    if isinstance(data, bool | int | float | str):
        return data
    if not isinstance(data, dict):
        raise ValueCodecError(f"a {type(data).__name__} is not JSON")
    mapping = cast("dict[str, object]", data)
    if TAG not in mapping:
        return {key: _decode(item, depth + 1) for key, item in mapping.items()}
    tag = mapping[TAG]
    decoder = _DECODERS.get(tag) if isinstance(tag, str) else None
    if decoder is None or mapping.keys() != {TAG, "v"}:
        raise ValueCodecError(f"no value is encoded as {mapping!r:.80}")
    try:
        return decoder(mapping["v"], depth + 1)
    except ValueCodecError:
        raise
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueCodecError(f"a broken {tag} value: {error}") from error


def _decode_members(items: list[object], depth: int) -> list[Any]:
    if items and depth > MAX_DEPTH:
        raise ValueCodecError(f"an encoded value nested deeper than {MAX_DEPTH} levels")
    # Most values are flat: looking into each by a call of its own would be most of the work.
    return [item if type(item) in _PLAIN else _decode(item, depth) for item in items]


def _decode_float(body: Any, _: int) -> float:
    if body not in ("nan", "inf", "-inf"):
        raise ValueCodecError(f"{body!r:.40} is no tagged float")
    return float(body)


def _decode_items(body: Any, depth: int) -> list[Any]:
    if not isinstance(body, list):
        raise ValueCodecError("a tagged collection needs a list")
    return _decode_members(cast("list[object]", body), depth)


def _decode_dict(body: Any, depth: int) -> dict[Any, Any]:
    return {_decode(key, depth): _decode(item, depth) for key, item in body}


def _decode_complex(body: Any, depth: int) -> complex:
    real, imaginary = _decode_items(body, depth)
    return complex(real, imaginary)


_DECODERS: Mapping[str, Callable[[Any, int], Any]] = {
    "int": lambda body, _: int(body, 16),
    "float": _decode_float,
    "str": lambda body, _: base64.b64decode(body, validate=True).decode("utf-8", "surrogatepass"),
    "bytes": lambda body, _: base64.b64decode(body, validate=True),
    "bytearray": lambda body, _: bytearray(base64.b64decode(body, validate=True)),
    "complex": _decode_complex,
    "tuple": lambda body, depth: tuple(_decode_items(body, depth)),
    "set": lambda body, depth: set(_decode_items(body, depth)),
    "frozenset": lambda body, depth: frozenset(_decode_items(body, depth)),
    "dict": _decode_dict,
    "range": lambda body, _: range(*(int(bound, 16) for bound in body)),
}
