"""Loops that never end once they have begun."""

import ast
from collections.abc import Iterator

from ...interfaces import Finding
from ..flow import breaks, completes, is_always_true
from ._module import Module, finding

_HARMLESS = frozenset(
    {"abs", "all", "any", "bool", "chr", "divmod", "enumerate", "float", "hash", "int", "len"}
    | {"isinstance", "list", "max", "min", "ord", "print", "range", "repr", "reversed", "round"}
    | {"sorted", "str", "sum", "tuple", "type", "zip"}
)
_LEAVES = ast.Return | ast.Raise | ast.Yield | ast.YieldFrom | ast.Await


def endless_loops(module: Module) -> Iterator[Finding]:
    loops = [node for node in module.nodes if isinstance(node, ast.While)]
    guarded = _guarded(module) if loops else set[ast.AST]()
    for node in loops:
        if node not in guarded:
            what = _wrong(node, module)
            if what is not None:
                yield finding(
                    "endless-loop",
                    "error",
                    node.lineno,
                    what,
                    "change what the condition depends on in every round, or leave the loop",
                )


def _wrong(loop: ast.While, module: Module) -> str | None:
    if is_always_true(loop.test) and not _has_way_out(loop):
        return "the loop has no break and no return"
    if not completes(loop.body) and not _continues(loop):
        return None
    watched = _names(loop.test, module) | _deciding(loop.body, module)
    if not watched or any(isinstance(it, ast.Try | ast.With) for it in _inside(loop.body)):
        return None
    if not _is_steady(loop.test, module):
        return None
    if watched & _changed(loop, module):
        return None
    return f"nothing in the loop changes {', '.join(sorted(watched))}"


def _inside(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes run by the loop itself."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            stack += ast.iter_child_nodes(node)


def _has_way_out(loop: ast.While) -> bool:
    leaves = (isinstance(it, _LEAVES) or _is_exit(it) for it in _inside(loop.body))
    return breaks(loop) or any(leaves)


def _is_exit(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("sys.exit", "exit", "quit")


def _guarded(module: Module) -> set[ast.AST]:
    """Loops in a `try` that catches: an exception is a way out, and any call may raise one."""
    tries = (node for node in module.nodes if isinstance(node, ast.Try) and node.handlers)
    bodies = (part for node in tries for part in node.body)
    return {
        inner
        for part in bodies
        for inner in ast.walk(part)
        if isinstance(inner, ast.While)
        and any(isinstance(it, ast.Call | ast.Subscript) for it in ast.walk(inner))
    }


def _continues(loop: ast.While) -> bool:
    return any(isinstance(node, ast.Continue) for node in _inside(loop.body))


def _names(node: ast.AST, module: Module) -> set[str]:
    names = (it for it in ast.walk(node) if isinstance(it, ast.Name))
    return {it.id for it in names if it not in module.builtin_names}


def _deciding(body: list[ast.stmt], module: Module) -> set[str]:
    """The names that decide whether a way out inside of the loop is taken."""
    names: set[str] = set()
    for node in _inside(body):
        if any(isinstance(it, _LEAVES | ast.Break) for it in ast.walk(node)):
            match node:
                case ast.If(test=test) | ast.While(test=test) | ast.For(iter=test):
                    names |= _names(test, module)
                case ast.Match(subject=subject):
                    names |= _names(subject, module)
                case _:
                    pass
    return names


def _is_steady(test: ast.expr, module: Module) -> bool:
    """Whether the test says the same as long as its names do."""
    return all(
        isinstance(it.func, ast.Name) and it.func in module.builtin_names and it.func.id != "next"
        for it in ast.walk(test)
        if isinstance(it, ast.Call)
    ) and not any(isinstance(it, ast.NamedExpr) for it in ast.walk(test))


def _changed(loop: ast.While, module: Module) -> set[str]:
    """Every name whose value the loop may change: bound, or handed to what may change it."""
    changed: set[str] = set()
    for node in _inside(loop.body):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                changed.add(name)
            case (
                ast.Attribute(ctx=ast.Store() | ast.Del())
                | ast.Subscript(ctx=ast.Store() | ast.Del())
            ):
                changed |= _names(node.value, module)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                changed.add(name)
            case ast.Call(func=ast.Name() as function) if (
                function in module.builtin_names and function.id in _HARMLESS
            ):
                pass
            case ast.Call():
                changed |= _names(node, module)
                if isinstance(node.func, ast.Name):
                    changed |= _bound_by_functions(module)
            case _:
                pass
    return changed


def _bound_by_functions(module: Module) -> set[str]:
    """What calls of the module's own functions may bind outside of themselves."""
    declared: set[str] = set()
    for node in module.nodes:
        if isinstance(node, ast.Global | ast.Nonlocal):
            declared.update(node.names)
    return declared
