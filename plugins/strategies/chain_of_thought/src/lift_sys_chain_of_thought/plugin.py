"""Registers the strategy; light on purpose."""

from typing import Literal

from lift_sys.interfaces import StrategyRef
from lift_sys.plugins import Component, Options, hookimpl


class ChainOfThoughtOptions(Options):
    inner: StrategyRef | None = None
    """The strategy whose draws reason first; none: plain draws."""
    calls: Literal["fitting", "one"] = "fitting"
    """`fitting`: the answer after the reasoning is held to its schema, in a second call where the
    provider cannot do that in the first; `one`: both in one reply, whatever that costs in form."""


@hookimpl
def lift_sys_strategies() -> list[Component]:
    return [
        Component(
            name="chain-of-thought",
            factory="lift_sys_chain_of_thought.strategy:ChainOfThought",
            summary="Reasoning first, kept apart, then the answer that is held to its schema",
            options=ChainOfThoughtOptions,
            asks_scorers=False,
        )
    ]
