"""Registers the scorer; light on purpose."""

from typing import Literal

from pydantic import Field

from lift_sys.plugins import Component, Options, hookimpl


class ExecutionOptions(Options):
    partial: Literal["share", "none"] = "share"
    """What a candidate that fails gets: the weighted share of what it fulfils, or nothing."""
    examples: float = Field(default=2.0, ge=0)
    """How much the visible examples count."""
    assertions: float = Field(default=1.0, ge=0)
    """How much the specification's assertions count, on its own examples and generated inputs."""
    properties: float = Field(default=1.0, ge=0)
    """How much the rest does: what its effects say of generated inputs, and that the code is
    steady, leaves its arguments alone, and returns what its signature says."""


@hookimpl
def lift_sys_scorers() -> list[Component]:
    return [
        Component(
            name="execution",
            factory="lift_sys_execution.scorer:Execution",
            summary="What running it showed: examples, assertions, properties; partial credit",
            options=ExecutionOptions,
        )
    ]
