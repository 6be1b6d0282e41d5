"""What a repair pass sees, and what it may propose."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..scopes import Names, functions, resolve
from ..source import Edit, Source

Edits = list[Edit]
"""One change, that is tried as a whole."""


@dataclass(frozen=True)
class View:
    source: Source

    @classmethod
    def of(cls, text: str) -> "View":
        """Raises Unparsable."""
        return cls(Source.of(text))

    @cached_property
    def names(self) -> Names:
        return resolve(self.source.tree)

    @cached_property
    def functions(self) -> list[ast.FunctionDef]:
        return functions(self.source.tree)

    @cached_property
    def builtin_names(self) -> set[ast.AST]:
        return self.names.builtin_names()

    def is_builtin(self, node: ast.expr, *wanted: str) -> bool:
        """Whether it is one of these built-ins by its own name."""
        return isinstance(node, ast.Name) and node.id in wanted and node in self.builtin_names

    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.source.tree)

    def begins_line(self, statement: ast.stmt) -> bool:
        return not self.source.indentation(statement).strip()

    def after(self, statement: ast.stmt, text: str, like: ast.stmt) -> Edit:
        """A statement put in behind another, indented like a third."""
        return self.source.insert_after(statement, f"\n{self.source.indentation(like)}{text}")

    def without(self, statement: ast.stmt) -> Edit:
        """Without a statement that has its lines for itself."""
        start, end = self.source.whole_lines(statement, statement)
        return Edit(start, end, "")


@dataclass(frozen=True, slots=True)
class Pass:
    name: str
    propose: Callable[[View], Iterator[Edits]]
    guess: bool = False
    """The code shows no fault in itself: tried after all that mend one."""
