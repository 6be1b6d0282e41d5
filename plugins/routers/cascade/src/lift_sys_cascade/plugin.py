"""Registers the router; light on purpose."""

from typing import Annotated, Literal

from pydantic import Field

from lift_sys.interfaces import RouteRef
from lift_sys.plugins import Component, Options, hookimpl

Share = Annotated[float, Field(ge=0, le=1)]


class Tier(Options):
    route: RouteRef
    """A key of `routes:`, or `default` for the pipeline's own stages."""
    usd: float = Field(gt=0)
    """What one attempt on it is expected to cost, in US dollars."""
    passes: Share = 1.0
    """P(pass) of an attempt that begins here, where the category has no entry of its own."""
    by_category: dict[str, Share] = {}
    """P(pass) by the task's category."""
    attempts: int = Field(default=1, ge=1, le=20)
    """How often a task may fail here before it goes on to the next tier."""


class CascadeOptions(Options):
    tiers: tuple[Tier, ...] = Field(min_length=1, max_length=20)
    """From the cheapest to the strongest."""
    start: Literal["fault", "specify"] = "fault"
    """Where a stronger tier begins: at the stage at fault, keeping what was not, or anew."""


@hookimpl
def lift_sys_routers() -> list[Component]:
    return [
        Component(
            name="cascade",
            factory="lift_sys_cascade.router:Cascade",
            summary="Start cheap where that pays, escalate on a failed verdict",
            options=CascadeOptions,
        )
    ]
