"""The values that a specification and a program name: what is special is near one of them."""

import ast
from collections.abc import Iterable, Iterator

from lift_sys.interfaces import Code

_MOST = 64
_LARGEST = 10**12
_LONGEST = 200


def literals_in(code: Code) -> list[object]:
    """The numbers and strings in a program's text, which is read and not run."""
    try:
        tree = ast.parse(code.source)
        return [*_constants(tree), *_signed(tree)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def integers(values: Iterable[object]) -> tuple[int, ...]:
    """With those just below and above."""
    found = [v for v in values if isinstance(v, int) and not isinstance(v, bool)]
    usable = sorted({v for v in found if abs(v) <= _LARGEST}, key=abs)[:_MOST]
    return tuple(sorted({near for v in usable for near in (v - 1, v, v + 1)}, key=_plainness))


def floats(values: Iterable[object]) -> tuple[float, ...]:
    """Integers too; with those just below and above."""
    found = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    usable = sorted({float(v) for v in found if abs(v) <= _LARGEST}, key=abs)[:_MOST]
    return tuple(
        sorted(
            {near for v in usable for near in (v - 1, v - 0.25, v, v + 0.25, v + 1)},
            key=_plainness,
        )
    )


def strings(values: Iterable[object]) -> tuple[str, ...]:
    found = {v for v in values if isinstance(v, str) and 0 < len(v) <= _LONGEST}
    return tuple(sorted(found, key=lambda text: (len(text), text))[:_MOST])


def _plainness(number: float) -> tuple[float, bool]:
    return abs(number), number < 0


def _constants(tree: ast.AST) -> Iterator[object]:
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in prose:
            yield node.value


def _signed(tree: ast.AST) -> Iterator[object]:
    for node in ast.walk(tree):
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                yield -value
            case _:
                pass
