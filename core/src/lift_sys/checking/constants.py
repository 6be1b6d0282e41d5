"""The constants that an IR or code spells out where they count: no prose, comment or docstring."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from ..ir import IR, ExampleCall, Predicate, assertions, conditions


@dataclass(frozen=True, slots=True)
class Constants:
    outcomes: tuple[Any, ...]
    """Strings, numbers, None and booleans that may be part of what comes out."""
    others: tuple[Any, ...] = ()
    """Those of conditions, and of the arguments of examples."""

    @property
    def every(self) -> tuple[Any, ...]:
        return (*self.outcomes, *self.others)


def constants_of_ir(ir: IR) -> Constants:
    """Of return values, assertions and conditions, as far as these may be used."""
    outcomes: list[Any] = [value for effect in ir.effects for value in effect.return_values]
    others: list[Any] = [value for _, when in conditions(ir) for value in _in_text(when.source)]
    for _, assertion in assertions(ir):
        if not assertion.about_inputs_only:
            outcomes += _answers(assertion)
        else:
            others += _in_text(assertion.source)
        if assertion.example is not None:
            others += _arguments(assertion.example)
    return Constants(tuple(outcomes), tuple(others))


def constants_of_code(source: str) -> Constants:
    """Of all that is not a docstring or another expression whose value nobody uses; of code that
    does not parse, none."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return Constants(())
    return Constants(tuple(_constants(tree)))


def same_constant(one: Any, other: Any) -> bool:
    """Equal, where True is not 1; 1 and 1.0 are one number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return (numbers or type(one) is type(other)) and one == other


def _answers(assertion: Predicate) -> Iterable[Any]:
    example = assertion.example
    if example is None:
        return _in_text(assertion.source)
    if example.condition is not None:
        return _in_text(example.condition)
    return _flat(example.expected)


def _arguments(example: ExampleCall) -> Iterator[Any]:
    yield from _flat([*example.args, *(value for _, value in example.kwargs)])


def _in_text(predicate: str) -> Iterator[Any]:
    return _constants(ast.parse(predicate, mode="eval"))


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for pair in cast("Mapping[Any, Any]", value).items():
            yield from _flat(pair)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in cast("Iterable[Any]", value):
            yield from _flat(item)
    else:
        yield value


def _constants(tree: ast.AST) -> Iterator[Any]:
    """In order, and without recursion: a sum may have a thousand terms."""
    left = [tree]
    while left:
        node = left.pop()
        match node:
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.Constant(value=value):
                yield value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                yield -number
            case _:
                left.extend(reversed([*ast.iter_child_nodes(node)]))


__all__ = ["Constants", "constants_of_code", "constants_of_ir", "same_constant"]
