"""Equality as a check means it: by type as well as by value."""

import json
import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from ..ir import encode
from ..ir.values import TAG

_PLAIN = frozenset({int, float, str, bool, bytes, type(None)})
_EXACT = _PLAIN - {float}
_ROUNDING = 1e-9
"""Relative: two right ways to compute a float differ by less, two different answers by more."""


def fingerprint(value: object) -> str:
    """One text for each value: `True`, `1` and `1.0` differ, so do `0.0` and `-0.0`; NaN is NaN.

    Order counts where it matters: in lists and tuples, not in sets and dictionaries.
    """
    if type(value) in _PLAIN or (type(value) in (list, tuple) and _is_flat(value)):
        # Most are, and then Python's own text tells them apart at a tenth of the cost.
        with suppress(ValueError):  # an integer of too many digits
            return f"={value!r}"
    return _text(_unordered(encode(value)))


def _is_flat(items: Any) -> bool:
    return all(type(item) in _PLAIN for item in items)


def same(a: object, b: object) -> bool:
    if type(a) is not type(b):
        return False
    if type(a) in _EXACT:
        return a == b
    return fingerprint(a) == fingerprint(b)


def close(a: object, b: object) -> bool:
    """The same but for the rounding of floats."""
    return _alike(a, b, same)


def equal(a: object, b: object) -> bool:
    """As `==` says it, so `1` is `1.0`, up to the rounding of floats; `True` is still not `1`."""
    return _alike(a, b, _equal)


def _equal(a: object, b: object) -> bool:
    if type(a) is type(b) and type(a) in _EXACT:
        return a == b
    return _text(_unordered(_numbers_alike(encode(a)))) == _text(
        _unordered(_numbers_alike(encode(b)))
    )


def _alike(a: object, b: object, exactly: Callable[[object, object], bool]) -> bool:
    if exactly(a, b):
        return True
    if isinstance(a, float) and isinstance(b, float):
        # Relative to zero nothing is close, so -0.0 is not 0.0 here either.
        return bool(a and b) and math.isclose(a, b, rel_tol=_ROUNDING)
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        one, other = cast("list[Any]", a), cast("list[Any]", b)
        return len(one) == len(other) and all(
            _alike(x, y, exactly) for x, y in zip(one, other, strict=True)
        )
    if isinstance(a, dict):
        first, second = cast("dict[Any, Any]", a), cast("dict[Any, Any]", b)
        return exactly(set(first), set(second)) and all(
            _alike(first[key], second[key], exactly) for key in first
        )
    return False


def _text(data: Any) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def _unordered(data: Any) -> Any:
    """The codec keeps the order of a dictionary's pairs, which equality must not see."""
    if isinstance(data, list):
        return [_unordered(item) for item in cast("list[Any]", data)]
    if not isinstance(data, dict):
        return data
    members = {key: _unordered(item) for key, item in cast("dict[str, Any]", data).items()}
    if members.get(TAG) in ("dict", "set", "frozenset"):
        members["v"] = sorted(members["v"], key=_text)
    return members


def _numbers_alike(data: Any) -> Any:
    if isinstance(data, list):
        return [_numbers_alike(item) for item in cast("list[Any]", data)]
    if isinstance(data, dict):
        return {k: _numbers_alike(v) for k, v in cast("dict[str, Any]", data).items()}
    return int(data) if isinstance(data, float) and data.is_integer() else data
