"""Whether a specification settles what a quirk of Python leaves open, seen from its predicates."""

import ast
from collections.abc import Callable, Mapping, Set
from functools import cache
from typing import Any, Final

from lift_sys.prompts import PromptLibrary, QuirkBase

from .content import Content


@cache
def _base() -> QuirkBase:
    return PromptLibrary().quirks


def applying(features: Set[str]) -> tuple[str, ...]:
    """Those of the request that predicates can settle."""
    every = _base().applying(features, "specify", len(_base().quirk))
    return tuple(quirk.id for quirk in every if quirk.id in _SETTLED)


def addressed(quirk: str, content: Content) -> bool:
    return _SETTLED[quirk](content)


def _names(*wanted: str) -> Callable[[Content], bool]:
    def told(content: Content) -> bool:
        return any(isinstance(node, ast.Name) and node.id in wanted for node in content.nodes())

    return told


def _values(fits: Callable[[Any], bool]) -> Callable[[Content], bool]:
    def told(content: Content) -> bool:
        given = (value for _, value in content.arguments)
        return any(fits(value) for value in (*content.constants.every, *given))

    return told


def _either(*ways: Callable[[Content], bool]) -> Callable[[Content], bool]:
    return lambda content: any(way(content) for way in ways)


def _about_old_values(content: Content) -> bool:
    return any(
        isinstance(node, ast.IsNot) or (isinstance(node, ast.Name) and node.id.startswith("old_"))
        for node in content.nodes()
    )


def _operators(*wanted: type[ast.AST]) -> Callable[[Content], bool]:
    return lambda content: any(isinstance(node, wanted) for node in content.nodes())


def _tests_emptiness(content: Content) -> bool:
    """`not xs` or `len(xs)` of a parameter: what comes out is another matter."""
    parameters = {parameter.name for parameter in content.ir.signature.parameters}
    tested: list[ast.expr] = []
    for node in content.nodes():
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                tested.append(operand)
            case ast.Call(func=ast.Name(id="len"), args=[argument]):
                tested.append(argument)
            case _:
                pass
    return any(isinstance(each, ast.Name) and each.id in parameters for each in tested)


def _is_empty(value: Any) -> bool:
    return isinstance(value, str | list | tuple | dict | set) and not value


def _is_negative(value: Any) -> bool:
    return isinstance(value, int | float) and value < 0


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_none_or_zero(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and value == 0)


_EMPTY: Final = _either(_values(_is_empty), _tests_emptiness)
_SETTLED: Final[Mapping[str, Callable[[Content], bool]]] = {
    "bool-is-int": _either(_names("bool", "type"), _values(_is_bool)),
    "none-zero-false": _values(_is_none_or_zero),
    "mutable-arguments": _about_old_values,
    "integer-division": _either(_operators(ast.FloorDiv, ast.Div), _values(_is_negative)),
    "negative-modulo": _either(_operators(ast.Mod), _values(_is_negative)),
    "round-half-even": _names("round"),
    "empty-extremes": _EMPTY,
    "empty-aggregates": _EMPTY,
}
