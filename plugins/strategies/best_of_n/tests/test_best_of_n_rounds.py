"""Rounds, diversity and choice, on scripted replies and simulated models."""

from itertools import cycle

import pytest
from lift_sys_best_of_n.plugin import BestOfNOptions
from lift_sys_best_of_n.strategy import BestOfN

from lift_sys.errors import BudgetExhausted, RequestRejected
from lift_sys.interfaces import Limits, Score, Variation
from lift_sys.pipeline.strategies import Anytime, PlainDraws
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.providers import ANYTHING, FailingProvider, ScriptedProvider
from lift_sys.testing.runs import make_attempt, make_context, make_implementation
from lift_sys.testing.samples import RIGHT_TEXT, SPECIFICATION, TASK, WRONG_TEXT, scripted_model
from lift_sys.testing.simulated import (
    ByVisibleChecks,
    SimulatedModel,
    SimulatedProblem,
    SimulatedProvider,
    Skill,
    simulated_tasks,
)

PARTS = TestParts.installed()
(SIMULATED,) = simulated_tasks(1)
ONE_BY_ONE = ANYTHING.model_copy(update={"n": 1})


def best_of(**options):
    return BestOfN(BestOfNOptions(**options), PARTS)


def code(body):
    return f"```python\ndef double(x: int) -> int:\n    {body}\n```"


async def on_code(provider, want=1, scorer=None, limits=None, **options):
    ctx = make_context(provider, scorer=scorer or ByVisibleChecks(), limits=limits)
    problem = make_implementation(TASK, SPECIFICATION)
    return await Anytime("best-of-n", best_of(**options)).run(problem, ctx, want)


async def on_simulated(skill, scorer=None, **options):
    provider = SimulatedProvider(SimulatedModel(skill=skill), [SIMULATED])
    ctx = make_context(provider, scorer=scorer or ByVisibleChecks())
    return await best_of(**options).run(SimulatedProblem(SIMULATED), ctx)


def sizes(outcome):
    return [each.drawn for each in outcome.diversity.rounds]


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [("growing", [4, 4, 8, 4]), ("one", [20]), ([3, 6], [3, 6, 6, 5])],
)
async def test_each_round_is_asked_for_at_once(rounds, expected):
    said = (code(f"return x + {i}") for i in range(20))
    provider = ScriptedProvider(said)
    outcome = await on_code(provider, n=20, rounds=rounds, distinct=0)
    assert sizes(outcome) == expected
    assert [request.sampling.n for request in provider.requests] == expected
    assert outcome.stopped == "drew all 20: 20 distinct of 20 valid draws, 20 in what they do"


async def test_the_scorers_choose_and_the_earliest_of_equals_wins():
    said = [code(body) for body in ("return x", "return 2 * x", "return x + x", "return 9")]
    outcome = await on_code(ScriptedProvider(said), n=4)
    assert "2 * x" in outcome.best.value.source
    assert outcome.best is outcome.candidates[1]

    class Contrary:
        async def score(self, problem, candidates, ctx):
            return [Score(float("9" in candidate.text), "its taste") for candidate in candidates]

    outcome = await on_code(ScriptedProvider(said), n=4, scorer=Contrary())
    assert "9" in outcome.best.value.source


async def test_without_an_opinion_of_a_scorer_the_checks_choose_and_that_is_said():
    class Silent:
        async def score(self, problem, candidates, ctx):
            return [Score(None, "no opinion") for _ in candidates]

    outcome = await on_code(ScriptedProvider([WRONG_TEXT, RIGHT_TEXT]), n=2, scorer=Silent())
    assert outcome.best is outcome.candidates[1]
    assert outcome.stopped.endswith("no scorer had an opinion, the visible checks chose")


async def test_what_says_and_what_does_the_same_is_told_apart_round_by_round():
    bodies = ["return 2 * x", "return  2 * x  # again", "return x + x", "return x", "return x"]
    said = [code(body) for body in bodies]
    outcome = await on_code(ScriptedProvider(said), n=5, rounds=[4, 1], distinct=0)
    first, second = outcome.diversity.rounds
    assert (first.texts, first.forms, first.behaviours, first.refuted) == (4, 3, 2, 1)
    assert (second.texts, second.forms, second.behaviours, second.refuted) == (0, 0, 0, 1)
    assert (outcome.diversity.textual, outcome.diversity.behavioural) == (3, 2)


async def test_several_winners_do_different_things_as_far_as_there_are_such():
    bodies = ["return 2 * x", "return x + x", "return x", "return 2 * x"]
    said = [code(body) for body in bodies]
    outcome = await on_code(ScriptedProvider(said), want=4, n=4)
    assert [outcome.candidates.index(winner) for winner in outcome.winners] == [0, 2, 1, 3]


async def test_copies_call_for_another_temperature_and_then_other_examples():
    provider = scripted_model(lambda place, request: RIGHT_TEXT)
    outcome = await on_code(provider, n=16)
    assert sizes(outcome) == [4, 2, 2]
    first, hot, other = provider.requests
    assert [request.sampling.temperature for request in (first, hot, other)] == [None, 1.0, 1.0]
    assert first.messages == hot.messages != other.messages
    varied = [each.varied for each in outcome.diversity.rounds]
    assert varied == [None, Variation(temperature=1.0), Variation(temperature=1.0, few_shot=1)]
    assert outcome.stopped.startswith(
        "nothing new after 8 of 16 draws, not even with temperature 1.0, few-shot choice 1: "
        "1 distinct of 8 valid draws"
    )


async def test_a_variation_that_helps_is_kept():
    copying = Skill(success=0.5, copies=((0.7, 1.0), (1.0, 0.0)))
    outcome = await on_simulated(copying, n=16)
    assert sizes(outcome) == [4, 2, 4, 6]
    assert [each.varied and each.varied.temperature for each in outcome.diversity.rounds] == [
        *(None, 1.0, 1.0, 1.0)
    ]
    assert outcome.diversity.textual == 13
    assert outcome.stopped.startswith("drew all 16")


async def test_variants_that_a_stage_does_not_offer_and_steps_that_change_nothing_are_left_out():
    vary = [{"variant": "sung"}, {"variant": "reasoning"}, {"variant": "reasoning"}]
    outcome = await on_simulated(Skill(success=0.5, copies=1.0, stubborn=1.0), vary=vary)
    assert [each.varied and each.varied.variant for each in outcome.diversity.rounds] == [
        *(None, "reasoning")
    ]


async def test_right_answers_that_agree_are_no_want_of_diversity():
    outcome = await on_simulated(Skill(success=1.0), n=16)
    assert sizes(outcome) == [4, 4, 8]
    assert not any(each.varied for each in outcome.diversity.rounds)


async def test_agreement_on_what_the_checks_refute_is():
    outcome = await on_simulated(Skill(success=0.0, systematic=1.0), n=64)
    first, *others = outcome.diversity.rounds
    assert (first.texts, first.behaviours, first.refuted) == (4, 1, 4)
    assert all(each.varied for each in others)
    assert outcome.stopped.startswith("nothing new after 12 of 64 draws")


async def test_it_stops_at_the_first_that_passes_where_that_is_asked():
    said = [WRONG_TEXT, WRONG_TEXT, code("return x"), RIGHT_TEXT, *[WRONG_TEXT] * 12]
    outcome = await on_code(ScriptedProvider(said), n=16, stop_at="pass")
    assert outcome.stopped.startswith("enough at pass after 4 draws")
    assert outcome.best is outcome.candidates[3]
    outcome = await on_code(ScriptedProvider(said), n=16, stop_at=1.0)
    assert outcome.stopped.startswith("enough at 1.0 after 4 draws")
    assert len((await on_code(ScriptedProvider(said), n=16, distinct=0)).candidates) == 16


async def test_one_http_error_of_eight_costs_one_candidate():
    model = scripted_model(
        lambda place, request: code(f"return x * {place}"), capabilities=ONE_BY_ONE
    )
    provider = FailingProvider(model, RequestRejected("HTTP 400"), times=1)
    outcome = await on_code(provider, n=8)
    assert len(outcome.candidates) == 8
    assert outcome.diversity.drawn == 7
    assert outcome.best is not None
    assert not outcome.cut_short


@pytest.mark.parametrize("calls", range(1, 8))
async def test_a_budget_is_never_overrun_and_its_end_leaves_the_best_and_the_measure(calls):
    model = scripted_model(
        lambda place, request: RIGHT_TEXT if place == 1 else code(f"return {place}"),
        capabilities=ONE_BY_ONE,
    )
    outcome = await on_code(model, n=8, limits=Limits(calls=calls))
    assert model.calls == calls
    assert outcome.cut_short
    assert "used up" in outcome.stopped
    assert outcome.diversity.drawn == calls
    assert outcome.best is outcome.candidates[1 if calls > 1 else 0]


async def test_a_budget_that_covers_nothing_is_the_end():
    with pytest.raises(BudgetExhausted):
        await on_code(scripted_model(), limits=Limits(calls=0))


@pytest.mark.parametrize("stop_at", [None, 0.9])
async def test_scorers_that_no_budget_covers_leave_the_choice_to_the_checks_and_it_says_so(stop_at):
    class Dear:
        async def score(self, problem, candidates, ctx):
            raise BudgetExhausted("`budget` is used up")

    model = scripted_model(lambda place, _: RIGHT_TEXT if place == 2 else WRONG_TEXT)
    outcome = await on_code(model, scorer=Dear(), n=4, stop_at=stop_at)
    assert outcome.best.text == RIGHT_TEXT
    assert outcome.cut_short
    told = "no scorer was asked as `budget` is used up, the visible checks chose"
    assert told in outcome.stopped
    assert len(outcome.candidates) == 4


async def test_what_was_best_is_offered_while_more_is_drawn():
    ctx = make_context(scripted_model(lambda place, _: WRONG_TEXT if place else RIGHT_TEXT))
    offered = []

    class Watching(PlainDraws):
        async def run(self, problem, ctx, want=1):
            offered.append(ctx.offers.best)
            return await super().run(problem, ctx, want)

    class Parts(TestParts):
        def strategy(self, ref):
            return Watching()

    strategy = BestOfN(BestOfNOptions(n=8, distinct=0), Parts.installed())
    await strategy.run(make_implementation(TASK, SPECIFICATION), ctx)
    assert offered[0] is None
    assert "2 * x" in offered[1].value.source
    assert ctx.offers.best is offered[1]


async def test_another_order_of_effects_is_asked_of_the_stage_that_offers_it():
    provider = scripted_model(lambda place, request: WRONG_TEXT)
    ctx = make_context(provider, scorer=ByVisibleChecks())
    outcome = await best_of(n=8, vary=[{"variant": "edges-first"}]).run(make_attempt(TASK), ctx)
    assert [each.varied and each.varied.variant for each in outcome.diversity.rounds] == [
        *(None, "edges-first")
    ]
    systems = [request.messages[0].content for request in provider.requests]
    told = ["from the rarest case to the ordinary one" in system for system in systems]
    # 4 specifications at once and code to each, then 2; code knows no such variant.
    assert told == [*[False] * 5, True, False, False]


async def test_on_attempts_the_variation_reaches_both_stages():
    texts = cycle([WRONG_TEXT])
    provider = scripted_model(lambda place, request: next(texts))
    ctx = make_context(provider, scorer=ByVisibleChecks())
    outcome = await best_of(n=8).run(make_attempt(TASK), ctx)
    assert outcome.best.stage == "attempt"
    assert sizes(outcome) == [4, 2, 2]
    temperatures = {request.sampling.temperature for request in provider.requests}
    assert temperatures == {None, 1.0}
