"""Reads from preconditions what the generator can keep to by itself; the rest is filtered."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence

from lift_sys.ir import Predicate

from .order import Bounds

_Op = type[ast.cmpop]

_MIRRORED: dict[_Op, _Op] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
}


_STEP = 0.25
"""The generator's floats are multiples of it, so that what is strictly above is this much above."""
_PASSES = 3
_LARGEST = 10**12


def bounds_of(preconditions: Sequence[Predicate]) -> dict[str, Bounds]:
    """By parameter. Not all that preconditions say: they are held to afterwards."""
    found: dict[str, Bounds] = defaultdict(Bounds)
    trees = [ast.parse(predicate.source, mode="eval").body for predicate in preconditions]
    for tree in trees:
        for name, bounds in _stated(tree):
            found[name] = found[name].within(bounds)
    ordered = [pair for tree in trees for pair in _ordered(tree)]
    for _ in range(_PASSES):
        for lesser, greater in ordered:
            found[greater] = found[greater].within(Bounds(low=found[lesser].low))
            found[lesser] = found[lesser].within(Bounds(high=found[greater].high))
    return dict(found)


def _ordered(node: ast.expr) -> Iterator[tuple[str, str]]:
    """Which parameter is said to be no greater than which."""
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            for value in values:
                yield from _ordered(value)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            for one, op, other in zip([left, *rights], ops, rights, strict=False):
                match one, op, other:
                    case ast.Name(id=lesser), ast.Lt() | ast.LtE(), ast.Name(id=greater):
                        yield lesser, greater
                    case ast.Name(id=greater), ast.Gt() | ast.GtE(), ast.Name(id=lesser):
                        yield lesser, greater
                    case _:
                        pass
        case _:
            pass


def _stated(node: ast.expr) -> Iterator[tuple[str, Bounds]]:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            for value in values:
                yield from _stated(value)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            for one, op, other in zip([left, *rights], ops, rights, strict=False):
                yield from _compared(one, type(op), other)
                yield from _compared(other, _MIRRORED.get(type(op), ast.NotEq), one)
        case ast.Name(id=name) | ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            yield name, Bounds(shortest=1)
        case ast.Call(func=ast.Name(id="all"), args=[ast.GeneratorExp() as every]):
            yield from _of_members(every)
        case _:
            pass


def _of_members(every: ast.GeneratorExp) -> Iterator[tuple[str, Bounds]]:
    match every.generators:
        case [ast.comprehension(target=ast.Name(id=member), iter=ast.Name(id=name), ifs=[])]:
            for about, bounds in _stated(every.elt):
                if about == member:
                    yield name, Bounds(each=bounds)
        case _:
            pass


def _compared(left: ast.expr, op: _Op, right: ast.expr) -> Iterator[tuple[str, Bounds]]:
    value = _number(right)
    if value is None:
        return
    match left:
        case ast.Name(id=name):
            yield name, _number_bounds(op, value)
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            yield name, _length_bounds(op, int(value))
        case _:
            pass


def _number_bounds(op: _Op, value: float) -> Bounds:
    low: dict[_Op, float] = {ast.Gt: value + _STEP, ast.GtE: value, ast.Eq: value}
    high: dict[_Op, float] = {ast.Lt: value - _STEP, ast.LtE: value, ast.Eq: value}
    return Bounds(low=low.get(op), high=high.get(op))


def _length_bounds(op: _Op, value: int) -> Bounds:
    least: dict[_Op, int] = {ast.Gt: value + 1, ast.GtE: value, ast.Eq: value}
    most: dict[_Op, int] = {ast.Lt: value - 1, ast.LtE: value, ast.Eq: value}
    longest = max(most[op], 0) if op in most else None
    return Bounds(shortest=max(least.get(op, 0), 0), longest=longest)


def _number(node: ast.expr) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value if abs(value) <= _LARGEST else None
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _number(operand)
            return None if value is None else -value
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base, power = _number(left), _number(right)
            return base**power if base and power and 0 < base <= 10 and 0 < power <= 9 else None
        case _:
            return None
