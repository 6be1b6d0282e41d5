"""Registers the scorer; light on purpose."""

from typing import Literal

from lift_sys.plugins import Component, Options, hookimpl


class AgreementOptions(Options):
    copies: Literal["each", "once"] = "each"
    """Whether candidates that say the same count each, or together as one: copies of one text say
    less than the same found twice."""
    refuted: Literal["count", "zero"] = "count"
    """Whether candidates that the visible checks refute count like any other, or get 0 and count
    for nobody."""


@hookimpl
def lift_sys_scorers() -> list[Component]:
    return [
        Component(
            name="agreement",
            factory="lift_sys_agreement.scorer:Agreement",
            summary="The share of the other candidates that do the same",
            options=AgreementOptions,
        )
    ]
