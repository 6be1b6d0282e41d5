"""Registers the strategy; light on purpose."""

from typing import Literal

from pydantic import Field

from lift_sys.interfaces import ProviderRef, StrategyRef
from lift_sys.plugins import Component, Options, hookimpl


class DistinguishOptions(Options):
    n: int = Field(default=8, ge=1, le=10_000)
    """How many candidates are drawn; more where more winners are wanted."""
    inner: StrategyRef | None = None
    """The strategy that makes each draw; none: plain draws."""
    provider: ProviderRef | None = None
    """The entry of `providers:` that is asked which output is right; none: the stage's own."""
    matches: int = Field(default=4, ge=1, le=100)
    """The most clusters that the leading one is held against, the larger ones first."""
    questions: int = Field(default=1, ge=1, le=9)
    """On how many inputs two clusters are compared; each is asked about in both orders."""
    search: int = Field(default=120, ge=0, le=5000)
    """How many inputs more than the checks have are looked for, where candidates might differ; 0:
    none."""
    show: Literal["outputs", "candidates"] = "outputs"
    """What the model sees: only what comes out, or the candidates too."""
    max_tokens: int = Field(default=600, ge=16, le=8192)
    """The longest answer."""
    temperature: float | None = Field(default=0.0, ge=0)
    """Of the answers; none: the model's own default."""


@hookimpl
def lift_sys_strategies() -> list[Component]:
    return [
        Component(
            name="distinguish",
            factory="lift_sys_distinguish.strategy:Distinguish",
            summary="Find an input on which candidates differ, and ask which output is right",
            options=DistinguishOptions,
            asks_scorers=False,
        )
    ]
