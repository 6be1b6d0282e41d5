"""Registers the router; light on purpose."""

from pydantic import Field, field_validator

from lift_sys.interfaces import Limits, RouteRef
from lift_sys.plugins import Component, Options, hookimpl


class Choice(Options):
    route: RouteRef
    """A key of `routes:`, or `default` for the pipeline's own stages."""
    expected: Limits = Limits()
    """What one attempt usually takes: `usd`, `tokens`, `calls`, `seconds`. What is not stated is
    taken from the task's own earlier attempts on the route."""
    attempts: int = Field(default=1, ge=1, le=100)
    """How often a task may fail here before the next best is taken."""


class BudgetOptions(Options):
    routes: tuple[Choice, ...] = Field(min_length=1, max_length=50)
    """The best first."""
    reserve: float = Field(default=1.0, ge=1.0, le=10.0)
    """So many times what an attempt is expected to take must be left."""

    @field_validator("routes")
    @classmethod
    def _each_once(cls, routes: tuple[Choice, ...]) -> tuple[Choice, ...]:
        names = [choice.route.root for choice in routes]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"listed twice: {', '.join(twice)}; say `attempts: 2` instead")
        return routes


@hookimpl
def lift_sys_routers() -> list[Component]:
    return [
        Component(
            name="budget",
            factory="lift_sys_budget.router:BestAffordable",
            summary="The best route that the money, time and tokens left allow",
            options=BudgetOptions,
        )
    ]
