"""Registers the strategy; light on purpose."""

from typing import Literal

from pydantic import Field

from lift_sys.interfaces import ProviderRef, StrategyRef
from lift_sys.plugins import Component, Options, hookimpl


class DualAgreementOptions(Options):
    n: int = Field(default=8, ge=1, le=10_000)
    """How many candidates are drawn; more where more winners are wanted."""
    inner: StrategyRef | None = None
    """The strategy that makes each draw; none: plain draws."""
    tests: Literal["written", "specified", "both"] = "both"
    """Where tests come from: a model writes them from the request; they are the assertions and
    branches of the specifications that code was drawn for; or both."""
    sets: int = Field(default=4, ge=1, le=100)
    """How many sets of tests the model writes, none knowing of the others."""
    most: int = Field(default=40, ge=1, le=500)
    """The most different tests that are kept of those it writes, the earliest ones."""
    provider: ProviderRef | None = None
    """The entry of `providers:` that writes tests; none: the stage's own."""
    score: Literal["product", "root"] = "product"
    """What an agreement is worth: the number of its candidates times that of its tests, or the
    root of the first times the second, so that more of the same counts less."""
    alike: Literal["tests", "behaviour"] = "behaviour"
    """Which candidates agree with one another: those that pass the same tests, or those among
    them that also do the same on all inputs of the tests."""
    copies: Literal["each", "once"] = "each"
    """Whether candidates that say the same count each, or together as one."""
    max_tokens: int = Field(default=1000, ge=16, le=16_384)
    """The longest set of tests."""
    temperature: float | None = Field(default=0.8, ge=0)
    """At which tests are written; none: the model's own default."""


@hookimpl
def lift_sys_strategies() -> list[Component]:
    return [
        Component(
            name="dual-agreement",
            factory="lift_sys_dual_agreement.strategy:DualAgreement",
            summary="Candidates and tests drawn apart: the largest agreement of the two wins",
            options=DualAgreementOptions,
            asks_scorers=False,
        )
    ]
