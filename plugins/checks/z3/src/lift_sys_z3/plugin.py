"""Registers the check; light on purpose."""

from typing import Annotated

from pydantic import Field

from lift_sys.plugins import Component, Options, hookimpl


class Z3Options(Options):
    query_ms: Annotated[int, Field(ge=1, le=60_000)] = 500
    """Milliseconds for one question to the solver."""
    total_seconds: Annotated[float, Field(gt=0, le=600)] = 5.0
    """Seconds for one specification; then the solver's process is ended."""
    memory_mb: Annotated[int, Field(ge=16)] = 512
    """The most memory the solver may take."""


@hookimpl
def lift_sys_checks() -> list[Component]:
    return [
        Component(
            name="z3",
            factory="lift_sys_z3.check:Z3Check",
            summary="proves contradictory assertions, gaps and dead branches of specifications",
            options=Z3Options,
        )
    ]
