"""Registers the router; light on purpose."""

from pydantic import Field

from lift_sys.interfaces import RouteRef
from lift_sys.plugins import Component, Options, hookimpl


class StaticOptions(Options):
    route: RouteRef = RouteRef("default")
    """The route of every task: a key of `routes:`, or `default` for the pipeline's own stages."""
    attempts: int = Field(default=1, ge=1, le=100)
    """How often a task may fail its checks before it is given up."""


@hookimpl
def lift_sys_routers() -> list[Component]:
    return [
        Component(
            name="static",
            factory="lift_sys_static.router:Static",
            summary="The same route for every task, with failures fed back",
            options=StaticOptions,
        )
    ]
