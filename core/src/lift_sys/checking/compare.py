"""Equality as a check means it: by type as well as by value."""

import json
from typing import Any, cast

from ..ir import encode
from ..ir.values import TAG


def fingerprint(value: object) -> str:
    """One text for each value: `True`, `1` and `1.0` differ, so do `0.0` and `-0.0`; NaN is NaN.

    Order counts where it matters: in lists and tuples, not in sets and dictionaries.
    """
    return _text(_unordered(encode(value)))


def same(a: object, b: object) -> bool:
    return fingerprint(a) == fingerprint(b)


def equal(a: object, b: object) -> bool:
    """As `==` says it, so `1` is `1.0`; but `True` is still not `1`."""
    return _text(_unordered(_numbers_alike(encode(a)))) == _text(
        _unordered(_numbers_alike(encode(b)))
    )


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
