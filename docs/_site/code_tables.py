"""Interfaces as they are written, and values as tables of what they hold."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

from markdown_parts import code, table


class _Member(NamedTuple):
    name: str
    type: str
    summary: str


def interface(names: str) -> str:
    """The source of classes, given as `module:Class module:Class`."""
    source = "\n\n".join(inspect.getsource(_class(name)).rstrip() for name in names.split())
    return f"```python\n{source}\n```\n"


def values(names: str) -> str:
    """A section with a table for each class, given as `module:Class module:Class`."""
    return "\n".join(_section(_class(name)) for name in names.split())


def _class(name: str) -> type:
    module, _, attribute = name.partition(":")
    found: type = getattr(import_module(module), attribute)
    return found


def _section(cls: type) -> str:
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    assert isinstance(tree, ast.ClassDef)
    rows = [(code(each.name), code(each.type), each.summary) for each in _members(tree)]
    about = " ".join((ast.get_docstring(tree) or "").split())
    title = f"### {cls.__name__} {{#{cls.__name__.lower()}}}\n\n{about}\n"
    return f"{title}\n{table(['', 'type', ''], rows)}"


def _members(tree: ast.ClassDef) -> Iterator[_Member]:
    following = [*tree.body[1:], None]
    for node, after in zip(tree.body, following, strict=True):
        match node:
            case ast.AnnAssign(target=ast.Name(name)) if _is_own(name, node):
                default = f" = {ast.unparse(node.value)}" if node.value else ""
                yield _Member(name, ast.unparse(node.annotation) + default, _string(after))
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name[0] != "_":
                yield _method(node)


def _is_own(name: str, node: ast.AnnAssign) -> bool:
    return not name.startswith("_") and "ClassVar" not in ast.unparse(node.annotation)


def _method(node: ast.FunctionDef | ast.AsyncFunctionDef) -> _Member:
    summary = " ".join((ast.get_docstring(node) or "").split())
    returns = ast.unparse(node.returns) if node.returns else ""
    if any(ast.unparse(each) == "property" for each in node.decorator_list):
        return _Member(node.name, returns, summary)
    node.args.args = [each for each in node.args.args if each.arg not in ("self", "cls")]
    before = "await " if isinstance(node, ast.AsyncFunctionDef) else ""
    return _Member(f"{before}{node.name}({ast.unparse(node.args)})", returns, summary)


def _string(node: ast.stmt | None) -> str:
    """The docstring of the attribute before it."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return " ".join(str(node.value.value).split())
    return ""
