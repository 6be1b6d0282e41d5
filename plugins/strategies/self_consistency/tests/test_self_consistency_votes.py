"""What votes together, what decides a vote, and what that spares."""

import json
from collections import Counter
from itertools import cycle
from random import Random

import pytest
from lift_sys_self_consistency.plugin import SelfConsistencyOptions
from lift_sys_self_consistency.strategy import SelfConsistency
from lift_sys_self_consistency.votes import Tally, certainty, is_settled

from lift_sys.errors import RequestRejected
from lift_sys.interfaces import Completion, Limits, Score
from lift_sys.pipeline.strategies import Anytime
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.providers import ANYTHING, FailingProvider, ScriptedProvider
from lift_sys.testing.runs import (
    make_attempt,
    make_context,
    make_implementation,
    make_specification,
)
from lift_sys.testing.samples import IR_TEXT, SPECIFICATION, TASK, scripted_model
from lift_sys.testing.simulated import (
    ByVisibleChecks,
    SimulatedModel,
    SimulatedProblem,
    SimulatedProvider,
    Skill,
    simulate,
    simulated_tasks,
)

FREE = TASK.model_copy(update={"examples": ()})


def vote(**options):
    return SelfConsistency(SelfConsistencyOptions(**options), TestParts.installed())


async def among(replies, problem, scorer=None, limits=None, capabilities=ANYTHING, **options):
    options = {"n": len(replies), "batch": len(replies), **options}
    provider = ScriptedProvider(cycle(replies), capabilities=capabilities)
    ctx = make_context(provider, scorer=scorer or ByVisibleChecks(), limits=limits)
    return await Anytime("self-consistency", vote(**options)).run(problem, ctx)


def code(body):
    return f"```python\ndef double(x: int) -> int:\n    {body}\n```"


def clusters(outcome):
    places = {candidate.id: place for place, candidate in enumerate(outcome.candidates)}
    return [tuple(places[member] for member in each.members) for each in outcome.clusters]


def backwards(value):
    """The same JSON with its keys in the other order, all the way down."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(item) for item in value] if isinstance(value, list) else value


async def test_equal_json_objects_with_another_key_order_vote_together():
    other = json.dumps(backwards(json.loads(IR_TEXT)), indent=2)
    rival = IR_TEXT.replace("result == 2 * x", "result == 3 * x")
    assert other != IR_TEXT != rival
    outcome = await among([rival, IR_TEXT, other], make_specification(FREE))
    assert clusters(outcome) == [(1, 2), (0,)]
    assert outcome.best is outcome.candidates[1]


async def test_irs_that_mean_the_same_vote_together_whatever_names_prose_and_predicates():
    renamed = IR_TEXT.replace('"x"', '"number"').replace("2 * x", "number + number")
    reworded = renamed.replace("Double a number", "Twice the thing")
    rival = IR_TEXT.replace("2 * x", "x ** 2")
    outcome = await among([rival, IR_TEXT, reworded], make_specification(FREE))
    assert clusters(outcome) == [(1, 2), (0,)]


async def test_max_and_min_do_not_vote_together_and_equal_code_does():
    bodies = ["return max(x, 2 * x)", "return min(x, 2 * x)", "y = 2 * x\n    return min(y, x)"]
    outcome = await among([code(body) for body in bodies], make_implementation(FREE, SPECIFICATION))
    assert clusters(outcome) == [(1, 2), (0,)]
    assert [each.weight for each in outcome.clusters] == [2.0, 1.0]
    assert outcome.stopped == "counted all 3: 3 draws, votes 2 : 1"


async def test_attempts_vote_by_what_their_code_does():
    bodies = cycle(["return x", "return 2 * x", "return x + x"])
    provider = scripted_model(lambda place, request: code(next(bodies)))
    ctx = make_context(provider, scorer=ByVisibleChecks())
    outcome = await vote(n=3, batch=3).run(make_attempt(FREE), ctx)
    assert clusters(outcome) == [(1, 2), (0,)]
    assert outcome.best.stage == "attempt"


async def test_of_equal_clusters_the_earlier_wins():
    replies = [code(body) for body in ("return x", "return 2 * x", "return x + x", "return  x")]
    outcome = await among(replies, make_implementation(FREE, SPECIFICATION))
    assert clusters(outcome) == [(0, 3), (1, 2)]


async def test_votes_can_weigh_what_the_scorers_give():
    class Taste:
        async def score(self, problem, candidates, ctx):
            return [
                Score(None, "none") if "9" in one.text else Score(0.9 if "2 *" in one.text else 0.3)
                for one in candidates
            ]

    bodies = ["return x", "return x", "return 2 * x", "return 9"]
    problem = make_implementation(FREE, SPECIFICATION)
    outcome = await among([code(body) for body in bodies], problem, scorer=Taste(), weights="score")
    assert clusters(outcome) == [(2,), (0, 1), (3,)]
    # Who gets no score weighs the mean of the others.
    assert [each.weight for each in outcome.clusters] == pytest.approx([0.9, 0.6, 0.5])


async def test_votes_can_weigh_how_likely_the_model_found_them():
    unsure = Completion(text=code("return x"), logprobs=(-40.0,))
    sure = Completion(text=code("return 2 * x"), logprobs=(-0.1,))
    problem = make_implementation(FREE, SPECIFICATION)
    outcome = await among([unsure, unsure, sure], problem, weights="logprob")
    assert clusters(outcome) == [(2,), (0, 1)]
    plain = await among([unsure, unsure, sure], problem)
    assert clusters(plain) == [(0, 1), (2,)]


@pytest.mark.parametrize("weights", ["score", "logprob"])
async def test_where_nothing_weighs_the_votes_it_says_so(weights):
    class Silent:
        async def score(self, problem, candidates, ctx):
            return [Score(None, "no opinion") for _ in candidates]

    problem = make_implementation(FREE, SPECIFICATION)
    replies = [code("return 2 * x"), code("return x")]
    outcome = await among(replies, problem, scorer=Silent(), weights=weights)
    assert outcome.stopped.endswith(f"none has a {weights}, so each counts one")
    assert [each.weight for each in outcome.clusters] == [1, 1]


async def test_one_http_error_of_eight_costs_one_vote():
    model = scripted_model(capabilities=ANYTHING.model_copy(update={"n": 1}))
    ctx = make_context(FailingProvider(model, RequestRejected("HTTP 400"), times=1))
    problem = make_implementation(TASK, SPECIFICATION)
    outcome = await vote(n=8, batch=8).run(problem, ctx)
    assert [each.weight for each in outcome.clusters] == [7.0]
    assert len(outcome.candidates) == 8


@pytest.mark.parametrize("calls", [1, 3, 5, 7])
async def test_a_budget_is_never_overrun_and_its_end_leaves_the_count_so_far(calls):
    replies = [code(f"return {number}") for number in range(8)]
    one_by_one = ANYTHING.model_copy(update={"n": 1})
    outcome = await among(
        replies,
        make_implementation(TASK, SPECIFICATION),
        limits=Limits(calls=calls),
        capabilities=one_by_one,
        batch=4,
    )
    assert outcome.cut_short
    assert sum(each.weight for each in outcome.clusters) == calls
    assert outcome.best is outcome.candidates[0]


def tallies(*counts):
    return [Tally(count, float(count), place) for place, count in enumerate(counts)]


def test_a_vote_is_settled_when_no_vote_to_come_can_change_it():
    assert is_settled(tallies(5, 2), 2)
    assert is_settled(tallies(5, 2), 3), "a draw leaves the earlier one ahead"
    assert not is_settled(tallies(2, 5), 3), "a draw would put the earlier one ahead"
    assert not is_settled(tallies(5, 2), 4)
    assert not is_settled(tallies(3), 4)
    assert is_settled(tallies(3), 3)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((1,), 0.75), ((4,), 31 / 32), ((3, 3), 0.5), ((4, 1), 57 / 64), ((1, 4), 57 / 64)],
)
def test_certainty_is_the_mass_of_the_beta_posterior_above_one_half(counts, expected):
    assert certainty(tallies(*counts)) == pytest.approx(expected)
    a, b = sorted(counts)[::-1] if len(counts) > 1 else (counts[0], 0)
    dice = Random(0)
    drawn = sum(dice.betavariate(a + 1, b + 1) > 0.5 for _ in range(20_000)) / 20_000
    assert drawn == pytest.approx(expected, abs=0.015)


def mixed(count):
    """Half easy, a quarter so-so, the rest hard or hopeless."""
    dice, tasks = Random(5), simulated_tasks(count)
    easy = Skill(success=0.9, systematic=0.3)
    fair = Skill(success=0.6, systematic=0.5)
    hard = Skill(success=0.35, systematic=0.5, mistakes=10)
    hopeless = Skill(success=0.1, systematic=0.7)
    skills = dice.choices([easy, fair, hard, hopeless], [50, 25, 15, 10], k=count)
    known = {task.id: skill for task, skill in zip(tasks, skills, strict=True)}
    return tasks, SimulatedModel(skill=easy, by_task=known, n=1)


async def test_adaptive_stopping_keeps_its_accuracy_for_a_fraction_of_the_samples():
    tasks, model = mixed(100)

    async def solve(**options):
        return await simulate(vote(**options), tasks, SimulatedProvider(model, tasks))

    whole = await solve(n=40, batch=40)
    for n in (8, 16, 40):
        adaptive = await solve(n=n)
        fixed = sum(
            Counter(c.value.answer for c in each.outcome.candidates[:n]).most_common(1)[0][0]
            == "right"
            for each in whole
        )
        assert sum(each.right for each in adaptive) >= fixed - 0.005 * len(tasks), n
    assert sum(each.draws for each in whole) == 40 * len(tasks)
    assert sum(each.draws for each in adaptive) * 1.8 <= 40 * len(tasks)


async def test_it_stops_at_once_where_all_agree_and_says_why():
    (task,) = simulated_tasks(1)
    provider = SimulatedProvider(SimulatedModel(skill=Skill(success=1.0)), [task])
    outcome = await vote(n=16).run(SimulatedProblem(task), make_context(provider))
    assert outcome.stopped == "the leader is ahead for good with 96.9%: 4 draws, votes 4"
    outcome = await vote(n=6, sure=None, batch=2).run(
        SimulatedProblem(task), make_context(provider)
    )
    assert outcome.stopped == "no vote to come can change the leader: 4 draws, votes 4"
