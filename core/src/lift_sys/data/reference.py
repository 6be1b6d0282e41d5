"""Runs the families' own reference code. It is ours: nothing a model wrote ever comes here."""

import copy
import textwrap
from collections.abc import Callable
from typing import Any

from ..checking.compare import close
from ..checking.conformance import belongs
from ..interfaces import Code, Example
from .families.concept import Args, Concept


def source_of(concept: Concept) -> str:
    params = ", ".join(f"{param.name}: {param.type}" for param in concept.params)
    body = textwrap.indent(concept.body, "    ")
    return f"def {concept.name}({params}) -> {concept.returns}:\n{body}\n"


class Reference:
    def __init__(self, concept: Concept) -> None:
        self.code = Code(name=concept.name, source=source_of(concept))
        self._types = [param.type for param in concept.params]
        self.answer = trusted(self.code)
        """What the reference does for arguments."""
        self._admits = None
        if concept.needs:
            names = ", ".join(param.name for param in concept.params)
            needs = " and ".join(f"({need})" for need in concept.needs)
            self._admits = _defined(f"def admits({names}):\n    return {needs}\n", "admits")

    def admits(self, args: Args) -> bool:
        """Whether the function is for such arguments, given that their types are right."""
        return self._admits is None or bool(self._admits(*args))

    def takes(self, args: Args) -> bool:
        """Whether these are of the right number and types, and the function is for them."""
        fitting = len(args) == len(self._types) and all(map(belongs, args, self._types))
        return fitting and self.admits(args)


def trusted(code: Code) -> Callable[[Args], Example]:
    """What the code answers to arguments, run right here: only for code of this project."""
    function = _defined(code.source, code.name)

    def answer(args: Args) -> Example:
        given = copy.deepcopy(args)
        try:
            return Example(args=args, expected=function(*given))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            return Example(args=args, raises=type(error).__name__)

    return answer


def same_answer(one: Example, other: Example) -> bool:
    return one.raises == other.raises and close(one.expected, other.expected)


def _defined(source: str, name: str) -> Callable[..., Any]:
    space: dict[str, Any] = {}
    exec(compile(source, f"<{name}>", "exec"), space)
    return space[name]
