"""Every mutant of a module: one place changed by one operator, the same ones every time."""

import ast
import copy
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, cast

from ..source import Unparsable, parse_module
from .expressions import EXPRESSIONS
from .statements import BLOCKS

_Step = tuple[str, int | None]
_Path = tuple[_Step, ...]

_LEFT_ALONE = {"annotation", "returns", "decorator_list", "type_comment"}
"""Fields that say nothing about what the code does."""


class Mutant(NamedTuple):
    operator: str
    line: int
    source: str


def operator_names() -> tuple[str, ...]:
    return tuple(sorted({*EXPRESSIONS, *BLOCKS}))


def mutants(source: str) -> Iterator[Mutant]:
    """Raises Unparsable where the source is no module."""
    tree = parse_module(source)
    seen = {ast.unparse(tree)}
    for operator, line, changed in _changes(tree):
        text = ast.unparse(ast.fix_missing_locations(changed)) + "\n"
        if text in seen:
            continue
        seen.add(text)
        try:
            parse_module(text)
        except Unparsable:
            continue
        yield Mutant(operator, line, text)


def _changes(tree: ast.Module) -> Iterator[tuple[str, int, ast.Module]]:
    for path, node in _places(tree, ()):
        if isinstance(node, ast.expr):
            yield from _each(tree, path, node, EXPRESSIONS.items())
        else:
            for field, block in _blocks(node):
                yield from _each(tree, (*path, (field, None)), block, BLOCKS.items())


def _each(
    tree: ast.Module,
    path: _Path,
    found: Any,
    operators: Iterable[tuple[str, Callable[[Any], Iterator[Any]]]],
) -> Iterator[tuple[str, int, ast.Module]]:
    first = cast("list[ast.stmt]", found)[0] if isinstance(found, list) else found
    line: int = first.lineno
    for name, operator in operators:
        for replacement in operator(copy.deepcopy(cast("Any", found))):
            changed = copy.deepcopy(tree)
            _put(changed, path, replacement)
            yield name, line, changed


def _places(node: ast.AST, path: _Path) -> Iterator[tuple[_Path, ast.AST]]:
    """Every expression, and every node that has blocks, in the order of the text."""
    if isinstance(node, ast.expr) or any(True for _ in _blocks(node)):
        yield path, node
    if isinstance(node, ast.JoinedStr):
        return
    for field, value in ast.iter_fields(node):
        if field in _LEFT_ALONE:
            continue
        if isinstance(value, ast.AST):
            yield from _places(value, (*path, (field, None)))
        elif isinstance(value, list):
            for number, item in enumerate(cast("list[Any]", value)):
                if isinstance(item, ast.AST) and not _is_docstring(item):
                    yield from _places(item, (*path, (field, number)))


def _blocks(node: ast.AST) -> Iterator[tuple[str, list[ast.stmt]]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list) and block and not isinstance(node, ast.Module | ast.ClassDef):
            yield field, cast("list[ast.stmt]", block)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _put(tree: ast.AST, path: _Path, replacement: Any) -> None:
    holder: Any = tree
    for field, number in path[:-1]:
        holder = getattr(holder, field) if number is None else getattr(holder, field)[number]
    field, number = path[-1]
    if number is None:
        setattr(holder, field, replacement)
    else:
        getattr(holder, field)[number] = replacement
