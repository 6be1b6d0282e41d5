"""Problems whose values can be run, for who runs them on inputs of its own."""

from typing import Any, cast

from ..errors import InputError
from ..interfaces import Executable, Problem
from .stages.varied import Varied


def executable(problem: Problem[Any]) -> Executable[Any] | None:
    """None: nothing is known of its values but what they say and whether they do the same."""
    inner: Any = problem
    while isinstance(inner, Varied):
        inner = cast("Varied[Any]", inner).problem
    return cast("Executable[Any]", inner) if isinstance(inner, Executable) else None


def must_run(problem: Problem[Any], strategy: str) -> Executable[Any]:
    """Raises InputError, before anything is drawn."""
    found = executable(problem)
    if found is None:
        raise InputError(
            f"the strategy {strategy} runs what it chooses from, and what the stage "
            f"{problem.stage!r} gives cannot be run",
            remedy="take another strategy for this stage, or give its problem `sandbox` and "
            "`subject`",
        )
    return found
