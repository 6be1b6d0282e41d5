import asyncio
import math
from collections import Counter

import pytest

from lift_sys.errors import RequestRejected
from lift_sys.interfaces import Feedback, Limits, Message, Price, Request, Sampling, Variation
from lift_sys.pipeline.strategies import PlainDraws
from lift_sys.testing.runs import make_context, make_implementation
from lift_sys.testing.samples import RIGHT_TEXT, SPECIFICATION, TASK, WRONG_TEXT
from lift_sys.testing.simulated import (
    SimulatedModel,
    SimulatedProblem,
    SimulatedProvider,
    Skill,
    pass_rate,
    simulate,
    simulated_tasks,
)

TASKS = simulated_tasks(1)


def within(found, expected, n, sigmas=4.0):
    return abs(found - expected) <= sigmas * math.sqrt(expected * (1 - expected) / n) + 1e-12


async def draw(skill, n=2000, vary=None, seed=0, problem=None, **settings):
    provider = SimulatedProvider(SimulatedModel(skill=skill, **settings), TASKS)
    ctx = make_context(provider, seed=seed)
    return await (problem or SimulatedProblem(TASKS[0])).draw(ctx, n, vary)


def answers(candidates):
    return Counter(candidate.value.answer for candidate in candidates)


async def test_draws_are_right_and_agree_in_their_mistakes_as_often_as_is_said():
    found = answers(await draw(Skill(success=0.6, systematic=0.5)))
    assert within(found["right"] / 2000, 0.6, 2000)
    assert within(found["common mistake"] / 2000, 0.2, 2000)
    assert len(found) > 300, "the other mistakes differ"


async def test_copies_come_as_often_as_is_said_for_the_temperature():
    skill = Skill(success=0.5, copies=((0.0, 1.0), (1.0, 0.2)))
    for temperature, copies in ((0.0, 1.0), (0.5, 0.6), (1.0, 0.2), (2.0, 0.2)):
        drawn = await draw(skill, vary=Variation(temperature=temperature))
        most = Counter(candidate.text for candidate in drawn).most_common(1)[0][1]
        assert within(most / 2000, copies, 2000), temperature


async def test_another_prompt_brings_another_thing_to_mind_unless_it_is_stubborn():
    async def texts(stubborn):
        skill = Skill(success=0.5, copies=1.0, stubborn=stubborn)
        return {(await draw(skill, 1, Variation(few_shot=shots)))[0].text for shots in range(6)}

    assert len(await texts(0.0)) == 6
    assert len(await texts(1.0)) == 1


async def test_it_can_do_better_once_it_was_told():
    told = SimulatedProblem(TASKS[0]).with_feedback(Feedback())
    found = answers(await draw(Skill(success=0.0, told=0.64), problem=told))
    assert within(found["right"] / 2000, 0.64, 2000)
    assert not answers(await draw(Skill(success=0.0, told=0.64)))["right"]


async def test_skill_is_by_task_then_by_category():
    hard, easy = simulated_tasks(2, "strings")
    (plain,) = simulated_tasks(1, name="plain")
    model = SimulatedModel(
        skill=Skill(success=0.5),
        by_category={"strings": Skill(success=1.0)},
        by_task={hard.id: Skill(success=0.0)},
    )
    assert [model.skill_of(task).success for task in (hard, easy, plain)] == [0.0, 1.0, 0.5]


async def test_the_same_seed_draws_the_same_and_another_one_another():
    skill = Skill(success=0.5)
    first = [candidate.text for candidate in await draw(skill, 20)]
    assert [candidate.text for candidate in await draw(skill, 20)] == first
    assert [candidate.text for candidate in await draw(skill, 20, seed=1)] != first


async def test_one_by_one_draws_are_the_same_however_they_are_batched():
    async def texts(*batches):
        provider = SimulatedProvider(SimulatedModel(skill=Skill(success=0.5), n=1), TASKS)
        ctx, problem = make_context(provider), SimulatedProblem(TASKS[0])
        return [c.text for n in batches for c in await problem.draw(ctx, n)]

    assert await texts(12) == await texts(4, 1, 7)


async def test_its_check_accepts_wrong_answers_as_often_as_is_said_and_always_the_same():
    problem = SimulatedProblem(TASKS[0], false_accept=0.25)
    wrong = {c.value.answer: c.value for c in await draw(Skill(success=0.0), 2000)}
    passed = [(await problem.check(value)).passed for value in wrong.values()]
    assert within(sum(passed) / len(passed), 0.25, len(passed))
    assert passed == [(await problem.check(value)).passed for value in wrong.values()]
    right = (await draw(Skill(success=1.0), 1))[0].value
    assert (await problem.check(right)).passed
    assert (await SimulatedProblem(TASKS[0]).check(next(iter(wrong.values())))).status == "fail"


async def test_calls_cost_what_is_said_and_no_budget_is_overrun():
    model = SimulatedModel(
        skill=Skill(success=0.0), price=Price(input=0, output=5.6), output_tokens=1000, n=1
    )
    provider = SimulatedProvider(model, TASKS)
    (solved,) = await simulate(PlainDraws(), TASKS, provider)
    assert solved.spend.usd == pytest.approx(0.0056)
    (poor,) = await simulate(PlainDraws(), TASKS, provider, limits=Limits(usd=0.0))
    assert poor.outcome is None
    assert not poor.right
    assert provider.calls == 1


async def test_latency_is_waited_for_by_all_calls_at_once(monkeypatch):
    waiting, all_wait = [], asyncio.Event()

    async def sleep(seconds):
        waiting.append(seconds)
        if len(waiting) == 3:
            all_wait.set()
        await all_wait.wait()

    monkeypatch.setattr("lift_sys.testing.simulated.provider.asyncio.sleep", sleep)
    tasks = simulated_tasks(3)
    provider = SimulatedProvider(SimulatedModel(skill=Skill(success=1.0), latency=7.0), tasks)
    assert all(solved.right for solved in await simulate(PlainDraws(), tasks, provider))
    assert waiting == [7.0] * 3


async def test_likelihoods_are_those_of_the_answers():
    drawn = await draw(Skill(success=0.6, systematic=1.0), 50)
    by_answer = {c.value.answer: c.logprob for c in drawn}
    assert by_answer["right"] == pytest.approx(math.log(0.6))
    assert by_answer["common mistake"] == pytest.approx(math.log(0.4))


async def test_it_answers_the_real_stages_in_words_of_your_own():
    def code(task, request, said):
        return RIGHT_TEXT if said.right else WRONG_TEXT

    provider = SimulatedProvider(SimulatedModel(skill=Skill(success=0.5)), [TASK], code)
    problem = make_implementation(TASK, SPECIFICATION)
    drawn = await problem.draw(make_context(provider), 40)
    passed = [(await problem.check(candidate.value)).passed for candidate in drawn]
    assert 8 < sum(passed) < 32


async def test_what_it_does_not_know_it_refuses():
    provider = SimulatedProvider(SimulatedModel(skill=Skill(success=1.0), n=2), TASKS)
    unknown = Request(messages=(Message(role="user", content="who are you?"),))
    known = Message(role="user", content=TASKS[0].request)
    many = Request(messages=(known,), sampling=Sampling(n=3))
    replies = await provider.complete([unknown, many])
    assert all(isinstance(reply, RequestRejected) for reply in replies)


@pytest.mark.parametrize("copies", [0.0, 0.5, 1.0])
async def test_the_closed_form_is_what_draws_come_to(copies):
    tasks = simulated_tasks(500)
    model = SimulatedModel(skill=Skill(success=0.3, copies=copies))
    provider = SimulatedProvider(model, tasks)
    found = 0
    for task in tasks:
        drawn = await SimulatedProblem(task).draw(make_context(provider), 4)
        found += any(candidate.value.right for candidate in drawn)
    assert within(found / 500, pass_rate(0.3, 4, copies=copies), 500)
