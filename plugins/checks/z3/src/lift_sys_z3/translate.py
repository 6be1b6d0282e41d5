"""From a predicate's Python to the solver's language: what is not the same there is refused."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any, Final

from .operations import arithmetic, call, character, compare, method, negative
from .solver import z3
from .terms import FALSE, Term, Unsupported, all_exact, choose, constant, truth

Names = Mapping[str, Term]

_NO_CHAIN: Final = 1


def translate(source: str, names: Names) -> Term:
    """Whether the predicate holds. Raises Unsupported for what is outside the fragment."""
    return _condition(ast.parse(source, mode="eval").body, names)


def _condition(node: ast.expr, names: Names) -> Term:
    """Its truth alone counts here: `0 or 'a'` is then as good as True."""
    match node:
        case ast.BoolOp(op=op, values=values):
            return _logic(op, [_condition(value, names) for value in values])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            parts = [_condition(part, names) for part in (test, body, orelse)]
            return choose(parts[0], parts[1], parts[2])
        case _:
            term = _term(node, names)
            return Term("bool", truth(term), term.defined, FALSE, term.exact)


def _term(node: ast.expr, names: Names) -> Term:
    match node:
        case ast.Constant(value=value):
            return constant(value)
        case ast.Name(id=name):
            if name not in names:
                raise Unsupported(f"`{name}`")
            return names[name]
        case ast.BoolOp(op=op, values=values):
            return _values(op, [_term(value, names) for value in values])
        case ast.UnaryOp(op=op, operand=operand):
            return _unary(op, operand, names)
        case ast.BinOp(left=left, op=op, right=right):
            return arithmetic(op, _term(left, names), _term(right, names))
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _chain(left, ops, others, names)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return choose(_condition(test, names), _term(body, names), _term(orelse, names))
        case ast.Call(func=function, args=args, keywords=[]):
            return _call(function, args, names)
        case ast.Subscript(value=base, slice=place):
            return character(_term(base, names), _place(place))
        case _:
            raise Unsupported(type(node).__name__)


def _unary(op: ast.unaryop, operand: ast.expr, names: Names) -> Term:
    match op:
        case ast.Not():
            return _not(_condition(operand, names))
        case ast.USub():
            return negative(_term(operand, names))
        case _:
            raise Unsupported(type(op).__name__)


def _not(term: Term) -> Term:
    return Term("bool", z3.Not(term.value), term.defined, FALSE, term.exact)


def _call(function: ast.expr, args: Sequence[ast.expr], names: Names) -> Term:
    match function, args:
        case ast.Attribute(value=base, attr=name), _:
            return method(name, [_term(part, names) for part in (base, *args)])
        case ast.Name(id="isinstance"), [value, ast.Name(id=kind)]:
            term = _term(value, names)
            # An int may be a bool at run time, and a float an int: only what is always so is told.
            if (kind, term.sort) in (("int", "int"), ("str", "str"), ("bool", "bool")):
                return constant(True)
            if kind in ("str", "list", "dict", "tuple", "set") and term.sort != kind:
                return constant(False)
            raise Unsupported("isinstance")
        case ast.Name(id="bool"), [value]:
            return _condition(value, names)
        case ast.Name(id=name), _:
            return call(name, [_term(arg, names) for arg in args])
        case _:
            raise Unsupported("a call")


def _place(node: ast.expr) -> int:
    match node:
        case ast.Constant(value=bool()):
            raise Unsupported("a truth value as an index")
        case ast.Constant(value=int(place)):
            return place
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(place))):
            return -place
        case _:
            raise Unsupported("a slice, or an index that is no number")


def _values(op: ast.boolop, terms: Sequence[Term]) -> Term:
    """Python's `and` and `or` give the operand that decides, which may be of any type."""
    if any(term.sort != "bool" for term in terms):
        raise Unsupported("`and` or `or` of what is no truth value")
    return _logic(op, terms)


def _logic(op: ast.boolop, terms: Sequence[Term]) -> Term:
    value, defined = terms[-1].value, terms[-1].defined
    for term in reversed(terms[:-1]):
        # What stands after the operand that decides is never evaluated.
        if isinstance(op, ast.Or):
            value = z3.Or(term.value, value)
            defined = z3.And(term.defined, z3.Or(term.value, defined))
        else:
            value = z3.And(term.value, value)
            defined = z3.And(term.defined, z3.Or(z3.Not(term.value), defined))
    return Term("bool", value, defined, FALSE, all_exact(terms))


def _chain(
    left: ast.expr, ops: Sequence[ast.cmpop], others: Sequence[ast.expr], names: Names
) -> Term:
    links: list[Term] = []
    first = _term(left, names)
    for op, other in zip(ops, others, strict=True):
        if isinstance(op, ast.In | ast.NotIn) and isinstance(other, ast.Tuple | ast.List | ast.Set):
            link = _member(first, [_term(part, names) for part in other.elts])
            second = Term("none", FALSE)
            if len(ops) > _NO_CHAIN:
                raise Unsupported("`in` within a chain")
        else:
            second = _term(other, names)
            link = compare(op, first, second)
        if isinstance(op, ast.NotIn):
            link = _not(link)
        links.append(link)
        first = second
    return links[0] if len(links) == _NO_CHAIN else _logic(ast.And(), links)


def _member(item: Term, members: Sequence[Term]) -> Term:
    if item.sort == "float":
        raise Unsupported("a float in a tuple")  # NaN is found there by identity
    found = [compare(ast.Eq(), item, member) for member in members]
    value: Any = z3.Or(*(each.value for each in found)) if found else FALSE
    defined: Any = z3.And(item.defined, *(each.defined for each in found))
    return Term("bool", value, defined, FALSE, all_exact([item, *found]))
