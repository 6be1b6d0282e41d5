"""Names that do not exist, names that are gone again, and names that hide built-ins."""

import ast
import difflib
from collections.abc import Iterator

from ...interfaces import Finding
from ..flow import blocks
from ..scopes import BUILTINS, Mention
from ._module import Module, finding


def unknown_names(module: Module) -> Iterator[Finding]:
    seen: set[str] = set()
    for mention in module.names.unknown():
        if mention.name not in seen:
            seen.add(mention.name)
            yield finding(
                "unknown-name",
                "error",
                mention.line,
                f"nothing is called {mention.name} here",
                _nearest(module, mention),
            )


def _nearest(module: Module, mention: Mention) -> str:
    known: set[str] = set(BUILTINS)
    scope = mention.scope
    while scope is not None:
        known |= scope.bound
        scope = scope.parent
    near = difflib.get_close_matches(mention.name, sorted(known), 1, 0.75)
    return f"did you mean {near[0]}?" if near else f"define or import {mention.name}"


def names_gone(module: Module) -> Iterator[Finding]:
    """Read after `del`, or after the `except ... as` that bound them."""
    for node in (module.tree, *module.functions):
        for block in blocks(node):
            for place, statement in enumerate(block[:-1]):
                for name in _removed(statement):
                    read = _read_before_bound(name, block[place + 1 :])
                    if read is not None and not _bound_elsewhere(name, statement, node):
                        yield finding(
                            "name-gone",
                            "error",
                            read.lineno,
                            f"{name} no longer exists after line {statement.lineno}",
                            f"keep what is needed of {name} under another name",
                        )


def _removed(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.Delete(targets=targets):
            return [it.id for it in targets if isinstance(it, ast.Name)]
        case ast.Try(handlers=handlers):
            return [it.name for it in handlers if it.name is not None]
        case _:
            return []


def _bound_elsewhere(name: str, statement: ast.stmt, function: ast.AST) -> bool:
    """For `except ... as`: whether another statement may have given the name its value."""
    if isinstance(statement, ast.Delete):
        return False
    stores = (
        node.id if isinstance(node, ast.Name) else node.arg
        for node in ast.walk(function)
        if isinstance(node, ast.arg)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    )
    return name in stores


def _read_before_bound(name: str, statements: list[ast.stmt]) -> ast.Name | None:
    for statement in statements:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return None  # when it runs is not known
        mentions = [it for it in ast.walk(statement) if isinstance(it, ast.Name) and it.id == name]
        if any(not isinstance(it.ctx, ast.Load) for it in mentions):
            return None
        if any(getattr(it, "name", None) == name for it in ast.walk(statement)):
            return None
        if mentions:
            return mentions[0]
    return None


def shadowed_builtins(module: Module) -> Iterator[Finding]:
    allowed = {parameter.name for parameter in module.signature.parameters}
    if module.target is not None:
        allowed.add(module.target.name)
    seen: set[str] = set()
    for mention in module.names.mentions:
        name = mention.name
        if not mention.binds or name not in BUILTINS or name in allowed | seen or name == "_":
            continue
        if mention.scope.kind == "class" or name.startswith("__"):
            continue
        if isinstance(mention.node, ast.alias):
            continue  # `from builtins import ...` and `from math import pow` are meant
        seen.add(name)
        yield finding(
            "shadowed-builtin",
            "warning",
            mention.line,
            f"{name} hides the built-in of that name",
            f"call it {name}_",
        )
