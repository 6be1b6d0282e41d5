"""What is known of code that was found wrong."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...interfaces import Code, Failure
from ...interfaces.verdict import Category
from ...ir import IR
from ..execution import Call, Seen
from ..scopes import functions


class Recognised(NamedTuple):
    category: Category
    hint: str
    """What a model is told about it."""


@dataclass(frozen=True, slots=True)
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

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.code.source)

    @property
    def function(self) -> ast.FunctionDef | None:
        """The last definition is the one that counts."""
        found = [node for node in functions(self.tree) if node.name == self.code.name]
        return found[-1] if found else None

    @property
    def texts_in_code(self) -> frozenset[str]:
        return frozenset(
            node.value
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )

    @property
    def with_answers(self) -> list[tuple[int, Wrong]]:
        """Wrong calls that returned something although another answer is known to be right."""
        return [
            (number, wrong)
            for number, wrong in enumerate(self.wrong)
            if wrong.call is not None and wrong.expected and wrong.returned
        ]

    def says(self, pattern: str) -> bool:
        """Whether the request or the effects use such a word."""
        told = [self.request, *(effect.description for effect in self.ir.effects)]
        told += [constraint.description for constraint in self.ir.constraints]
        return re.search(pattern, "\n".join(told), re.IGNORECASE) is not None
