"""What every strategy runs in: its offers kept, its budget's end turned into an answer."""

from typing import Any, TypeVar, cast

from ..errors import BrokenPlugin, BudgetExhausted
from ..interfaces import Context, Outcome, Problem, Strategy, StrategyStopped, spend_of
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
    """A named strategy that gives its best so far when the budget ends."""

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
        diversity = outcome.diversity
        ctx.emit(
            StrategyStopped(
                stage=problem.stage,
                strategy=self._name,
                why=outcome.stopped,
                winners=tuple(candidate.id for candidate in outcome.winners),
                drawn=len(outcome.candidates),
                distinct=diversity.textual if diversity else None,
                distinct_behaviour=diversity.behavioural if diversity else None,
                rounds=diversity.rounds if diversity else (),
                clusters=outcome.clusters,
                spend=spend_of(outcome.candidates),
            )
        )
        return outcome

    def _checked(self, outcome: object) -> Outcome[Any]:
        if isinstance(outcome, Outcome):
            return cast("Outcome[Any]", outcome)
        raise self._broken(f"gave a {type(outcome).__name__} where an Outcome is due")

    def _broken(self, how: str) -> BrokenPlugin:
        remedy = "report it to its author (`lift plugins` names the distribution)"
        return BrokenPlugin(f"the strategy {self._name} {how}", remedy=remedy)
