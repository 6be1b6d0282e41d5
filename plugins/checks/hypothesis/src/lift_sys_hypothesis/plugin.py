"""Registers the check; light on purpose."""

from pydantic import Field

from lift_sys.plugins import Component, Options, hookimpl


class HypothesisOptions(Options):
    max_examples: int = Field(default=100, ge=1, le=10_000)
    """How many inputs that keep to the preconditions are tried."""
    seconds: float = Field(default=20.0, gt=0, le=600)
    """The most that one examination takes; what was found by then counts."""
    seed: int = Field(default=0, ge=0)
    """Another seed, other inputs; the same seed, the same ones."""


@hookimpl
def lift_sys_checks() -> list[Component]:
    return [
        Component(
            name="hypothesis",
            factory="lift_sys_hypothesis.check:HypothesisCheck",
            summary="Tries generated inputs against the assertions, and shrinks what fails",
            options=HypothesisOptions,
        )
    ]
