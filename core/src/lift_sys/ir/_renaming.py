"""A predicate's tree with its names by position and its comparisons in one direction."""

import ast
from collections.abc import Sequence
from typing import Any, cast

from ._allowed import OLD

_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


def normal_form(tree: ast.expr, parameters: Sequence[str], function: str) -> ast.expr:
    """`tree` is changed in place and handed back."""
    names = {OLD + name: f"old_a{number}" for number, name in enumerate(parameters)}
    names |= {name: f"a{number}" for number, name in enumerate(parameters)}
    return cast("ast.expr", _Renaming(names, function).visit(tree))


class _Renaming(ast.NodeTransformer):
    def __init__(self, names: dict[str, str], function: str) -> None:
        self._names = names
        self._function = function
        self._loops = 0

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, _Comprehension):
            return self._comprehension(node)
        return super().visit(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self._names.get(node.id, node.id), node.ctx)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        own = isinstance(node.func, ast.Name) and node.func.id == self._function
        self.generic_visit(node)
        if own:
            node.func = ast.Name("f", ast.Load())
            for keyword in node.keywords:
                keyword.arg = self._names.get(str(keyword.arg), keyword.arg)
            node.keywords.sort(key=lambda keyword: str(keyword.arg))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        outer = self._names
        self._bind([arg.arg for arg in node.args.args])
        for arg in node.args.args:
            arg.arg = self._names[arg.arg]
        node.body = self.visit(node.body)
        self._names = outer
        return node

    def _comprehension(self, node: _Comprehension) -> ast.expr:
        outer = self._names
        for part in node.generators:
            part.iter = self.visit(part.iter)
            self._bind([one.id for one in ast.walk(part.target) if isinstance(one, ast.Name)])
            part.target = self.visit(part.target)
            part.ifs = [self.visit(condition) for condition in part.ifs]
        if isinstance(node, ast.DictComp):
            node.key, node.value = self.visit(node.key), self.visit(node.value)
        else:
            node.elt = self.visit(node.elt)
        self._names = outer
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if len(node.ops) != 1:
            return node
        kind, left, right = type(node.ops[0]), node.left, node.comparators[0]
        if kind in _FLIPPED:
            return ast.Compare(right, [_FLIPPED[kind]()], [left])
        if kind in (ast.Eq, ast.NotEq) and _rank(right) < _rank(left):
            return ast.Compare(right, [kind()], [left])
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.UnaryOp(
                op=ast.Not(), operand=ast.Compare(left=left, ops=[ast.In()], comparators=[right])
            ):
                return ast.Compare(left, [ast.NotIn()], [right])
            case ast.UnaryOp(
                op=ast.Not(), operand=ast.Compare(left=left, ops=[ast.Is()], comparators=[right])
            ):
                return ast.Compare(left, [ast.IsNot()], [right])
            case _:
                return node

    def _bind(self, names: list[str]) -> None:
        bound: dict[str, str] = {}
        for name in names:
            bound[name] = f"v{self._loops}"
            self._loops += 1
        self._names = {**self._names, **bound}


def _rank(node: ast.expr) -> tuple[bool, str]:
    """Constants to the right, else by text."""
    return isinstance(node, ast.Constant), ast.unparse(node)
