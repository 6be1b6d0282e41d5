"""Where in a module the function that was asked for stands, under whatever name and shape."""

import ast
import re
from dataclasses import dataclass
from typing import Literal

from ...ir import Signature, normalise_type
from ..scopes import is_generator, own_nodes
from .reasons import Unassembled

_NO_SOLUTION = re.compile(r"(_*test|main$|demo|example|check_)", re.IGNORECASE)
_MAY_YIELD = re.compile(r"(typing\.)?(Iterator|Iterable|Generator|Any|object)\b")

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Target:
    """What holds the answer: a function, a method of `owner`, a value, or bare statements."""

    kind: Literal["function", "method", "value", "body"]
    arguments: ast.arguments | None = None
    name: str = ""
    owner: str = ""
    static: bool = False


def locate(tree: ast.Module, signature: Signature) -> Target:
    """Raises Unassembled where there is no such function, or one of a wrong sort."""
    name = signature.name
    found = _by_name(tree, name)
    if found is None and _returns_outside(tree) is not None:
        return Target("body")
    if found is None:
        found = _only_one(tree, name)
    stray = _returns_outside(tree)
    if stray is not None:
        message = f"the code does not parse: line {stray.lineno}: 'return' outside function"
        raise Unassembled("does-not-parse", message, stray.lineno)
    node, owner = found
    if isinstance(node, ast.Assign | ast.AnnAssign):
        value = node.value
        return Target("value", value.args if isinstance(value, ast.Lambda) else None, name)
    _refuse(node, signature)
    if owner is None:
        return Target("function", node.args, node.name)
    static = any(isinstance(it, ast.Name) and it.id == "staticmethod" for it in node.decorator_list)
    return Target("method", node.args, node.name, owner.name, static)


def definition(body: list[ast.stmt], name: str) -> Definition | None:
    """The last one of this name, and the last with a real body where there is any."""
    found = [node for node in body if isinstance(node, Definition) and node.name == name]
    real = [node for node in found if not is_stub(node)]
    return (real or found or [None])[-1]


def is_stub(node: Definition) -> bool:
    """A body of nothing but a docstring, `...` or `pass`."""
    return all(
        isinstance(one, ast.Pass) or (isinstance(one, ast.Expr) and _is_constant(one.value))
        for one in node.body
    )


_Found = tuple[Definition | ast.Assign | ast.AnnAssign, ast.ClassDef | None]


def _by_name(tree: ast.Module, name: str) -> _Found | None:
    function = definition(tree.body, name)
    if function is not None:
        return function, None
    for node in reversed(tree.body):
        if isinstance(node, ast.Assign) and any(_is_name(it, name) for it in node.targets):
            return node, None
        if isinstance(node, ast.AnnAssign) and node.value and _is_name(node.target, name):
            return node, None
        if isinstance(node, ast.ClassDef):
            method = definition(node.body, name)
            if method is not None and _needs_nothing(node, name):
                return method, node
    return None


def _only_one(tree: ast.Module, name: str) -> _Found:
    """The one function or method that no other uses: it is meant, whatever it is called."""
    functions = [node for node in tree.body if isinstance(node, Definition)]
    candidates: list[_Found] = [(node, None) for node in _roots(functions)]
    if not functions:
        for owner in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            if _needs_nothing(owner, name):
                methods = [node for node in owner.body if isinstance(node, Definition)]
                candidates += [(node, owner) for node in methods if not node.name.startswith("_")]
    if len(candidates) == 1:
        return candidates[0]
    defined = sorted({node.name for node in ast.walk(tree) if isinstance(node, Definition)})
    found = ", ".join(defined) or "no function"
    raise Unassembled("lacks-function", f"the code must define {name}, it defines {found}")


def _roots(functions: list[Definition]) -> list[Definition]:
    used = {
        name
        for function in functions
        for node in ast.walk(function)
        if (name := _mentioned(node)) and name != function.name
    }
    return [
        node
        for node in {function.name: function for function in functions}.values()
        if node.name not in used and not _NO_SOLUTION.match(node.name) and not is_stub(node)
    ]


def _mentioned(node: ast.AST) -> str | None:
    """The function or method that an expression may mean."""
    match node:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
        case _:
            return None


def _needs_nothing(owner: ast.ClassDef, name: str) -> bool:
    """Whether the class can be made without arguments; a dataclass or subclass may not."""
    maker = definition(owner.body, "__init__")
    if maker is None:
        return not owner.decorator_list and not owner.bases
    arguments = maker.args
    needed = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return needed <= 1 and None not in arguments.kw_defaults


def _refuse(node: Definition, signature: Signature) -> None:
    if isinstance(node, ast.AsyncFunctionDef):
        message = f"{node.name} is async: define it with a plain def"
        raise Unassembled("async-function", message, node.lineno)
    returns = signature.returns
    if is_generator(node) and not _MAY_YIELD.match(normalise_type(returns)):
        message = f"{node.name} yields, it must return {returns}: collect the values and return"
        raise Unassembled("generator", message, node.lineno)


def _returns_outside(tree: ast.Module) -> ast.Return | None:
    return next((node for node in own_nodes(tree) if isinstance(node, ast.Return)), None)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (isinstance(node.value, str) or node.value is ...)
