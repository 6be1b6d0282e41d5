"""Inputs made from a signature's types: boundary values first, then seeded mixtures of them.

What the request and its IR name (numbers, strings) is among them, with its neighbours, because
that is where programs are wrong. The plugin `hypothesis` finds more; this needs nothing.
"""

import ast
import itertools
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..ir import Signature, parse_type
from .compare import fingerprint

Arguments = tuple[Any, ...]

_INTS = (0, 1, -1, 2, 3, 10, -7, 100, *range(4, 10), *range(11, 18), -2, -12, 25, 49)
_FLOATS = (0.0, 1.0, -1.5, 0.5, 2.0, 100.25)
_STRINGS = ("", "a", "ab", "A", " ", "a b", "Hello World", "123", "x1y2", "!?", "éß")
_ANY: tuple[Any, ...] = (None, True, False, 0, 1, 2.5, "", "text", [], [1, 2], (1,), {"a": 1})
_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Pools:
    """The values to begin with, by type; those that the task names come first."""

    ints: tuple[int, ...] = _INTS
    floats: tuple[float, ...] = _FLOATS
    strings: tuple[str, ...] = _STRINGS
    others: tuple[Any, ...] = _ANY

    @classmethod
    def around(cls, literals: Iterable[object]) -> "Pools":
        ints: list[int] = []
        floats: list[float] = []
        strings: list[str] = []
        for value in literals:
            if isinstance(value, bool):
                continue
            if isinstance(value, int) and abs(value) <= 10**6:
                ints += [value, value - 1, value + 1]
                floats += [float(value), value - 0.5, value + 0.5]
            elif isinstance(value, float) and abs(value) <= 1e6:
                floats += [value, value - 0.5, value + 0.5]
            elif isinstance(value, str):
                strings += [value, value + "a", value * 2, f"a{value}b"]
        return cls(
            ints=_distinct((*_INTS[:3], *ints, *_INTS)),
            floats=_distinct((*_FLOATS[:3], *floats, *_FLOATS)),
            strings=_distinct((*_STRINGS[:2], *strings, *_STRINGS)),
        )


def generate(
    signature: Signature, literals: Iterable[object] = (), *, count: int = 48, seed: int = 0
) -> list[Arguments]:
    """Up to `count` different argument tuples, the simple ones first; the same seed, the same."""
    pools = Pools.around(literals)
    dice = random.Random(seed)
    columns = [
        _values(parse_type(parameter.type), pools, dice) for parameter in signature.parameters
    ]
    if not columns:
        return [()]
    if not all(columns):
        return []
    chosen: dict[str, Arguments] = {}
    for arguments in _mixtures(columns, dice, count):
        chosen.setdefault(fingerprint(arguments), arguments)
        if len(chosen) >= count:
            break
    return list(chosen.values())


def _mixtures(
    columns: Sequence[Sequence[Any]], dice: random.Random, count: int
) -> Iterable[Arguments]:
    if len(columns) == 1:
        yield from ((value,) for value in columns[0])
        return
    # All corners of the simplest values, then each column's values in turn, then at random.
    yield from itertools.product(
        *(column[:3] for column in columns[:3]), *(c[:1] for c in columns[3:])
    )
    for place in range(max(map(len, columns))):
        yield tuple(column[place % len(column)] for column in columns)
    for _ in range(4 * count):
        yield tuple(dice.choice(column) for column in columns)


def _values(node: ast.expr, pools: Pools, dice: random.Random, depth: int = 0) -> list[Any]:
    """Values of a type, the simple ones first; empty where the type is not understood."""
    match node:
        case ast.Constant(value=None):
            return [None]
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _plain(name, pools, dice, depth)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            sides = [_values(side, pools, dice, depth) for side in (left, right)]
            return _alternate(sides)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
            parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            return _generic(name, parts, pools, dice, depth)
        case _:
            return []


def _plain(name: str, pools: Pools, dice: random.Random, depth: int) -> list[Any]:
    simple: dict[str, Sequence[Any]] = {
        "int": pools.ints,
        "float": pools.floats,
        "complex": pools.floats,
        "bool": (False, True),
        "str": pools.strings,
        "bytes": [text.encode() for text in pools.strings],
        "Any": _alternate([pools.others, pools.ints, pools.strings]),
    }
    simple["object"] = simple["Any"]
    if name in simple:
        return list(simple[name])
    # A bare container holds anything that its kind usually holds.
    inside = {
        "dict": ["str", "int"],
        "Mapping": ["str", "int"],
        "set": ["int"],
        "frozenset": ["int"],
    }
    parts = [ast.Name(part) for part in inside.get(name, ["Any"])]
    return _generic(name, parts, pools, dice, depth)


def _generic(
    name: str, parts: Sequence[ast.expr], pools: Pools, dice: random.Random, depth: int
) -> list[Any]:
    if depth >= _DEPTH:
        return []
    match name:
        case "Optional":
            return [None, *_values(parts[0], pools, dice, depth)]
        case "Union":
            return _alternate([_values(part, pools, dice, depth) for part in parts])
        case "Literal":
            return [ast.literal_eval(part) for part in parts]
        case "list" | "List" | "Sequence" | "Iterable" | "Collection" | "MutableSequence":
            return _sequences(parts[0], pools, dice, depth, list)
        case "tuple" | "Tuple":
            return _tuples(parts, pools, dice, depth)
        case "set" | "Set" | "AbstractSet" | "frozenset" | "FrozenSet":
            make = frozenset if name.lower() == "frozenset" else set
            return _sets(_values(parts[0], pools, dice, depth + 1), dice, make)
        case "dict" | "Dict" | "Mapping" | "MutableMapping" if len(parts) == 2:
            keys, values = (_values(part, pools, dice, depth + 1) for part in parts)
            return _dicts(keys, values, dice)
        case _:
            return []


def _sequences(
    item: ast.expr, pools: Pools, dice: random.Random, depth: int, make: Callable[[Any], Any]
) -> list[Any]:
    items = _values(item, pools, dice, depth + 1)
    if not items:
        return []
    simple = [make([value]) for value in items[:4]]
    pairs = [make(items[:2]), make(items[1::-1]), make([items[-1]] * 2), make(items[:5])]
    mixed = [make(dice.choices(items, k=dice.randint(2, 6))) for _ in range(14)]
    return [make([]), *simple, *pairs, *mixed]


def _tuples(parts: Sequence[ast.expr], pools: Pools, dice: random.Random, depth: int) -> list[Any]:
    if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is Ellipsis:
        return _sequences(parts[0], pools, dice, depth, tuple)
    columns = [_values(part, pools, dice, depth + 1) for part in parts]
    if not all(columns):
        return []
    longest = max(map(len, columns))
    return [tuple(column[place % len(column)] for column in columns) for place in range(longest)]


def _sets(items: Sequence[Any], dice: random.Random, make: Callable[[Any], Any]) -> list[Any]:
    usable = [item for item in items if item.__hash__ is not None]
    if not usable:
        return []
    mixed = [make(dice.choices(usable, k=dice.randint(1, 5))) for _ in range(8)]
    return [make(()), make(usable[:1]), make(usable[:3]), *mixed]


def _dicts(keys: Sequence[Any], values: Sequence[Any], dice: random.Random) -> list[Any]:
    usable = [key for key in keys if key.__hash__ is not None]
    if not usable or not values:
        return []
    mixed = [
        {dice.choice(usable): dice.choice(values) for _ in range(dice.randint(1, 4))}
        for _ in range(10)
    ]
    first = {usable[0]: values[0]}
    return [{}, first, dict(zip(usable[:3], values[:3], strict=False)), *mixed]


def _alternate(lists: Sequence[Sequence[Any]]) -> list[Any]:
    return [
        value
        for row in itertools.zip_longest(*lists, fillvalue=_MISSING)
        for value in row
        if value is not _MISSING
    ]


def _distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


_MISSING = object()
