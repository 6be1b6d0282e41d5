"""What every strategy must do, on IRs, on code and on whole attempts alike."""

import asyncio
from collections.abc import Sequence
from typing import Any

from ...errors import AuthenticationFailed, BudgetExhausted, RequestRejected
from ...interfaces import (
    CallMade,
    Candidate,
    CandidateDrawn,
    Context,
    Event,
    Limits,
    Outcome,
    Problem,
    Provider,
    Request,
    Score,
    Strategy,
    StrategyStopped,
)
from ...ir import Intent
from ...pipeline.strategies import Anytime
from ...plugins import PluginManager
from ..providers import Answer, ScriptedProvider, SlowProvider, Wrapper
from ..runs import make_attempt, make_context, make_implementation, make_specification
from ..samples import RIGHT_TEXT, SPECIFICATION, TASK, WRONG_TEXT, scripted_model
from .base import FREE, ComponentConformance, TestParts, run

ONE_BY_ONE = FREE.model_copy(update={"n": 1})


class ByCheck:
    """The stage's scorer in these tests: whether the visible checks pass."""

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        verdicts = [await problem.check(candidate.value) for candidate in candidates]
        return [Score(float(verdict.passed), verdict.status) for verdict in verdicts]


def problems() -> list[Problem[Any]]:
    """The same task, seen from each stage."""
    return [make_specification(TASK), make_implementation(TASK, SPECIFICATION), make_attempt(TASK)]


def varied_model(**settings: Any) -> ScriptedProvider:
    """Its first code is wrong, its second right, and so on."""
    return scripted_model(lambda place, _: RIGHT_TEXT if place % 2 else WRONG_TEXT, **settings)


def rich_model() -> Provider:
    """Whatever it says is right, and said in another way each time."""

    def specification(place: int, _: Request) -> str:
        intent = Intent(summary=f"Double a number, in words of its own ({place})")
        told = SPECIFICATION.model_copy(update={"intent": intent})
        return told.model_dump_json(exclude_defaults=True)

    return scripted_model(
        code=lambda place, _: RIGHT_TEXT.replace("2 * x", f"2 * x + {place} - {place}"),
        ir=specification,
    )


class Stalling(Wrapper):
    """Answers so many calls, and keeps the next one waiting for ever."""

    def __init__(self, inner: Provider, calls: int) -> None:
        super().__init__(inner)
        self._left = calls
        self.stalled = asyncio.Event()

    async def complete(self, requests: Sequence[Request]) -> Sequence[Answer]:
        self._left -= 1
        if self._left < 0:
            self.stalled.set()
            await asyncio.Event().wait()
        return await super().complete(requests)


class StrategyConformance(ComponentConformance):
    kind = "strategies"

    def solve(
        self,
        problem: Problem[Any],
        provider: Provider,
        *,
        want: int = 1,
        calls: int | None = None,
        events: list[Event] | None = None,
    ) -> Outcome[Any]:
        """Runs it as a pipeline would."""
        strategy: Strategy = Anytime("under test", self.make())
        limits = Limits(calls=calls)
        ctx = make_context(provider, scorer=ByCheck(), limits=limits, events=events)
        return run(strategy.run(problem, ctx, want))

    def test_it_solves_problems_of_every_stage(self) -> None:
        for problem in problems():
            outcome = self.solve(problem, scripted_model())
            best = outcome.best
            assert best is not None, f"no winner on {problem.stage}"
            assert best.value is not None, f"an invalid winner on {problem.stage}"
            assert best.stage == problem.stage, f"a {best.stage} candidate won {problem.stage}"

    def test_it_says_why_it_stopped(self) -> None:
        for problem in problems():
            assert self.solve(problem, scripted_model()).stopped.strip(), problem.stage

    def test_it_gives_no_more_winners_than_are_wanted(self) -> None:
        for problem in problems():
            for want in (1, 2, 3):
                winners = self.solve(problem, varied_model(), want=want).winners
                assert 1 <= len(winners) <= want, f"{len(winners)} winners, {want} wanted"
                assert len({winner.id for winner in winners}) == len(winners), "one won twice"

    def test_it_gives_several_where_several_are_wanted_and_to_be_had(self) -> None:
        for problem in problems():
            winners = self.solve(problem, rich_model(), want=3).winners
            assert len(winners) > 1, (
                f"of {problem.stage} 3 were wanted and every draw is good and another one, and it "
                "gave 1: `want` says how many, as strategies around this one rely on"
            )

    def test_its_winners_were_drawn(self) -> None:
        for problem in problems():
            outcome = self.solve(problem, varied_model())
            ids = {candidate.id for candidate in outcome.candidates}
            lost = [winner.id for winner in outcome.winners if winner.id not in ids]
            assert not lost, f"winners missing from `candidates`: {lost}"

    def test_invalid_draws_never_win(self) -> None:
        for problem in problems():
            outcome = self.solve(problem, ScriptedProvider(lambda request: "not what was asked"))
            assert all(winner.value is not None for winner in outcome.winners), problem.stage
            if problem.stage != "attempt":
                assert not outcome.winners, f"something invalid won on {problem.stage}"

    def test_refused_draws_cost_candidates_not_the_task(self) -> None:
        refusal = RequestRejected("not this one")
        for problem in problems():
            outcome = self.solve(problem, ScriptedProvider(lambda request: refusal))
            assert not outcome.winners

    def test_an_error_that_every_call_meets_is_passed_on(self) -> None:
        provider = ScriptedProvider(lambda request: AuthenticationFailed("no key"))
        try:
            self.solve(make_specification(TASK), provider)
        except AuthenticationFailed:
            return
        raise AssertionError("it swallowed an error that makes every other call useless")

    def test_it_never_overruns_its_budget_and_keeps_its_best(self) -> None:
        for problem in problems():
            for calls in (0, 1, 2, 3, 5):
                provider = varied_model(capabilities=ONE_BY_ONE)
                events: list[Event] = []
                try:
                    best = self.solve(problem, provider, calls=calls, events=events).best
                except BudgetExhausted:
                    best = None
                assert provider.calls <= calls, "it spent more than the budget"
                drawn = [each for each in events if isinstance(each, CandidateDrawn)]
                valid = [each for each in drawn if each.stage == problem.stage and not each.failure]
                if valid:
                    assert best is not None, (
                        "it lost what was paid for: ctx.offer() the best so far"
                    )
                    assert best.value is not None

    def test_it_says_what_it_spent_and_how_many_draws_differed(self) -> None:
        for problem in problems():
            events: list[Event] = []
            outcome = self.solve(problem, varied_model(capabilities=ONE_BY_ONE), events=events)
            made = {each.call.id for each in events if isinstance(each, CallMade)}
            assert outcome.spend is not None
            assert outcome.spend.calls == len(made), "calls that its spending does not tell"
            diversity = outcome.diversity
            assert diversity is not None
            assert 1 <= diversity.textual <= diversity.drawn <= len(outcome.candidates)
            told = [each for each in events if isinstance(each, StrategyStopped)][-1]
            assert (told.why, told.spend, told.distinct) == (
                outcome.stopped,
                outcome.spend,
                diversity.textual,
            )

    def test_whenever_it_is_stopped_its_best_so_far_is_there(self) -> None:
        for problem in problems():
            for calls in (1, 2, 4):
                run(self._stopped_after(problem, calls), seconds=30)

    async def _stopped_after(self, problem: Problem[Any], calls: int) -> None:
        """Cancelled while it waits for the answer to a further call, as by Ctrl-C."""
        events: list[Event] = []
        provider = Stalling(varied_model(capabilities=ONE_BY_ONE), calls)
        ctx = make_context(provider, scorer=ByCheck(), events=events)
        running = asyncio.create_task(Anytime("under test", self.make()).run(problem, ctx))
        stalled = asyncio.create_task(provider.stalled.wait())
        await asyncio.wait((running, stalled), return_when=asyncio.FIRST_COMPLETED)
        for task in (running, stalled):
            task.cancel()
        await asyncio.gather(running, stalled, return_exceptions=True)
        drawn = [each for each in events if isinstance(each, CandidateDrawn)]
        if any(each.stage == problem.stage and not each.failure for each in drawn):
            best = ctx.offers.best
            assert best is not None, f"stopped after {calls} calls, it lost what had been drawn"
            assert best.value is not None
            assert best.stage == problem.stage

    def test_the_same_seed_gives_the_same_winners(self) -> None:
        for problem in problems():
            first = self.solve(problem, varied_model())
            again = self.solve(problem, varied_model())
            assert [w.text for w in first.winners] == [w.text for w in again.winners]

    def test_a_cancel_goes_through_at_once(self) -> None:
        async def cancelled(problem: Problem[Any]) -> None:
            ctx = make_context(SlowProvider(scripted_model(), 3600), scorer=ByCheck())
            running = asyncio.create_task(self.make().run(problem, ctx))
            await asyncio.sleep(0.02)
            running.cancel()
            try:
                await running
            except asyncio.CancelledError:
                return
            raise AssertionError("it swallowed the cancel")

        for problem in problems():
            run(cancelled(problem), seconds=10)

    def test_it_asks_its_inner_strategy_where_it_takes_one(self) -> None:
        if "inner" not in self.described().options.model_fields:
            return
        inner = Counting()
        strategy = self.make_over(inner)
        ctx = make_context(scripted_model(), scorer=ByCheck())
        outcome = run(strategy.run(make_specification(TASK), ctx))
        assert inner.runs, "it took an inner strategy and never asked it"
        assert outcome.best is not None

    def make_over(self, inner: Strategy) -> Any:
        """The strategy with `inner` inside."""
        manager = PluginManager.installed()

        class Parts(TestParts):
            def strategy(self, ref: object) -> Strategy:
                return inner

        component = manager.component(self.kind, self.component)
        options = component.options.model_validate(dict(self.options))
        return manager.build(component, options, Parts(manager))


class Counting:
    """Plain draws, counted."""

    def __init__(self) -> None:
        self.runs = 0

    async def run(self, problem: Problem[Any], ctx: Context, want: int = 1) -> Outcome[Any]:
        self.runs += 1
        drawn = tuple(await problem.draw(ctx, want))
        valid = tuple(candidate for candidate in drawn if candidate.value is not None)
        return Outcome(valid, "drew what was wanted", drawn)
