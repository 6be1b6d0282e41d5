"""Registers the strategy; light on purpose."""

from typing import Annotated, Literal

from pydantic import Field

from lift_sys.interfaces import StrategyRef
from lift_sys.plugins import Component, Options, hookimpl


class SelfConsistencyOptions(Options):
    n: int = Field(default=16, ge=1, le=10_000)
    """The most votes; more where more winners are wanted."""
    batch: int = Field(default=4, ge=1)
    """How many draws are asked for at once. The vote is looked at after each batch: `n` asks for
    all at once and stops nothing early."""
    inner: StrategyRef | None = None
    """The strategy that makes each draw; none: plain draws."""
    weights: Literal["one", "score", "logprob"] = "one"
    """What a vote counts: one; the score that the stage's scorers give it; or the likelihood that
    the model gave each of its tokens in the mean (set `logprobs: true` under `sampling:`)."""
    sure: Annotated[float, Field(gt=0.5, lt=1)] | None = 0.95
    """Ends the drawing once the leader is that likely to be ahead of the next for good; none: only
    when no vote to come can change who leads."""


@hookimpl
def lift_sys_strategies() -> list[Component]:
    return [
        Component(
            name="self-consistency",
            factory="lift_sys_self_consistency.strategy:SelfConsistency",
            summary="Vote by what candidates mean or do, and stop when the vote is decided",
            options=SelfConsistencyOptions,
            asks_scorers=True,
        )
    ]
