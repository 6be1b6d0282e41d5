"""Registers the strategy; light on purpose."""

from typing import Literal

from pydantic import Field

from lift_sys.interfaces import ProviderRef, StrategyRef
from lift_sys.plugins import Component, Options, hookimpl


class RefineOptions(Options):
    rounds: int = Field(default=4, ge=0, le=100)
    """How often it draws again at most."""
    inner: StrategyRef | None = None
    """The strategy that makes each draw; none: plain draws."""
    model: Literal["never", "unrefuted", "always"] = "unrefuted"
    """When a model criticises, besides the checks, which cost nothing: what they do not refute,
    whatever comes, or never."""
    provider: ProviderRef | None = None
    """The entry of `providers:` that criticises; none: the one that wrote what is criticised."""
    quality: float = Field(default=8, ge=0, le=10)
    """Of 10, by the critic: what no check refutes is good enough then."""
    patience: int = Field(default=2, ge=1)
    """Rounds in a row without anything better, after which it stops."""
    counter_examples: int = Field(default=1, ge=1, le=20)
    """How many of the smallest ones are told at once."""
    max_tokens: int = Field(default=800, ge=64, le=8192)
    """The longest critique."""


@hookimpl
def lift_sys_strategies() -> list[Component]:
    return [
        Component(
            name="refine",
            factory="lift_sys_refine.strategy:Refine",
            summary="Draw, criticise, draw again with what was wrong, and keep the best",
            options=RefineOptions,
            asks_scorers=False,
        )
    ]
