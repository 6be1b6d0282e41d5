"""Registers the scorer; light on purpose."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from lift_sys.interfaces import ConfigPath
from lift_sys.plugins import Component, Options, hookimpl

Criterion = Literal["assertions", "effects", "literals", "quirks", "types", "edges", "intent"]
Weight = Annotated[float, Field(ge=0, le=100)]


class RubricOptions(Options):
    preset: Literal["capped", "original"] = "capped"
    """`original` adds points as the first system did, length and all: to reproduce its choices,
    not to make them."""
    weights: dict[Criterion, Weight] = {}
    """How much a criterion counts, where not as usual; 0 leaves it out. With `capped` only."""
    reasoning: float = Field(default=0.5, ge=0, le=1)
    """The most that is taken off where a draw's own reasoning does not reach its specification."""
    calibration: ConfigPath | None = None
    """A file that `python -m lift_sys_rubric.calibrate` wrote: scores become chances to pass."""

    @model_validator(mode="after")
    def _sensible(self) -> "RubricOptions":
        if self.preset == "original" and self.weights:
            raise ValueError("`original` has weights of its own: leave `weights` out")
        return self


@hookimpl
def lift_sys_scorers() -> list[Component]:
    return [
        Component(
            name="rubric",
            factory="lift_sys_rubric.scorer:Rubric",
            summary="Seven criteria of a specification, each capped: length alone earns nothing",
            options=RubricOptions,
        )
    ]
