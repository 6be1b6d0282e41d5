"""Default values that calls share."""

import ast
from collections.abc import Iterator

from ...interfaces import Finding
from ..scopes import own_nodes
from ._module import Module, finding

_MAKERS = frozenset({"list", "dict", "set", "bytearray", "defaultdict", "Counter", "deque"})
_CHANGERS = frozenset(
    {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"}
    | {"add", "discard", "update", "setdefault", "popitem", "appendleft", "popleft"}
)


def mutable_defaults(module: Module) -> Iterator[Finding]:
    for function in module.functions:
        for argument, default in with_default(function.args):
            if is_mutable(default) and not _is_cache(function, argument.arg):
                yield finding(
                    "mutable-default",
                    "warning",
                    default.lineno,
                    f"every call of {function.name} shares the default of {argument.arg}",
                    f"use {argument.arg}=None and make a new one in the body",
                )


def with_default(arguments: ast.arguments) -> list[tuple[ast.arg, ast.expr]]:
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = arguments.defaults
    pairs = list(zip(plain[len(plain) - len(defaults) :], defaults, strict=True))
    by_name = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return pairs + [(argument, default) for argument, default in by_name if default is not None]


def is_mutable(default: ast.expr) -> bool:
    match default:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in _MAKERS
        case _:
            return False


def _is_cache(function: ast.FunctionDef, name: str) -> bool:
    """Only looked into, or only filled key by key and looked up again, as a memo is."""
    return not any(_shows(node, name) for node in own_nodes(function))


def _shows(node: ast.AST, name: str) -> bool:
    """Whether a later call could tell that the object was used before."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=attribute)):
            return owner == name and attribute in _CHANGERS
        case ast.AugAssign(target=ast.Name(id=owner) | ast.Subscript(value=ast.Name(id=owner))):
            return owner == name
        case ast.Return(value=ast.Name(id=owner)):
            return owner == name
        case _:
            return False
