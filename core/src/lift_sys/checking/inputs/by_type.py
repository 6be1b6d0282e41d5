"""Values of a type, the simple ones first."""

import ast
import itertools
import random
from collections.abc import Callable, Sequence
from typing import Any

from .pools import Pools

_DEPTH = 3
_MISSING = object()


def values_of(node: ast.expr, pools: Pools, dice: random.Random, depth: int = 0) -> list[Any]:
    """Values of a type, the simple ones first; empty where the type is not understood."""
    match node:
        case ast.Constant(value=None):
            return [None]
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _plain(name, pools, dice, depth)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            sides = [values_of(side, pools, dice, depth) for side in (left, right)]
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
            return [None, *values_of(parts[0], pools, dice, depth)]
        case "Union":
            return _alternate([values_of(part, pools, dice, depth) for part in parts])
        case "Literal":
            return [ast.literal_eval(part) for part in parts]
        case "list" | "List" | "Sequence" | "Iterable" | "Collection" | "MutableSequence":
            return _sequences(parts[0], pools, dice, depth, list)
        case "tuple" | "Tuple":
            return _tuples(parts, pools, dice, depth)
        case "set" | "Set" | "AbstractSet" | "frozenset" | "FrozenSet":
            make = frozenset if name.lower() == "frozenset" else set
            return _sets(values_of(parts[0], pools, dice, depth + 1), dice, make)
        case "dict" | "Dict" | "Mapping" | "MutableMapping" if len(parts) == 2:
            keys, values = (values_of(part, pools, dice, depth + 1) for part in parts)
            return _dicts(keys, values, dice)
        case _:
            return []


def _sequences(
    item: ast.expr, pools: Pools, dice: random.Random, depth: int, make: Callable[[Any], Any]
) -> list[Any]:
    items = values_of(item, pools, dice, depth + 1)
    if not items:
        return []
    simple = [make([value]) for value in items[:4]]
    pairs = [make(items[:2]), make(items[1::-1]), make([items[-1]] * 2), make(items[:5])]
    mixed = [make(dice.choices(items, k=dice.randint(2, 6))) for _ in range(14)]
    # Of few values: repeats, ties and runs.
    few = [
        make(dice.choices(dice.sample(items, k=min(2, len(items))), k=dice.randint(2, 5)))
        for _ in range(10)
    ]
    return [make([]), *simple, *pairs, *_alternate([mixed, few])]


def _tuples(parts: Sequence[ast.expr], pools: Pools, dice: random.Random, depth: int) -> list[Any]:
    if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is Ellipsis:
        return _sequences(parts[0], pools, dice, depth, tuple)
    columns = [values_of(part, pools, dice, depth + 1) for part in parts]
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
