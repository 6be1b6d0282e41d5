"""What every strategy runs in: its offers kept, its budget's end turned into an answer."""

from dataclasses import replace
from typing import Any, TypeVar, cast

from ..errors import BrokenPlugin, BudgetExhausted
from ..interfaces import (
    Context,
    Diversity,
    Outcome,
    Problem,
    Spend,
    Strategy,
    StrategyStopped,
    spend_of,
)
from .context import RunContext

T = TypeVar("T")


class PlainDraws:
    """The strategy of a stage that names none: as many draws as are wanted, valid ones first."""

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        drawn = tuple(await problem.draw(ctx, want))
        winners = tuple(candidate for candidate in drawn if candidate.value is not None)
        if winners:
            ctx.offer(winners[0])
        return Outcome(winners, f"drew the {want} wanted", drawn)


class Anytime:
    """A named strategy that gives its best so far when the budget ends, and says what it spent."""

    def __init__(self, name: str, strategy: Strategy) -> None:
        self._name = name
        self._strategy = strategy

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        inside = ctx.within() if isinstance(ctx, RunContext) else ctx
        try:
            outcome = self._checked(await self._strategy.run(problem, inside, want))
        except SystemExit as exit:
            raise self._broken(f"ended the program with status {exit.code}") from exit
        except BudgetExhausted as exhausted:
            best = inside.offers.best if isinstance(inside, RunContext) else None
            if best is None:
                raise
            outcome = Outcome((best,), str(exhausted), (best,), cut_short=True)
        diversity = outcome.diversity or _diversity(problem, outcome)
        spend = _spend(inside, outcome)
        ctx.emit(
            StrategyStopped(
                stage=problem.stage,
                strategy=self._name,
                why=outcome.stopped,
                winners=tuple(candidate.id for candidate in outcome.winners),
                drawn=len(outcome.candidates),
                distinct=diversity.textual,
                distinct_behaviour=diversity.behavioural,
                rounds=diversity.rounds,
                clusters=outcome.clusters,
                spend=spend,
            )
        )
        return replace(outcome, diversity=diversity, spend=spend)

    def _checked(self, outcome: object) -> Outcome[Any]:
        if isinstance(outcome, Outcome):
            return cast("Outcome[Any]", outcome)
        raise self._broken(f"gave a {type(outcome).__name__} where an Outcome is due")

    def _broken(self, how: str) -> BrokenPlugin:
        remedy = "report it to its author (`lift plugins` names the distribution)"
        return BrokenPlugin(f"the strategy {self._name} {how}", remedy=remedy)


def _diversity(problem: Problem[T], outcome: Outcome[T]) -> Diversity:
    """In what they say, which costs nothing to find out."""
    values = [c.value for c in outcome.candidates if c.stage == problem.stage]
    valid = [value for value in values if value is not None]
    return Diversity(len(valid), len({problem.canonical(value) for value in valid}))


def _spend(inside: Context, outcome: Outcome[Any]) -> Spend:
    return inside.ledger.spend if isinstance(inside, RunContext) else spend_of(outcome.candidates)
