"""What is known of code that was found wrong."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from ...interfaces import Code, Failure
from ...interfaces.verdict import Category
from ...ir import IR
from ..execution import Call, Seen
from ..flow import completes
from ..scopes import own_nodes


class Recognised(NamedTuple):
    category: Category
    hint: str
    """What a model is told about it."""


@dataclass(frozen=True, slots=True, eq=False)
class Wrong:
    """One thing wrong, with the values it was found with."""

    failure: Failure
    call: Call | None = None
    seen: Seen | None = None
    expected: tuple[Any, ...] = ()
    """The answers that would have been right; empty where they are not known."""

    @property
    def returned(self) -> bool:
        return self.seen is not None and self.seen.outcome == "returned"

    @property
    def got(self) -> Any:
        """What was returned, where something was."""
        return None if self.seen is None else self.seen.result


Variants = Mapping[int, Any]
"""By the number of the wrong call: what the code returned for a variant of it."""


@dataclass(frozen=True)
class Facts:
    request: str
    ir: IR
    code: Code
    literals: tuple[object, ...]
    """What the IR names."""
    wrong: tuple[Wrong, ...]
    right: tuple[tuple[Call, Any], ...]
    """Calls that did what they should, with their results."""
    reversed_: Variants = field(default_factory=dict[int, Any])
    """With the first sequence among the arguments turned round."""
    without_bools: Variants = field(default_factory=dict[int, Any])
    """With 1 and 0 for True and False."""

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Of the code."""
        return tuple(ast.walk(ast.parse(self.code.source)))

    @cached_property
    def function(self) -> ast.FunctionDef | None:
        """The last definition is the one that counts."""
        functions = (node for node in self.nodes if isinstance(node, ast.FunctionDef))
        found = [node for node in functions if node.name == self.code.name]
        return found[-1] if found else None

    @cached_property
    def ends_without_return(self) -> bool:
        """Whether the function may come to its end, and nowhere says that it returns None."""
        if self.function is None or not completes(self.function.body):
            return False
        returns = [node for node in own_nodes(self.function) if isinstance(node, ast.Return)]
        return not any(node.value is None or _is_none(node.value) for node in returns)

    @cached_property
    def texts_in_code(self) -> frozenset[str]:
        return frozenset(
            node.value
            for node in self.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )

    @cached_property
    def with_answers(self) -> list[tuple[int, Wrong]]:
        """Wrong calls that returned something although another answer is known to be right."""
        return [
            (number, wrong)
            for number, wrong in enumerate(self.wrong)
            if wrong.call is not None and wrong.expected and wrong.returned
        ]

    def says(self, pattern: str) -> bool:
        """Whether the request or the effects use such a word."""
        return re.search(pattern, self._told, re.IGNORECASE) is not None

    @cached_property
    def _told(self) -> str:
        told = [self.request, *(effect.description for effect in self.ir.effects)]
        told += [constraint.description for constraint in self.ir.constraints]
        return "\n".join(told)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
