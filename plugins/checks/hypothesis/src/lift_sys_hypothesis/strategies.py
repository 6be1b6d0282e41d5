"""From a type's text to values of it; only the generator's process imports this.

The ranges are chosen so that right code does not fail: floats are multiples of a quarter, which
add up exactly, and numbers are small enough to be counted to.
"""

import ast
import math
import string
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from lift_sys.checking.conformance import conforms
from lift_sys.ir import parse_type

from .order import Bounds, Order

Values = SearchStrategy[Any]

_SMALL, _WIDE = 20, 10**6
_LONG = 20
_DEPTH = 4
# In the order of simplicity.
_ALPHABET = (
    string.ascii_lowercase
    + string.digits
    + " "
    + string.ascii_uppercase
    + ".,-_@#!?'\"/\\()\n\t"
    + "éñÆж日🙂"
)


class UnknownTypeError(ValueError):
    """No values can be made of this type."""


class _Known(NamedTuple):
    """What the order says for all of its parameters."""

    integers: tuple[int, ...]
    floats: tuple[float, ...]
    strings: tuple[str, ...]


def argument_lists(order: Order) -> SearchStrategy[tuple[Any, ...]]:
    """Raises UnknownTypeError."""
    known = _Known(order.integers, order.floats, order.strings)
    columns = [_of(parse_type(p.type), known, p.bounds, 0) for p in order.parameters]
    plain = st.tuples(*columns)
    kinds = tuple(parameter.type for parameter in order.parameters)
    return st.one_of(plain, _akin(plain, kinds)) if len(columns) > 1 else plain


@st.composite
def _akin(
    draw: st.DrawFn, plain: SearchStrategy[tuple[Any, ...]], kinds: tuple[str, ...]
) -> tuple[Any, ...]:
    """One argument is taken from another: searches that succeed, arguments that are equal."""
    arguments = draw(plain)
    choices = [
        (place, taken)
        for place, value in enumerate(arguments)
        for other, source in enumerate(arguments)
        if other != place
        for taken in (_of_same_kind(source) if kinds[other] == kinds[place] else _inside(source))
        if type(taken) is type(value) and conforms(taken, kinds[place])
    ]
    if not choices:
        return arguments
    place, taken = draw(st.sampled_from(choices))
    return (*arguments[:place], taken, *arguments[place + 1 :])


def _of_same_kind(value: Any) -> list[Any]:
    if isinstance(value, list | str):
        whole = cast("list[Any]", value)
        return [whole, whole[: len(whole) // 2]]
    return [value]


def _inside(value: Any) -> list[Any]:
    """The numbers and texts in a collection, and how many there are."""
    if not isinstance(value, list | str | tuple | dict | set | frozenset):
        return []
    members = sorted(cast("set[Any]", value), key=repr)
    return [*(each for each in members if isinstance(each, int | float | str)), len(members)]


def _of(node: ast.expr, known: _Known, bounds: Bounds, depth: int) -> Values:
    if depth > _DEPTH:
        raise UnknownTypeError(f"{ast.unparse(node)} is nested too deep")
    match node:
        case ast.Constant(value=None):
            return st.none()
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _plain(name, known, bounds, depth)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _of(left, known, bounds, depth) | _of(right, known, bounds, depth)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
            parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            return _generic(name, parts, known, bounds, depth)
        case _:
            raise UnknownTypeError(f"no values of {ast.unparse(node)} are known")


def _plain(name: str, known: _Known, bounds: Bounds, depth: int) -> Values:
    simple: dict[str, Callable[[], Values]] = {
        "int": lambda: _integers(known, bounds),
        "float": lambda: _floats(known, bounds),
        "bool": st.booleans,
        "str": lambda: _strings(known, bounds),
        "bytes": lambda: _octets(known, bounds),
        "bytearray": lambda: _octets(known, bounds).map(bytearray),
        "complex": lambda: st.builds(complex, _floats(known, bounds), _floats(known, bounds)),
        "range": _ranges,
        "object": lambda: _anything(known),
        "Any": lambda: _anything(known),
    }
    if name in simple:
        return simple[name]()
    members = {"dict": "str, int", "Mapping": "str, int", "set": "int", "frozenset": "int"}
    inner = parse_type(f"tuple[{members.get(name.lower(), members.get(name, 'Any'))}]")
    parts = inner.slice if isinstance(inner, ast.Subscript) else inner
    nodes = parts.elts if isinstance(parts, ast.Tuple) else [parts]
    if name.lower() == "tuple":
        nodes = [*nodes, ast.Constant(...)]
    return _generic(name, nodes, known, bounds, depth)


def _generic(name: str, parts: list[ast.expr], known: _Known, bounds: Bounds, depth: int) -> Values:
    each = bounds.each or Bounds()

    def inner(place: int) -> Values:
        return _of(parts[place], known, each, depth + 1)

    match name:
        case "Optional":
            return st.none() | _of(parts[0], known, bounds, depth)
        case "Union":
            return st.one_of([_of(part, known, bounds, depth) for part in parts])
        case "Annotated" | "Final":
            return _of(parts[0], known, bounds, depth)
        case "Literal":
            return st.sampled_from([ast.literal_eval(part) for part in parts])
        case "list" | "List" | "Sequence" | "Iterable" | "Collection" | "MutableSequence":
            return _lists(inner(0), known, bounds)
        case "tuple" | "Tuple":
            if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is ...:
                return _lists(inner(0), known, bounds).map(tuple)
            return st.tuples(
                *(_of(part, known, each, depth + 1) for part in parts if _is_type(part))
            )
        case "set" | "Set" | "AbstractSet" | "MutableSet":
            return _lists(_hashable(inner(0)), known, bounds).map(set)
        case "frozenset" | "FrozenSet":
            return _lists(_hashable(inner(0)), known, bounds).map(frozenset)
        case "dict" | "Dict" | "Mapping" | "MutableMapping" if len(parts) == 2:
            pairs = st.tuples(_hashable(inner(0)), _of(parts[1], known, Bounds(), depth + 1))
            return _lists(pairs, known, bounds).map(dict)
        case _:
            raise UnknownTypeError(f"no values of {name} are known")


def _is_type(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Tuple) and not node.elts)


def _hashable(values: Values) -> Values:
    return values.filter(_has_hash)


def _has_hash(value: Any) -> bool:
    # A tuple is Hashable by its class, whatever it holds.
    if isinstance(value, tuple):
        return all(map(_has_hash, cast("tuple[Any, ...]", value)))
    return isinstance(value, Hashable)


def _integers(known: _Known, bounds: Bounds) -> Values:
    low = -_WIDE if bounds.low is None else math.ceil(bounds.low)
    high = max(low + _WIDE, _WIDE) if bounds.high is None else math.floor(bounds.high)
    low = min(low, high - _WIDE) if bounds.low is None else low
    if low > high:
        raise UnknownTypeError(f"no integer is from {low} to {high}")
    named = [number for number in known.integers if low <= number <= high]
    near = max(low, -_SMALL), min(high, _SMALL)
    return _either(
        st.integers(*near) if near[0] <= near[1] else None,
        st.sampled_from(named) if named else None,
        st.integers(low, high),
    )


def _floats(known: _Known, bounds: Bounds) -> Values:
    low = -_WIDE / 1000 if bounds.low is None else bounds.low
    high = max(low, 0.0) + _WIDE / 1000 if bounds.high is None else bounds.high
    low = min(low, high - _WIDE / 1000) if bounds.low is None else low
    if low > high:
        raise UnknownTypeError(f"no float is from {low} to {high}")
    named = [number for number in known.floats if low <= number <= high]
    first, last = math.ceil(low * 4), math.floor(high * 4)
    return _either(
        st.integers(first, last).map(lambda n: n / 4) if first <= last else st.just(low),
        st.sampled_from(named) if named else None,
    )


def _strings(known: _Known, bounds: Bounds) -> Values:
    most = max(_LONG, bounds.shortest + _LONG) if bounds.longest is None else bounds.longest
    plain = st.text(_ALPHABET, min_size=bounds.shortest, max_size=max(most, bounds.shortest))
    few = st.text(string.ascii_lowercase[:3] + " ", min_size=bounds.shortest, max_size=most)
    if not known.strings:
        return plain | few
    # What a program looks for, in any order, with something between.
    letters = sorted({letter for text in known.strings for letter in text})
    pieces = st.sampled_from([*letters, *known.strings]) | st.text(_ALPHABET, max_size=3)
    joined = st.lists(pieces, max_size=8).map("".join)
    fits = joined.filter(lambda text: bounds.shortest <= len(text) <= most)
    return st.one_of(plain, fits, few, st.sampled_from(known.strings)).filter(
        lambda text: bounds.shortest <= len(text) <= most
    )


def _octets(known: _Known, bounds: Bounds) -> Values:
    named = [text.encode() for text in known.strings]
    plain = st.binary(min_size=bounds.shortest, max_size=bounds.longest or _LONG)
    return _either(plain, st.sampled_from(named) if named else None)


@st.composite
def _ranges(draw: st.DrawFn) -> range:
    start, length = draw(st.integers(-_SMALL, _SMALL)), draw(st.integers(-_SMALL, _SMALL))
    return range(start, start + length, draw(st.sampled_from([1, -1, 2, 3, -2])))


def _anything(known: _Known) -> Values:
    free = Bounds()
    return st.one_of(
        st.none(),
        st.booleans(),
        _integers(known, free),
        _floats(known, free),
        _strings(known, free),
        st.lists(st.integers(-_SMALL, _SMALL), max_size=4),
        st.tuples(st.integers(-_SMALL, _SMALL)),
        st.dictionaries(st.text("abc", max_size=2), st.integers(0, _SMALL), max_size=3),
    )


def _lists(member: Values, known: _Known, bounds: Bounds) -> Values:
    """Short and long ones, of the lengths that are named, and with members that repeat."""
    least = bounds.shortest
    most = max(least, least + _LONG if bounds.longest is None else bounds.longest)
    lengths = [n for n in known.integers if least < n <= min(most, 3 * _LONG)]
    return _either(
        st.lists(member, min_size=least, max_size=most),
        _repeating(member, least, most),
        st.sampled_from(lengths).flatmap(lambda n: st.lists(member, min_size=n, max_size=n))
        if lengths
        else None,
    )


@st.composite
def _repeating(draw: st.DrawFn, member: Values, least: int, most: int) -> list[Any]:
    few = draw(st.lists(member, min_size=1, max_size=3))
    return draw(st.lists(st.sampled_from(few), min_size=least, max_size=most))


def _either(*choices: Values | None) -> Values:
    return st.one_of([choice for choice in choices if choice is not None])
