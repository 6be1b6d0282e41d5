"""What the judge sees of a candidate: what it demands or does, without the prose around it."""

import ast

from lift_sys.interfaces import Code, Solution
from lift_sys.ir import IR, Explicit, LoopBehaviour, signature_line


def shown(value: object) -> str | None:
    """None: nothing that could be judged."""
    match value:
        case IR():
            return _specification(value)
        case Code():
            return _code(value.source)
        case Solution(code=Code() as code):
            return _code(code.source)
        case Solution():
            return _specification(value.ir)
        case _:
            return None


def _specification(ir: IR) -> str:
    """A branch is told by its prose only where it says nothing firmer."""
    lines = [signature_line(ir)]
    for effect in ir.effects:
        answers = " or ".join(map(repr, effect.return_values))
        does = f"raises {effect.raises}" if effect.raises else f"returns {answers}"
        said = does if effect.raises or answers else effect.description
        lines.append(f"- when {effect.when}: {said}" if effect.when else f"- {said}")
    lines += [f"- {_constraint(each)}" for each in ir.constraints if each.kind != "must_return"]
    lines += dict.fromkeys(f"- always: {each.predicate}" for each in ir.assertions)
    return "\n".join(lines)


def _constraint(constraint: Explicit) -> str:
    if isinstance(constraint, LoopBehaviour):
        return f"the loop wants the matches: {constraint.matches}"
    return constraint.description


def _code(source: str) -> str:
    try:
        return ast.unparse(_without_prose(ast.parse(source)))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return source


def _without_prose(tree: ast.Module) -> ast.Module:
    """Comments are gone with the parse, docstrings are not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            kept = [each for each in node.body if not _is_prose(each)]
            node.body = kept or [ast.Pass()]
    return tree


def _is_prose(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
