"""A candidate's code as the rules look at it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ...interfaces import Code, Finding
from ...ir import Signature
from ..scopes import Names, resolve
from ..source import parse_module


@dataclass(frozen=True)
class Module:
    tree: ast.Module
    signature: Signature

    @classmethod
    def of(cls, code: Code, signature: Signature) -> "Module":
        return cls(parse_module(code.source), signature)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All there are; walking the tree is most of what a rule costs."""
        return list(ast.walk(self.tree))

    @cached_property
    def names(self) -> Names:
        return resolve(self.tree)

    @cached_property
    def functions(self) -> list[ast.FunctionDef]:
        return [node for node in self.nodes if isinstance(node, ast.FunctionDef)]

    @cached_property
    def target(self) -> ast.FunctionDef | None:
        """The function that the signature is of."""
        named = [node for node in self.tree.body if isinstance(node, ast.FunctionDef)]
        return next((it for it in reversed(named) if it.name == self.signature.name), None)

    @cached_property
    def builtin_names(self) -> set[ast.AST]:
        return self.names.builtin_names()

    def calls_of_builtins(self) -> Iterator[tuple[ast.Call, str]]:
        for node in self.nodes:
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func in self.builtin_names
            ):
                yield node, node.func.id


def finding(
    code: str,
    severity: Literal["error", "warning", "info"],
    line: int,
    message: str,
    suggestion: str,
) -> Finding:
    return Finding(
        code=code, severity=severity, path=f"line {line}", message=message, suggestion=suggestion
    )
