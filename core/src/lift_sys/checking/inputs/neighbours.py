"""Values near a given one: an example's arguments, slightly changed, keep what it takes for
granted, such as rows of equal length."""

import random
from collections.abc import Iterator, Sequence
from typing import Any, cast

from .pools import string_edits

_SHIFTS = (1, -1)


def neighbours(value: object, dice: random.Random) -> list[Any]:
    """Values of the same shape and kind, one step away."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, -value, 0, value * 2]
    if isinstance(value, float):
        return [value + 1, value - 1, -value, 0.0, value / 2]
    if isinstance(value, str):
        return string_edits(value, dice)
    if isinstance(value, list):
        return _lists(cast("list[Any]", value), dice)
    if isinstance(value, tuple):
        return [tuple(items) for items in _one_changed(cast("tuple[Any, ...]", value), dice)]
    if isinstance(value, dict):
        return _dicts(cast("dict[Any, Any]", value), dice)
    return []


def changed_arguments(arguments: Sequence[Any], dice: random.Random) -> Iterator[tuple[Any, ...]]:
    """The same call with one argument, or one within it, moved a step."""
    for place, value in enumerate(arguments):
        for near in neighbours(value, dice):
            yield (*arguments[:place], near, *arguments[place + 1 :])


def _lists(value: list[Any], dice: random.Random) -> list[Any]:
    if not value:
        return []
    shuffled = value[:]
    dice.shuffle(shuffled)
    return [
        value[:-1],
        value[1:],
        value[::-1],
        [*value, value[0]],
        [value[-1], *value],
        shuffled,
        _shifted(value, dice),
        *(list(items) for items in _one_changed(value, dice)),
        [],
    ]


def _dicts(value: dict[Any, Any], dice: random.Random) -> list[Any]:
    made: list[Any] = []
    for key, inside in value.items():
        made.append({k: v for k, v in value.items() if k != key})
        made += [{**value, key: near} for near in neighbours(inside, dice)[:3]]
    for near in [near for key in value for near in neighbours(key, dice)[:2]]:
        made.append({near: dice.choice([*value.values()]), **value})
    return [*made, dict(reversed(value.items()))]


def _one_changed(value: Sequence[Any], dice: random.Random) -> Iterator[Sequence[Any]]:
    for place, inside in enumerate(value):
        near = neighbours(inside, dice)
        if near:
            yield [*value[:place], dice.choice(near), *value[place + 1 :]]


def _shifted(value: Any, dice: random.Random) -> Any:
    """Every number in it changed, its shape kept."""
    if isinstance(value, list):
        return [_shifted(item, dice) for item in cast("list[Any]", value)]
    if isinstance(value, int) and not isinstance(value, bool):
        return value + dice.choice((*_SHIFTS, 5, -5))
    return value


def related(arguments: Sequence[Any], dice: random.Random) -> Iterator[tuple[Any, ...]]:
    """The same call with one argument drawn from another, or equal to it: searches that succeed,
    indexes in and just out of range, keys that both dictionaries have."""
    for place, value in enumerate(arguments):
        for other, source in enumerate(arguments):
            if place == other:
                continue
            for drawn in _drawn(value, source, dice):
                yield (*arguments[:place], drawn, *arguments[place + 1 :])


def _drawn(value: Any, source: Any, dice: random.Random) -> list[Any]:
    """Values of the kind of `value` that come from `source`."""
    if type(source) in (list, tuple, str, dict):
        items: list[Any] = list(source)
        if isinstance(value, int) and not isinstance(value, bool):
            inside = [item for item in items if type(item) is int]
            lengths = [len(items), len(items) - 1, len(items) // 2, -1]
            return [*inside[:1], *inside[-1:], *lengths]
        if type(value) is not type(source):
            return [item for item in (items[:1] + items[-1:]) if type(item) is type(value)]
    if type(value) is not type(source):
        return []
    if isinstance(source, int | float) and not isinstance(source, bool):
        return [source, source + 1, source - 1]
    if isinstance(source, str):
        return [source, source[: len(source) // 2], source[len(source) // 2 :], f"{source}a"]
    if isinstance(source, list):
        members, own = cast("list[Any]", source), cast("list[Any]", value)
        return [members[:], members[::-1], members[: len(members) // 2] + own]
    if isinstance(source, dict):
        mapping = cast("dict[Any, Any]", source)
        keys = [*mapping]
        values = [*cast("dict[Any, Any]", value).values()] or [*mapping.values()]
        return [{key: dice.choice(values) for key in keys[:2]}] if keys else []
    return []
