"""Literals of Python text, worked out without running it: bounded, and no code behind them."""

import ast
import operator
from collections.abc import Callable
from typing import Any, Final, cast

from ._python import PythonTextError, refuse

MAX_ITEMS: Final = 20_000
MAX_BITS: Final = 4096

_CONSTRUCTORS: Final[dict[str, Callable[..., Any]]] = {
    "set": set,
    "frozenset": frozenset,
    "list": list,
    "tuple": tuple,
    "dict": dict,
    "bytearray": bytearray,
    "float": float,
    "range": range,
}
_PRODUCTS: Final[tuple[type[Any], ...]] = (str, bytes, list, tuple)
_NUMBERS: Final = (int, float, complex)


def literal_value(node: ast.expr) -> Any:
    """The value of a literal; also of `-1`, `'a' * 50`, `10**6`, `set()`, `float('nan')`."""
    reader = _READERS.get(node.__class__)
    if reader is None:
        raise _not_literal(node)
    return reader(node)


def is_literal(node: ast.expr) -> bool:
    try:
        literal_value(node)
    except PythonTextError:
        return False
    return True


def _not_literal(node: ast.expr) -> PythonTextError:
    return refuse("a literal is expected here", node)


def _constant(node: Any) -> Any:
    if node.value is Ellipsis:
        raise _not_literal(node)
    return node.value


def _items(node: Any) -> list[Any]:
    return [literal_value(part) for part in node.elts]


def _set(node: Any) -> Any:
    return _hashed(node, lambda: set(_items(node)))


def _dict(node: Any) -> Any:
    if None in node.keys:
        raise _not_literal(node)
    pairs = [
        (literal_value(k), literal_value(v)) for k, v in zip(node.keys, node.values, strict=True)
    ]
    return _hashed(node, lambda: dict(pairs))


def _signed(node: Any) -> Any:
    value = literal_value(node.operand)
    if type(value) not in _NUMBERS or not isinstance(node.op, ast.USub | ast.UAdd):
        raise refuse("only a number has a sign", node)
    return -value if isinstance(node.op, ast.USub) else value


def _hashed(node: ast.expr, build: Callable[[], Any]) -> Any:
    try:
        return build()
    except TypeError:
        raise refuse("a list, set or dict cannot be a key or stand in a set", node) from None


def _call(node: Any) -> Any:
    name = getattr(node.func, "id", None)
    if name not in _CONSTRUCTORS or node.keywords:
        raise _not_literal(node)
    return _construct(node, name, [literal_value(arg) for arg in node.args])


def _construct(node: ast.expr, name: str, args: list[Any]) -> Any:
    ok = len(args) <= (3 if name == "range" else 1)
    if name == "float":
        ok = len(args) == 1 and isinstance(args[0], str | int | float)
    elif name == "range":
        ok = 1 <= len(args) <= 3 and all(type(arg) is int for arg in args)
    elif args:
        ok = len(args) == 1 and isinstance(args[0], list | tuple | str | dict | set | frozenset)
        ok = ok or (len(args) == 1 and isinstance(args[0], range) and len(args[0]) <= MAX_ITEMS)
    if not ok:
        raise refuse(f"{name}(...) is no literal this way", node)
    try:
        return _CONSTRUCTORS[name](*args)
    except (TypeError, ValueError, OverflowError) as error:
        raise refuse(f"{name}(...) is no literal this way: {error}", node) from None


def _binary(node: Any) -> Any:
    left: Any
    right: Any
    left, right = literal_value(node.left), literal_value(node.right)
    match node.op:
        case ast.Mult() if _is_product(left) and type(right) is int:
            return _repeated(node, left, right)
        case ast.Mult() if _is_product(right) and type(left) is int:
            return _repeated(node, right, left)
        case ast.Add() if _is_product(left) and type(left) is type(right):
            return left + right
        case _ if type(left) in _NUMBERS and type(right) in _NUMBERS:
            return _number(node, left, right)
        case _:
            raise _not_literal(node)


def _is_product(value: Any) -> bool:
    return type(value) in _PRODUCTS


def _weight(value: Any) -> int:
    if isinstance(value, list | tuple):
        return 1 + sum(_weight(item) for item in cast("list[Any]", value))
    return len(value) if isinstance(value, str | bytes) else 1


def _repeated(node: ast.expr, value: Any, times: int) -> Any:
    if _weight(value) * max(times, 0) > MAX_ITEMS:
        raise refuse(f"a literal of more than {MAX_ITEMS} items", node)
    return value * times


def _number(node: Any, left: Any, right: Any) -> Any:
    if isinstance(node.op, ast.Pow):
        if type(left) is not int or type(right) is not int or right < 0:
            raise refuse("only whole powers of whole numbers are literals", node)
        if left.bit_length() * right > MAX_BITS:
            raise refuse(f"a number of more than {MAX_BITS} bits", node)
        return left**right
    function = _ARITHMETIC.get(node.op.__class__)
    if function is None:
        raise _not_literal(node)
    try:
        value = function(left, right)
    except OverflowError as error:
        raise refuse(str(error), node) from None
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise refuse(f"a number of more than {MAX_BITS} bits", node)
    return value


_ARITHMETIC: Final[dict[type[ast.AST], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_READERS: Final[dict[type[ast.AST], Callable[[Any], Any]]] = {
    ast.Constant: _constant,
    ast.Tuple: lambda node: tuple(_items(node)),
    ast.List: _items,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.UnaryOp: _signed,
    ast.BinOp: _binary,
    ast.Call: _call,
}
