"""Terms of the solver that stand for Python values: with when they exist, and how exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from .solver import z3

Sort = Literal["int", "bool", "float", "str", "none"]
TRUE: Final[Any] = z3.BoolVal(True)
FALSE: Final[Any] = z3.BoolVal(False)
_LAST_CHARACTER: Final = 0x2FFFF
"""Of the solver's alphabet."""


class Unsupported(Exception):
    """Outside the fragment; says what."""


@dataclass(frozen=True, slots=True)
class Term:
    sort: Sort
    value: Any
    defined: Any = TRUE
    """Where Python evaluates it without an exception."""
    nan: Any = FALSE
    exact: bool = True
    """Not, where floats are rounded: the solver computes with real numbers."""

    @property
    def is_number(self) -> bool:
        return self.sort in ("int", "bool", "float")


def variable(name: str, sort: Sort) -> Term:
    match sort:
        case "int":
            return Term(sort, z3.Int(name))
        case "bool":
            return Term(sort, z3.Bool(name))
        case "float":
            return Term(sort, z3.Real(name), nan=z3.Bool(f"{name} is NaN"))
        case "str":
            return Term(sort, z3.String(name))
        case "none":
            return Term(sort, FALSE)


def constant(value: object) -> Term:
    match value:
        case None:
            return Term("none", FALSE)
        case bool():
            return Term("bool", z3.BoolVal(value))
        case int():
            return Term("int", z3.IntVal(value))
        case float():
            if value in (float("inf"), float("-inf")) or value != value:  # noqa: PLR0124
                raise Unsupported("an infinite number")
            return Term("float", real(Fraction(value)))
        case str():
            return Term("str", text(value))
        case _:
            raise Unsupported(f"a value of type {type(value).__name__}")


def real(value: Fraction) -> Any:
    return z3.RealVal(f"{value.numerator}/{value.denominator}")


def text(value: str) -> Any:
    if any(ord(character) > _LAST_CHARACTER for character in value):
        raise Unsupported("a character outside the solver's alphabet")
    # A backslash would begin an escape of the solver's own.
    return z3.StringVal(value.replace("\\", "\\u{5c}"))


def truth(term: Term) -> Any:
    match term.sort:
        case "bool":
            return term.value
        case "int":
            return term.value != 0
        case "float":
            return z3.Or(term.nan, term.value != 0)
        case "str":
            return z3.Length(term.value) > 0
        case "none":
            return FALSE


def number(term: Term) -> Any:
    """An int or float of the solver; True is 1."""
    if term.sort == "bool":
        return z3.If(term.value, z3.IntVal(1), z3.IntVal(0))
    return term.value


def together(left: Term, right: Term) -> tuple[Any, Any]:
    """Both as numbers of one sort."""
    one, other = number(left), number(right)
    if "float" in (left.sort, right.sort):
        one = one if left.sort == "float" else z3.ToReal(one)
        other = other if right.sort == "float" else z3.ToReal(other)
    return one, other


def both_defined(*terms: Term) -> Any:
    return z3.And(*(term.defined for term in terms))


def all_exact(terms: Iterable[Term]) -> bool:
    return all(term.exact for term in terms)


def choose(test: Term, body: Term, orelse: Term) -> Term:
    """`body if test else orelse`"""
    holds = truth(test)
    sort: Sort = body.sort
    if body.sort == orelse.sort:
        one, other = body.value, orelse.value
    elif body.is_number and orelse.is_number and "float" in (body.sort, orelse.sort):
        sort = "float"
        one, other = together(body, orelse)
    else:
        raise Unsupported("an if-else whose two values are of different types")
    return Term(
        sort,
        z3.If(holds, one, other),
        z3.And(test.defined, z3.If(holds, body.defined, orelse.defined)),
        z3.If(holds, body.nan, orelse.nan),
        all_exact((test, body, orelse)),
    )
