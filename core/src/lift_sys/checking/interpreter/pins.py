"""Where an assertion demands one very result, `result == <expression>`, and under which condition.

Read from the structure of and, or, if-else and not alone; what is not plain is no pin.
"""

import ast
import math
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from ...ir import Predicate
from .evaluation import Pin

_RESULT: Final = "result"
_LAST_BITS: Final = 4
_Guards = tuple[tuple[ast.expr, bool], ...]


def pins_of(place: int, predicate: Predicate) -> Iterator[Pin]:
    if predicate.example is not None:
        return
    tree = ast.parse(predicate.source, mode="eval").body
    for guards, expression, identity in _demands(tree, ()):
        yield Pin(
            place=place,
            guards=tuple((ast.unparse(g), _names(g, predicate), wanted) for g, wanted in guards),
            expression=ast.unparse(expression),
            names=_names(expression, predicate),
            identity=identity,
        )


def _demands(node: ast.expr, guards: _Guards) -> Iterator[tuple[_Guards, ast.expr, bool]]:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            for part in parts:
                yield from _demands(part, guards)
        case ast.BoolOp(op=ast.Or(), values=parts):
            about = [part for part in parts if _mentions_result(part)]
            if len(about) == 1:
                others = tuple((part, False) for part in parts if part is not about[0])
                yield from _demands(about[0], (*guards, *others))
        case ast.IfExp(test=test, body=body, orelse=orelse) if not _mentions_result(test):
            yield from _demands(body, (*guards, (test, True)))
            yield from _demands(orelse, (*guards, (test, False)))
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is() as op], comparators=[right]):
            other = right if _is_result(left) else left if _is_result(right) else None
            if other is not None and not _mentions_result(other):
                yield guards, other, isinstance(op, ast.Is)
        case _ if _is_result(node):
            # The truth of a result is not its value.
            return
        case _:
            return


def _is_result(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == _RESULT


def _mentions_result(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Name) and n.id == _RESULT for n in ast.walk(node))


def _names(node: ast.expr, predicate: Predicate) -> frozenset[str]:
    mentioned = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return frozenset(mentioned & predicate.names)


def variants(value: object, *, identity: bool = False) -> list[object] | None:
    """All values that `==` takes for this one, nearly; None: they cannot be listed."""
    if identity or value is None or isinstance(value, str):
        return [value]
    if isinstance(value, int | float):
        return _numbers(value)
    if isinstance(value, list | tuple):
        items = cast("Sequence[Any]", value)
        if not all(item is None or isinstance(item, str | int | float) for item in items):
            return None
        return _sequences(items)
    return None


def _numbers(value: int | float) -> list[object] | None:
    if math.isnan(value):
        return None
    alike: list[object] = [value]
    try:
        for kind in (int, float):
            other = kind(value)
            if other == value and type(other) is not type(value):
                alike.append(other)
    except OverflowError:
        pass
    if value in (0, 1):
        alike += [False, True][int(value) :][:1]
    if value == 0:
        alike.append(-0.0)
    elif isinstance(value, float):
        # Two right ways to compute a float may differ in its last bits.
        alike += _neighbours(value)
    return alike


def _neighbours(value: float) -> Iterator[float]:
    for direction in (math.inf, -math.inf):
        near = value
        for _ in range(_LAST_BITS):
            near = math.nextafter(near, direction)
            yield near


def exact(value: object) -> bool:
    """No float that was rounded: what is said of it may fail by the last digit, and only so."""
    if isinstance(value, list | tuple):
        return all(map(exact, cast("Sequence[object]", value)))
    return not isinstance(value, float) or (value * 2**20).is_integer()


def _sequences(value: Sequence[Any]) -> list[object] | None:
    """Numbers all of one kind; lists of mixed kinds are for nobody to demand."""
    kinds = {type(item) for item in value if isinstance(item, int | float)}
    if not kinds:
        return [value]
    if float in kinds and not all(
        float(item).is_integer() for item in value if isinstance(item, float)
    ):
        # Some numbers have no other form, and all their combinations are too many.
        return None
    make = tuple if isinstance(value, tuple) else list
    forms: list[object] = [value]
    forms += [
        make(kind(item) if isinstance(item, int | float) else item for item in value)
        for kind in (int, float)
    ]
    return forms if len(value) == 1 or len(kinds) == 1 else None


__all__ = ["exact", "pins_of", "variants"]
