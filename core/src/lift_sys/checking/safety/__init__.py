"""Faults of a candidate that show in its text, each under a stable name.

    unknown-name        nothing binds it
    name-gone           read after `del`, or after the `except ... as` that bound it
    missing-return      a path ends without the value that the signature promises
    unreachable-return  a return that no path comes to; `unreachable-statement` for others
    mutable-default     one object shared by all calls
    shadowed-builtin    a name that hides a built-in; those of the signature may
    endless-recursion   a call of itself on every path, or with its own arguments
    endless-loop        a loop that nothing ends
    forbidden-module    what a pure function does not need and the sandbox refuses
    forbidden-call      likewise

Nothing is run. An error is a fault whenever its line is reached; a warning may be meant.
"""

from collections.abc import Callable, Iterator
from typing import Final

from ...interfaces import Code, Finding
from ...ir import Signature
from ._module import Module
from .defaults import mutable_defaults
from .effects import forbidden
from .loops import endless_loops
from .names import names_gone, shadowed_builtins, unknown_names
from .recursion import endless_recursion
from .returns import missing_returns, unreachable_statements

__all__ = ["find_faults"]

_RULES: Final[tuple[Callable[[Module], Iterator[Finding]], ...]] = (
    unknown_names,
    names_gone,
    missing_returns,
    unreachable_statements,
    mutable_defaults,
    shadowed_builtins,
    endless_recursion,
    endless_loops,
    forbidden,
)


def find_faults(code: Code, signature: Signature) -> tuple[Finding, ...]:
    """Raises Unparsable where the code does not parse."""
    module = Module.of(code, signature)
    return tuple(found for rule in _RULES for found in rule(module))
