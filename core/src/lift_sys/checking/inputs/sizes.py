"""How simple a value is, so that the first input that fails is the smallest one."""

from collections.abc import Collection
from typing import Any, cast


def size(value: object) -> int:
    """Small for what a person would call a simple case."""
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int):
        return 1 + value.bit_length() + (value < 0)
    if isinstance(value, float):
        return 2 + len(repr(value)) // 2 + (value < 0)
    if isinstance(value, str | bytes):
        return 1 + len(value) + (not value.isascii())
    if isinstance(value, dict):
        mapping = cast("dict[Any, Any]", value)
        return 2 + sum(size(k) + size(v) for k, v in mapping.items())
    if isinstance(value, list | tuple | set | frozenset):
        return 2 + sum(size(item) for item in cast("Collection[Any]", value))
    return 4


def largest_number(value: object) -> float:
    """The largest magnitude or length in a value: what loops and recursions grow with."""
    if isinstance(value, int | float):
        return abs(value)
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        mapping = cast("dict[Any, Any]", value)
        inside = [largest_number(item) for pair in mapping.items() for item in pair]
        return max([len(mapping), *inside])
    if isinstance(value, list | tuple | set | frozenset):
        items = cast("Collection[Any]", value)
        return max([len(items), *(largest_number(item) for item in items)])
    return 0
