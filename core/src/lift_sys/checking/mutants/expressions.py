"""Mistakes within an expression. Each operator gets a copy and yields what may stand instead."""

import ast
from collections.abc import Callable, Iterator
from typing import Any, Final

Operator = Callable[[Any], Iterator[ast.expr]]

_BOUNDARY: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_OPPOSITE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.FloorDiv,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}
_PAIRS: Final = (
    ("min", "max"),
    ("any", "all"),
    ("find", "rfind"),
    ("index", "rindex"),
    ("upper", "lower"),
    ("isupper", "islower"),
    ("isdigit", "isalpha"),
    ("startswith", "endswith"),
    ("strip", "lstrip"),
    ("split", "rsplit"),
    ("append", "extend"),
    ("sum", "len"),
    ("keys", "values"),
)
_SWAPPED: Final = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}


def _boundary(node: ast.expr) -> Iterator[ast.expr]:
    yield from _compared(node, _BOUNDARY)


def _opposite(node: ast.expr) -> Iterator[ast.expr]:
    yield from _compared(node, _OPPOSITE)


def _compared(node: ast.expr, table: dict[type[ast.cmpop], type[ast.cmpop]]) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            if type(op) in table:
                ops = [*node.ops[:place], table[type(op)](), *node.ops[place + 1 :]]
                yield ast.Compare(node.left, ops, node.comparators)


def _constant(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield ast.Constant(not value)
        elif isinstance(value, int | float):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)


def _string(node: ast.expr) -> Iterator[ast.expr]:
    """A literal that became a helpful sentence, or another spelling."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
        yield ast.Constant(f"It is {text}" if text else "nothing")
        if text.swapcase() != text:
            yield ast.Constant(text.capitalize() if text.capitalize() != text else text.lower())
        elif text:
            yield ast.Constant("")


def _connective(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.BoolOp(other, node.values)
        for place in range(len(node.values)):
            rest = [*node.values[:place], *node.values[place + 1 :]]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _arithmetic(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
        if isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod):
            yield ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand


def _negation(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)


def _call(node: ast.expr) -> Iterator[ast.expr]:
    """The neighbour of a function: the other end, the other case, the other aggregate."""
    if not isinstance(node, ast.Call):
        return
    match node.func:
        case ast.Name(id=name) if name in _SWAPPED:
            yield ast.Call(ast.Name(_SWAPPED[name], ast.Load()), node.args, node.keywords)
        case ast.Attribute(value=value, attr=name) if name in _SWAPPED:
            method = ast.Attribute(value, _SWAPPED[name], ast.Load())
            yield ast.Call(method, node.args, node.keywords)
        case ast.Name(id="sorted" | "reversed" | "set" | "abs" | "int"):
            if node.args:
                yield node.args[0]
        case _:
            pass


def _arguments(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and len(node.args) == 2 and not node.keywords:
        yield ast.Call(node.func, node.args[::-1], [])


def _index(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice | ast.Tuple):
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            return
        for op in (ast.Add(), ast.Sub()):
            yield ast.Subscript(node.value, ast.BinOp(node.slice, op, ast.Constant(1)), node.ctx)


def _slice(node: ast.expr) -> Iterator[ast.expr]:
    if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)):
        return
    lower, upper, step = node.slice.lower, node.slice.upper, node.slice.step

    def cut(start: ast.expr | None, end: ast.expr | None, by: ast.expr | None) -> ast.expr:
        return ast.Subscript(node.value, ast.Slice(start, end, by), node.ctx)

    if lower is not None:
        yield cut(None, upper, step)
        yield cut(_more(lower, 1), upper, step)
    if upper is not None:
        yield cut(lower, None, step)
        yield cut(lower, _more(upper, 1), step)
    if step is not None:
        yield cut(lower, upper, None)


def _range(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        for place in range(min(2, len(node.args))):
            for by in (1, -1):
                args = [*node.args[:place], _more(node.args[place], by), *node.args[place + 1 :]]
                yield ast.Call(node.func, args, [])


def _filter(node: ast.expr) -> Iterator[ast.expr]:
    """A comprehension without its condition, or with the opposite one."""
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        for generator in node.generators:
            kept = generator.ifs
            if kept:
                generator.ifs = []
                yield node
                generator.ifs = [ast.UnaryOp(ast.Not(), kept[0]), *kept[1:]]
                yield node
                generator.ifs = kept


def _types(node: ast.expr) -> Iterator[ast.expr]:
    """One type fewer in isinstance(x, (a, b)), or int for bool."""
    match node:
        case ast.Call(func=ast.Name(id="isinstance"), args=[value, ast.Tuple(elts=kinds)]):
            for place in range(len(kinds)):
                rest = ast.Tuple([*kinds[:place], *kinds[place + 1 :]], ast.Load())
                yield ast.Call(ast.Name("isinstance", ast.Load()), [value, rest], [])
        case ast.Call(func=ast.Name(id="isinstance"), args=[value, ast.Name(id="bool")]):
            kind = ast.Name("int", ast.Load())
            yield ast.Call(ast.Name("isinstance", ast.Load()), [value, kind], [])
        case _:
            pass


def _more(node: ast.expr, by: int) -> ast.expr:
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


EXPRESSIONS: Final[dict[str, Operator]] = {
    "comparison-boundary": _boundary,
    "comparison-opposite": _opposite,
    "constant-changed": _constant,
    "string-rewritten": _string,
    "and-or": _connective,
    "arithmetic-swapped": _arithmetic,
    "not-added-or-dropped": _negation,
    "function-swapped": _call,
    "arguments-swapped": _arguments,
    "index-shifted": _index,
    "slice-bound": _slice,
    "range-end": _range,
    "filter-changed": _filter,
    "type-test": _types,
}
