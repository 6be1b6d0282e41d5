"""What strategies need that run their candidates on inputs of their own, and ask of them."""

from typing import Any, cast

from ..errors import InputError
from ..interfaces import Context, Executable, Problem, ProviderHandle
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


def must_ask(ctx: Context, provider: ProviderHandle | None, strategy: str) -> None:
    """Raises InputError where nobody is there to be asked."""
    try:
        ctx.capabilities(provider)
    except LookupError as error:
        raise InputError(
            f"the strategy {strategy} asks a model itself, and whole attempts run on none of their "
            "own",
            remedy="say under `strategy:` which: provider: NAME",
        ) from error
