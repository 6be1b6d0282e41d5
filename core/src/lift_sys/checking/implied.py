"""What assertions on the result take for granted about the arguments.

`low <= result <= high` can only hold where `low <= high`: on other inputs whatever code does is
wrong, so those must not be held against it. Only what every correct answer needs is derived.
"""

import ast
import itertools
from collections.abc import Iterable, Iterator

from ..ir import IR, Predicate, PredicateError, parse_within
from ..ir.predicates import RESULT

_MOST = 8
_DOWN = {ast.Lt: "<", ast.LtE: "<="}
_UP = {ast.Gt: "<", ast.GtE: "<="}

_Bound = tuple[str, str]
"""The relation, `<` or `<=`, and the expression on its other side."""


def implied(ir: IR, invariants: Iterable[Predicate]) -> list[Predicate]:
    """Predicates over the arguments alone, that no result can make up for."""
    lower: list[_Bound] = []
    upper: list[_Bound] = []
    texts: list[str] = []
    for invariant in invariants:
        for part in _conjuncts(ast.parse(invariant.source, mode="eval").body):
            for left, op, right in _pairs(part):
                _collect(left, op, right, lower, upper, texts)
    for (one, low), (other, high) in itertools.product(lower, upper):
        relation = "<" if "<" in (one, other) else "<="
        texts.append(f"({low}) {relation} ({high})")
    return list(_parsed(ir, texts[:_MOST]))


def _conjuncts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from _conjuncts(value)
    else:
        yield node


def _pairs(node: ast.expr) -> Iterator[tuple[ast.expr, ast.cmpop, ast.expr]]:
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        yield from zip(sides, node.ops, sides[1:], strict=False)


def _collect(
    left: ast.expr,
    op: ast.cmpop,
    right: ast.expr,
    lower: list[_Bound],
    upper: list[_Bound],
    texts: list[str],
) -> None:
    if _is_result(left) and not _reads_result(right):
        other, kind = ast.unparse(right), type(op)
        if kind in _DOWN:
            upper.append((_DOWN[kind], other))
        elif kind in _UP:
            lower.append((_UP[kind], other))
        elif kind is ast.In:
            texts.append(f"len({other}) > 0")
    elif _is_result(right) and not _reads_result(left):
        other, kind = ast.unparse(left), type(op)
        if kind in _DOWN:
            lower.append((_DOWN[kind], other))
        elif kind in _UP:
            upper.append((_UP[kind], other))


def _is_result(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == RESULT


def _reads_result(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) and part.id == RESULT for part in ast.walk(node))


def _parsed(ir: IR, texts: Iterable[str]) -> Iterator[Predicate]:
    for text in dict.fromkeys(texts):
        try:
            predicate = parse_within(ir, text)
        except PredicateError:
            continue
        if predicate.names:  # one about constants alone is of no use
            yield predicate
