"""What the plugin offers; numpy and the weights are read when the first call is made."""

from typing import Annotated, Literal

from pydantic import Field

from lift_sys.interfaces import ConfigPath, Price
from lift_sys.plugins import Component, Options, Starter, hookimpl

REQUEST = "Create a function that limits a number to at least 3 and at most 9."
"""Of a kind that it was taught."""
EXAMPLES = ("limit(1) == 3", "limit(5) == 5", "limit(12) == 9")


class EmbeddedOptions(Options):
    model: Literal["base", "small"] = "base"
    """Which of the two: `base` knows more, `small` is three times as fast."""
    path: ConfigPath | None = None
    """Folder of a model of one's own, as `lift train export` writes it; in place of `model`."""
    temperature: Annotated[float, Field(ge=0, le=10)] = 0.7
    """Where a pipeline gives none. 0: always the likeliest word."""
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Draws among the likeliest words that have this share of the whole together."""
    refuse: bool = True
    """Whether a request unlike those it was trained for is an error instead of a guess."""
    price: Price = Price(input=0, output=0)
    """US dollars per million tokens that it is said to cost, to try budgets and cascades on it."""


@hookimpl
def lift_sys_providers() -> list[Component]:
    return [
        Component(
            name="embedded",
            factory="lift_sys_embedded.provider:create",
            summary="Two small models of our own in the package: no key, no network, no GPU",
            options=EmbeddedOptions,
            starter=Starter(request=REQUEST, examples=EXAMPLES),
        )
    ]
