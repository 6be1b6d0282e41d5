"""Registers the strategy; light on purpose."""

from typing import Annotated, Literal

from pydantic import Field

from lift_sys.interfaces import StrategyRef, Variation
from lift_sys.plugins import Component, Options, hookimpl

Size = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class BestOfNOptions(Options):
    n: int = Field(default=16, ge=1, le=10_000)
    """The most draws; more where more winners are wanted."""
    rounds: Literal["growing", "one"] | Annotated[tuple[Size, ...], Field(min_length=1)] = "growing"
    """How they are asked for: `growing` is 4, 4, 8, 16, ...; `one` asks for all at once; a list
    gives the size of each round, its last one that of all after it."""
    inner: StrategyRef | None = None
    """The strategy that makes each draw; none: plain draws."""
    stop_at: Literal["pass"] | Share | None = None
    """Ends the drawing early: at the first that passes its visible checks, or at the first whose
    score is at least this; none: only the rules of diversity do."""
    distinct: Share = 0.5
    """Where fewer of a round's draws are new, or more agree on what the checks refute, the next
    round is varied. 0: draws are never varied, and nothing ends for want of diversity."""
    patience: int = Field(default=8, ge=1)
    """Draws in a row that the checks refute and that do nothing new, after which it stops, once
    all variations were tried. Copies alone end it at once."""
    vary: tuple[Variation, ...] = (
        Variation(temperature=1.0),
        Variation(temperature=1.0, few_shot=1),
    )
    """How, one step after another: `temperature`, `few_shot` (which choice of examples), `variant`
    (of the prompt). What the stage does not offer or does already is left out."""


@hookimpl
def lift_sys_strategies() -> list[Component]:
    return [
        Component(
            name="best-of-n",
            factory="lift_sys_best_of_n.strategy:BestOfN",
            summary="Draw in rounds, vary or stop where draws do not differ; the scorers choose",
            options=BestOfNOptions,
            asks_scorers=True,
        )
    ]
