"""Python asserts as examples, where that says exactly the same.

`==` lets 1 pass for 1.0 and for True, and examples do not. So an assert becomes a hidden example
only where nothing else equals what it expects: text, None, and lists, tuples, dictionaries of only
those. The rest is run as it stands.
"""

import ast
from typing import Any, cast

from lift_sys.interfaces import Example

_EXACT = (str, type(None))


def literal_call(node: ast.stmt, function: str) -> Example | None:
    """`assert f(1, b=2) == 3` as an example, up to how Python compares; None: it is not of that
    form."""
    match node:
        case ast.Assert(
            test=ast.Compare(
                left=ast.Call(func=ast.Name(id=name), args=args, keywords=keywords),
                ops=[ast.Eq() | ast.Is()],
                comparators=[expected],
            )
        ) if name == function and all(each.arg for each in keywords):
            try:
                return Example(
                    args=tuple(map(ast.literal_eval, args)),
                    kwargs={str(each.arg): ast.literal_eval(each.value) for each in keywords},
                    expected=ast.literal_eval(expected),
                )
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                return None
        case _:
            return None


def exact_examples(body: list[ast.stmt], function: str) -> list[Example] | None:
    """All of these asserts as examples that say exactly the same; None: they are not such."""
    found: list[Example] = []
    for node in body:
        if _says_nothing(node):
            continue
        example = literal_call(node, function)
        if example is None or not (_is_identity(node) or _exact(example.expected)):
            return None
        found.append(example)
    return found or None


def _says_nothing(node: ast.stmt) -> bool:
    """`assert True`, docstrings, pass."""
    match node:
        case (
            ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Assert(test=ast.Constant(value=True))
        ):
            return True
        case _:
            return False


def _is_identity(node: ast.stmt) -> bool:
    """`is True`: nothing but True is that."""
    match node:
        case ast.Assert(
            test=ast.Compare(ops=[ast.Is()], comparators=[ast.Constant(value=bool() | None)])
        ):
            return True
        case _:
            return False


def _exact(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_exact, cast("list[Any]", value)))
    if isinstance(value, dict):
        pairs = cast("dict[Any, Any]", value).items()
        return all(_exact(key) and _exact(each) for key, each in pairs)
    return isinstance(value, _EXACT)
