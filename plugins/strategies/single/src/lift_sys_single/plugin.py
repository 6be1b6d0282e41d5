"""Registers the strategy; light on purpose."""

from pydantic import Field

from lift_sys.plugins import Component, Options, hookimpl


class SingleOptions(Options):
    retries: int = Field(default=0, ge=0, le=20)
    """How often a draw that came out invalid is drawn again."""


@hookimpl
def lift_sys_strategies() -> list[Component]:
    return [
        Component(
            name="single",
            factory="lift_sys_single.strategy:Single",
            summary="One draw, with retries on invalid output",
            options=SingleOptions,
            asks_scorers=False,
        )
    ]
