"""Registers the scorer; light on purpose."""

from typing import Annotated

from pydantic import Field

from lift_sys.interfaces import CheckRef
from lift_sys.plugins import Component, Options, hookimpl


def _crosshair() -> CheckRef:
    return CheckRef(use="crosshair")


class SymbolicOptions(Options):
    check: CheckRef = Field(default_factory=_crosshair)
    """The check that searches, with its own limits for each candidate: `condition_seconds` of CPU
    time for one claim and `seconds` in all."""
    unrefuted: Annotated[float, Field(gt=0, lt=1)] = 0.75
    """What code gets of which the search found nothing wrong, but left paths out."""
    most: int = Field(default=4, ge=1, le=100)
    """How many different candidates of a set are searched, those first that the visible checks
    pass and that more of the others agree with; the rest get no score."""


@hookimpl
def lift_sys_scorers() -> list[Component]:
    return [
        Component(
            name="symbolic",
            factory="lift_sys_symbolic.scorer:Symbolic",
            summary="Whether symbolic execution finds an input that breaks an assertion",
            options=SymbolicOptions,
        )
    ]
