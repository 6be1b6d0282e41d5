"""Code that has learnt the visible examples by heart."""

import ast
from collections.abc import Sequence

from ..interfaces import Code, Example
from .compare import fingerprint

_FEWEST = 2
"""With a single example, a constant it mentions may well be the rule."""


def answers_by_case(code: Code, examples: Sequence[Example], others: Sequence[str]) -> bool:
    """Whether the code names the examples' arguments and does one and the same thing elsewhere.

    `others` says, input by input, what it does on inputs that are no example.
    """
    answers = {fingerprint(example.expected) for example in examples}
    if len(examples) < _FEWEST or len(answers) < _FEWEST or len(others) < _FEWEST:
        return False
    if len(set(others)) > 1:
        return False
    constants = _constants(code.source)
    named = [e for e in examples if e.args and any(fingerprint(a) in constants for a in e.args)]
    return len(named) >= max(_FEWEST, len(examples) - 1)


def _constants(source: str) -> set[str]:
    """Every literal in the code, whole lists and tuples of literals too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.expr):
            try:
                found.add(fingerprint(ast.literal_eval(node)))
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
    return found
