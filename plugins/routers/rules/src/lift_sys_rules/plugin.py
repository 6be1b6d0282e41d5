"""Registers the router; light on purpose."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from lift_sys.interfaces import RouteRef
from lift_sys.plugins import Component, Options, hookimpl


def _as_several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Several = Annotated[tuple[str, ...], BeforeValidator(_as_several)]


class Rule(Options):
    """Fits a task where all that it names fits; what it does not name, it does not look at."""

    category: Several = ()
    """One of these."""
    difficulty: Several = ()
    """One of these."""
    metadata: dict[str, Several] = {}
    """For each key, one of these."""
    route: RouteRef
    """A key of `routes:`, or `default` for the pipeline's own stages."""
    then: tuple[RouteRef, ...] = ()
    """The routes after failed verdicts, in order; none: the task is given up."""

    @model_validator(mode="after")
    def _says_something(self) -> "Rule":
        if not (self.category or self.difficulty or self.metadata):
            raise ValueError(
                "a rule without category, difficulty or metadata fits every task: "
                "say `otherwise` instead"
            )
        return self


class Otherwise(Options):
    route: RouteRef = RouteRef("default")
    """A key of `routes:`, or `default` for the pipeline's own stages."""
    then: tuple[RouteRef, ...] = ()
    """The routes after failed verdicts, in order."""


class RulesOptions(Options):
    rules: tuple[Rule, ...] = Field(default=(), max_length=200)
    """The first that fits counts."""
    otherwise: Otherwise = Otherwise()
    """Where no rule fits."""
    classify: float | None = Field(default=None, ge=0, le=1)
    """Where a task states no category, take it from the words of its request if the classifier is
    at least so sure; None: leave it without."""


@hookimpl
def lift_sys_routers() -> list[Component]:
    return [
        Component(
            name="rules",
            factory="lift_sys_rules.router:Rules",
            summary="By category, difficulty or metadata: the first rule that fits",
            options=RulesOptions,
        )
    ]
