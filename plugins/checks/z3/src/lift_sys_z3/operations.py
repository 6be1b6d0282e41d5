"""Python's operators and functions on terms, each with when it raises."""

import ast
from collections.abc import Sequence
from typing import Any, Final

from .solver import z3
from .terms import FALSE, TRUE, Term, Unsupported, all_exact, both_defined, number, together

_MAX_EXPONENT: Final = 4
_INT: Final = ("int", "bool")


def _truth(value: Any, *terms: Term, defined: Any = TRUE) -> Term:
    return Term("bool", value, z3.And(both_defined(*terms), defined), FALSE, all_exact(terms))


def compare(op: ast.cmpop, left: Term, right: Term) -> Term:
    match op:
        case ast.Eq():
            return _truth(_equal(left, right), left, right)
        case ast.NotEq():
            return _truth(z3.Not(_equal(left, right)), left, right)
        case ast.Is():
            return _truth(_same(left, right), left, right)
        case ast.IsNot():
            return _truth(z3.Not(_same(left, right)), left, right)
        case ast.In() | ast.NotIn():  # the caller turns the second round
            if left.sort == right.sort == "str":
                return _truth(z3.Contains(right.value, left.value), left, right)
            raise Unsupported("`in` something else than a text or literals")
        case _:
            return _order(op, left, right)


def _equal(left: Term, right: Term) -> Any:
    if left.is_number and right.is_number:
        one, other = together(left, right)
        return z3.And(z3.Not(left.nan), z3.Not(right.nan), one == other)
    if left.sort != right.sort:
        return FALSE
    return TRUE if left.sort == "none" else left.value == right.value


def _same(left: Term, right: Term) -> Any:
    if "none" in (left.sort, right.sort):
        return z3.BoolVal(left.sort == right.sort)
    if left.sort == right.sort == "bool":
        return left.value == right.value
    raise Unsupported("`is` between something else than None and truth values")


def _order(op: ast.cmpop, left: Term, right: Term) -> Term:
    if left.is_number and right.is_number:
        one, other = together(left, right)
        known = z3.And(z3.Not(left.nan), z3.Not(right.nan))
    elif left.sort == right.sort == "str":
        raise Unsupported("the order of texts")  # the solver takes "" < "1" for false
    else:
        return _truth(FALSE, left, right, defined=FALSE)
    match op:
        case ast.Lt():
            value = one < other
        case ast.LtE():
            value = one <= other
        case ast.Gt():
            value = other < one
        case ast.GtE():
            value = other <= one
        case _:
            raise Unsupported(type(op).__name__)
    return _truth(z3.And(known, value), left, right)


def negative(term: Term) -> Term:
    if not term.is_number:
        raise Unsupported("minus of what is no number")
    sort = "int" if term.sort == "bool" else term.sort
    return Term(sort, -number(term), term.defined, term.nan, term.exact)


def arithmetic(op: ast.operator, left: Term, right: Term) -> Term:
    if left.sort == right.sort == "str" and isinstance(op, ast.Add):
        value = z3.Concat(left.value, right.value)
        return Term("str", value, both_defined(left, right), FALSE, all_exact((left, right)))
    if not (left.is_number and right.is_number):
        raise Unsupported("arithmetic with what is no number")
    if left.sort in _INT and right.sort in _INT:
        return _of_ints(op, left, right)
    return _of_floats(op, left, right)


def _of_ints(op: ast.operator, left: Term, right: Term) -> Term:
    one, other = number(left), number(right)
    defined, exact = both_defined(left, right), all_exact((left, right))
    match op:
        case ast.Add():
            return Term("int", one + other, defined, FALSE, exact)
        case ast.Sub():
            return Term("int", one - other, defined, FALSE, exact)
        case ast.Mult():
            return Term("int", one * other, defined, FALSE, exact)
        case ast.FloorDiv():
            return Term("int", _floor(one, other), z3.And(defined, other != 0), FALSE, exact)
        case ast.Mod():
            rest = one - other * _floor(one, other)
            return Term("int", rest, z3.And(defined, other != 0), FALSE, exact)
        case ast.Div():
            value = z3.ToReal(one) / z3.ToReal(other)
            return Term("float", value, z3.And(defined, other != 0), FALSE, exact=False)
        case ast.Pow() if z3.is_int_value(right.value):
            return _power(left, right.value.as_long())
        case _:
            raise Unsupported(type(op).__name__)


def _floor(one: Any, other: Any) -> Any:
    """The solver rounds so that the rest is positive, Python downwards."""
    return z3.If(other > 0, one / other, (-one) / (-other))


def _power(base: Term, exponent: int) -> Term:
    if not 0 <= exponent <= _MAX_EXPONENT:
        raise Unsupported("a large or negative power")
    value: Any = z3.IntVal(1)
    for _ in range(exponent):
        value = value * number(base)
    return Term("int", value, base.defined, FALSE, base.exact)


def _of_floats(op: ast.operator, left: Term, right: Term) -> Term:
    one, other = together(left, right)
    defined, nan = both_defined(left, right), z3.Or(left.nan, right.nan)
    match op:
        case ast.Add():
            value = one + other
        case ast.Sub():
            value = one - other
        case ast.Mult():
            value = one * other
        case ast.Div():
            value = one / other
            # NaN is not nought.
            defined = z3.And(defined, z3.Or(right.nan, other != 0))
        case _:
            raise Unsupported(f"{type(op).__name__} of floats")
    return Term("float", value, defined, nan, exact=False)


def call(name: str, args: Sequence[Term]) -> Term:
    match name, args:
        case "len", [Term(sort="str") as term]:
            return Term("int", z3.Length(term.value), term.defined, FALSE, term.exact)
        case "abs", [Term(sort="int" | "float") as term]:
            value = z3.If(term.value < 0, -term.value, term.value)
            return Term(term.sort, value, term.defined, term.nan, term.exact)
        case "min" | "max", [_, _, *_]:
            return _extreme(name, args)
        case _:
            raise Unsupported(f"{name}()")


def _extreme(name: str, args: Sequence[Term]) -> Term:
    if any(term.sort != "int" for term in args):
        raise Unsupported(f"{name}() of something else than ints")
    best = args[0].value
    for term in args[1:]:
        better = term.value < best if name == "min" else term.value > best
        best = z3.If(better, term.value, best)
    return Term("int", best, both_defined(*args), FALSE, all_exact(args))


def method(name: str, terms: Sequence[Term]) -> Term:
    if any(term.sort != "str" for term in terms):
        raise Unsupported(f".{name}() of something else than texts")
    values = [term.value for term in terms]
    match name, values:
        case "startswith", [whole, part]:
            return _truth(z3.PrefixOf(part, whole), *terms)
        case "endswith", [whole, part]:
            return _truth(z3.SuffixOf(part, whole), *terms)
        case "find", [whole, part]:
            place = z3.IndexOf(whole, part, z3.IntVal(0))
            return Term("int", place, both_defined(*terms), FALSE, all_exact(terms))
        case _:
            raise Unsupported(f".{name}()")


def character(term: Term, place: int) -> Term:
    if term.sort != "str":
        raise Unsupported("a member of something else than a text")
    length = z3.Length(term.value)
    at = z3.IntVal(place) if place >= 0 else length + place
    inside = length > place if place >= 0 else length >= -place
    value = z3.SubString(term.value, at, z3.IntVal(1))
    return Term("str", value, z3.And(term.defined, inside), FALSE, term.exact)
