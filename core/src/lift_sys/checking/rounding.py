"""Predicates that forgive the rounding of floats: `min(x) <= mean <= max(x)` can be false of a
mean that is right, and two right ways to add numbers up differ in the last bits."""

import ast

HELPER = """
import math as _math

def _nearly(a, b):
    if a == b:
        return True
    kinds = (type(a), type(b))
    if float not in kinds or not all(kind in (int, float) for kind in kinds):
        return False
    return _math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
"""


def forgiving(source: str) -> str:
    """The predicate with `==`, `<=` and `>=` true of floats that are nearly equal too."""
    return ast.unparse(_Forgiving().visit(ast.parse(source, mode="eval")))


class _Forgiving(ast.NodeTransformer):
    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        sides = [node.left, *node.comparators]
        pairs = [
            _pair(left, op, right)
            for left, op, right in zip(sides, node.ops, sides[1:], strict=False)
        ]
        return pairs[0] if len(pairs) == 1 else ast.BoolOp(ast.And(), pairs)


def _pair(left: ast.expr, op: ast.cmpop, right: ast.expr) -> ast.expr:
    plain = ast.Compare(left, [op], [right])
    if not isinstance(op, ast.Eq | ast.LtE | ast.GtE):
        return plain
    nearly = ast.Call(ast.Name("_nearly", ast.Load()), [left, right], [])
    return ast.BoolOp(ast.Or(), [plain, nearly])
