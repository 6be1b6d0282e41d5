"""Registers the check; light on purpose."""

from pydantic import Field

from lift_sys.plugins import Component, Options, hookimpl


class CrosshairOptions(Options):
    condition_seconds: float = Field(default=3.0, gt=0, le=600)
    """How much CPU time the search for one claim's counter-example gets."""
    seconds: float = Field(default=30.0, gt=0, le=3600)
    """The most that one search in all takes, the start of CrossHair included."""
    memory_mb: int = Field(default=2048, ge=512, le=65536)
    """The most memory that a search may use."""


@hookimpl
def lift_sys_checks() -> list[Component]:
    return [
        Component(
            name="crosshair",
            factory="lift_sys_crosshair.check:CrosshairCheck",
            summary="Looks for inputs that break an assertion, by symbolic execution",
            options=CrosshairOptions,
        )
    ]
