"""Paths that end without the value, and statements that no path comes to."""

import ast
import re
from collections.abc import Iterator
from typing import Literal

from ...interfaces import Finding
from ...ir import normalise_type
from ..flow import blocks, completes, unreachable
from ..scopes import is_generator, own_nodes
from ._module import Module, finding

_MAY_BE_NONE = re.compile(r"(^|\| )(None|(typing\.)?Any|object|NoReturn|Never)$|^(Any|object) \|")


def missing_returns(module: Module) -> Iterator[Finding]:
    for function in module.functions:
        if function is module.target:
            if _MAY_BE_NONE.search(normalise_type(module.signature.returns)):
                continue
        elif not _gives_a_value(function) or _says_none(function):
            continue
        if not is_generator(function):
            # What a helper promises is not known: None may be one of its answers.
            severity = "error" if function is module.target else "warning"
            yield from _paths_without_value(function, severity)


def _paths_without_value(
    function: ast.FunctionDef, severity: Literal["error", "warning"]
) -> Iterator[Finding]:
    if not any(isinstance(node, ast.Return | ast.Raise) for node in own_nodes(function)):
        yield finding(
            "missing-return",
            severity,
            function.lineno,
            f"{function.name} returns nothing",
            "return the result",
        )
        return
    if completes(function.body):
        yield finding(
            "missing-return",
            severity,
            function.body[-1].end_lineno or function.lineno,
            f"{function.name} can end without a return",
            "end every path with a return",
        )
    for node in own_nodes(function):
        if isinstance(node, ast.Return) and (node.value is None or _is_none(node.value)):
            yield finding(
                "missing-return",
                severity,
                node.lineno,
                f"{function.name} returns no value here",
                "return the value that is meant",
            )


def _gives_a_value(function: ast.FunctionDef) -> bool:
    returns = [node.value for node in own_nodes(function) if isinstance(node, ast.Return)]
    return any(value is not None and not _is_none(value) for value in returns)


def _says_none(function: ast.FunctionDef) -> bool:
    """A helper that may give None: it says so, or it returns None on purpose."""
    if function.returns is not None and "None" in ast.unparse(function.returns):
        return True
    return any(
        isinstance(node, ast.Return) and (node.value is None or _is_none(node.value))
        for node in own_nodes(function)
    )


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def unreachable_statements(module: Module) -> Iterator[Finding]:
    for node in (module.tree, *module.functions):
        for block in blocks(node):
            place = unreachable(block)
            if place is None or _makes_a_generator(block[place:]):
                continue
            what = "return" if _has_return(block[place:]) else "statement"
            yield finding(
                f"unreachable-{what}",
                "warning",
                block[place].lineno,
                f"line {block[place - 1].lineno} always leaves, so this {what} is never reached",
                "remove it, or leave under a condition",
            )


def _has_return(statements: list[ast.stmt]) -> bool:
    return any(isinstance(node, ast.Return) for it in statements for node in ast.walk(it))


def _makes_a_generator(statements: list[ast.stmt]) -> bool:
    """`return` followed by a bare `yield`: the way to write an empty generator."""
    return any(
        isinstance(node, ast.Yield | ast.YieldFrom) for it in statements for node in ast.walk(it)
    )
