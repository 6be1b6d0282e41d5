"""Registers the scorer; light on purpose."""

from typing import Literal

from lift_sys.plugins import Component, Options, hookimpl


class LogprobOptions(Options):
    normalise: Literal["length", "sum"] = "length"
    """`length`: the mean over the tokens of a draw; `sum`: the draw as a whole, which favours
    short ones."""


@hookimpl
def lift_sys_scorers() -> list[Component]:
    return [
        Component(
            name="logprob",
            factory="lift_sys_logprob.scorer:Logprob",
            summary="How probable the model itself found each draw, beside the others",
            options=LogprobOptions,
        )
    ]
