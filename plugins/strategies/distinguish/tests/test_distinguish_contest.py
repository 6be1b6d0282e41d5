"""Which candidate is kept, what is asked for it, and what it costs."""

import json
import math
import re
from random import Random

import pytest
from lift_sys_distinguish.plugin import DistinguishOptions
from lift_sys_distinguish.strategy import Distinguish
from lift_sys_distinguish.views import view

from lift_sys.errors import InputError
from lift_sys.interfaces import (
    Code,
    Limits,
    Subject,
    Task,
)
from lift_sys.ir import Assertion
from lift_sys.pipeline.config import SamplingConfig
from lift_sys.pipeline.stages import Implement
from lift_sys.pipeline.strategies import Anytime
from lift_sys.prompts import PromptLibrary
from lift_sys.testing.conformance.base import NamedParts
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.runs import (
    make_context,
    make_implementation,
    make_route,
    make_session,
    make_specification,
)
from lift_sys.testing.samples import LOOSE, SPECIFICATION, TASK, UNTOLD, code_text, scripted_model
from lift_sys.testing.sandboxes import TrustingSandbox
from lift_sys.testing.simulated import (
    SimulatedModel,
    SimulatedProblem,
    SimulatedProvider,
    Skill,
    simulated_tasks,
)

ONE_BY_ONE = ANYTHING.model_copy(update={"n": 1})


def distinguish(**options):
    options = {"provider": "judge", **options}
    made = DistinguishOptions.model_validate(options)
    return Anytime("distinguish", Distinguish(made, NamedParts.installed()))


def asked(request):
    """The call, and what A and B say of it."""
    user = request.messages[-1].content
    (_, call), *_ = re.findall(r"CALL\n(=+)\n(.*?)\n\1", user, re.DOTALL)
    first, second = re.findall(r"^[AB]: it (.*)$", user, re.MULTILINE)
    return call, first, second


def said(winner):
    return json.dumps({"reason": "because", "winner": winner})


def knowing(request):
    """Works out what doubling gives."""
    call, first, second = asked(request)
    right = f"returns {eval(call, {'double': lambda x: 2 * x})!r}"
    return said("A" if first == right else "B" if second == right else "neither")


async def on_code(bodies, judge=knowing, limits=None, want=1, task=UNTOLD, ir=LOOSE, **options):
    model = ScriptedProvider([code_text(body) for body in bodies], capabilities=ONE_BY_ONE)
    asking = ScriptedProvider(judge)
    ctx = make_context({"model": model, "judge": asking}, limits=limits)
    problem = make_implementation(task, ir)
    outcome = await distinguish(n=len(bodies), **options).run(problem, ctx, want)
    return outcome, asking, ctx


async def test_the_right_one_wins_against_a_larger_cluster_and_the_order_is_swapped():
    outcome, judge, ctx = await on_code(["return x + 3", "return 3 + x", "return 2 * x"])
    assert outcome.best is outcome.candidates[2]
    assert [len(each.members) for each in outcome.clusters] == [1, 2]
    assert outcome.stopped == (
        "the model chose against the largest cluster; 2 clusters differ, 1 pairs compared on "
        "1 inputs: 3 draws, 3 distinct"
    )
    (call, *first), (again, *second) = (asked(request) for request in judge.requests)
    assert call == again
    assert first == second[::-1]
    assert ctx.budget.spent.calls == 5, "the questions are paid for like the draws"


async def test_it_is_asked_blind_unless_the_candidates_are_to_be_shown():
    for show in ("outputs", "candidates"):
        _, judge, _ = await on_code(["return x + 3", "return 2 * x"], show=show)
        for request in judge.requests:
            shown = [body in request.messages[-1].content for body in ("x + 3", "2 * x")]
            assert shown == [show == "candidates"] * 2
    first, second = (request.messages[-1].content for request in judge.requests)
    assert first.index("x + 3") < first.index("2 * x")
    assert second.index("x + 3") > second.index("2 * x")


@pytest.mark.parametrize(
    ("judge", "why"),
    [
        (lambda request: said("A"), "1 contradicted themselves in the other order"),
        (lambda request: said("neither"), "1 found neither right"),
        (lambda request: "I like A", "1 had no usable answer"),
    ],
)
async def test_where_the_answers_tell_nothing_the_largest_cluster_stays_and_that_is_said(
    judge, why
):
    bodies = ["return 9", "return x + 3", "return 3 + x"]
    outcome, *_ = await on_code(bodies, judge, matches=1)
    assert outcome.best is outcome.candidates[1]
    assert outcome.stopped.startswith(
        "the model told nothing apart, the largest cluster was kept; "
    )
    assert why in outcome.stopped


async def test_what_wins_meets_the_next_and_what_was_asked_is_not_asked_again():
    bodies = ["return x + 3", "return 9", "return 2 * x", "return -x"]
    outcome, judge, _ = await on_code(bodies, questions=3)
    assert outcome.best is outcome.candidates[2]
    questions = [(call, frozenset(told)) for call, *told in map(asked, judge.requests)]
    assert all(questions.count(each) == 2 for each in questions), "each in both orders, once"
    few, judge, _ = await on_code(bodies, matches=1)
    assert len(judge.requests) == 2
    assert few.best is not few.candidates[2]


async def test_what_the_checks_refute_is_not_asked_about():
    bodies = ["return x + 3", "return 2 * x", "return x + 3"]
    outcome, judge, _ = await on_code(bodies, task=TASK)
    assert outcome.best is outcome.candidates[1]
    assert judge.calls == 0
    assert outcome.stopped.startswith("there is nothing to tell apart: ")
    assert "2 refuted by the visible checks" in outcome.stopped


async def test_a_difference_that_the_inputs_of_the_checks_miss_is_searched_for():
    def code(body):
        return Code(name="double", source=f"def double(x: int) -> int:\n    {body}\n")

    def subjects(*codes):
        return {str(n): Subject(task=UNTOLD, ir=LOOSE, code=each) for n, each in enumerate(codes)}

    sandbox = TrustingSandbox()
    views = await view(subjects(code("return 2 * x")), sandbox, 300)
    rare = next(each for each in views.inputs if each.searched)
    value = int(rare.call.removeprefix("double(").removesuffix(")"))
    planted = code(f"return 0 if x == {value} else x + x")
    both = subjects(code("return 2 * x"), planted)
    assert len((await view(both, sandbox, 0)).clusters()) == 1
    views = await view(both, sandbox, 300)
    assert len(views.clusters()) == 2
    (place,) = views.differing("0", "1")
    assert views.inputs[place] == rare
    outcome, judge, _ = await on_code(
        [f"return 0 if x == {value} else x + x", "return 2 * x"], search=300
    )
    assert outcome.best is outcome.candidates[1]
    assert asked(judge.requests[0])[0] == rare.call


async def test_of_the_inputs_on_which_two_differ_plain_ones_that_both_answer_come_first():
    bodies = ["return 10 // x", "return 2 * x if x else 10 // x"]
    _, judge, _ = await on_code(bodies)
    call, first, second = asked(judge.requests[0])
    assert first.startswith("returns")
    assert second.startswith("returns")
    assert call == "double(1)"


async def test_specifications_are_told_apart_by_the_answers_they_allow():
    wrong, right = (
        SPECIFICATION.model_copy(update={"assertions": (Assertion(predicate=text),)})
        for text in ("result == x + 3", "result == 2 * x")
    )
    replies = [each.model_dump_json(exclude_defaults=True) for each in (wrong, wrong, right)]

    def judge(request):
        call, first, _ = asked(request)
        shown, _, answer = call.partition(" with the answer ")
        doubled = eval(shown, {"double": lambda x: 2 * x}) == eval(answer)
        return said("A" if ("wrong" in first) != doubled else "B")

    ctx = make_context({"model": ScriptedProvider(replies), "judge": ScriptedProvider(judge)})
    outcome = await distinguish(n=3).run(make_specification(UNTOLD), ctx)
    assert outcome.best is outcome.candidates[2]


@pytest.mark.parametrize("calls", range(1, 8))
async def test_a_budget_is_never_overrun_and_its_end_leaves_the_leader(calls):
    bodies = ["return x + 3", "return 9", "return 2 * x"]
    outcome, _, ctx = await on_code(bodies, limits=Limits(calls=calls))
    assert ctx.budget.spent.calls == calls
    assert outcome.best is not None
    assert outcome.cut_short == (calls < 7)
    assert ("used up" in outcome.stopped) == (calls < 7)
    assert (outcome.best is outcome.candidates[-1]) == (calls == 7)


async def test_what_cannot_be_run_or_asked_is_refused_before_anything_is_drawn():
    (task,) = simulated_tasks(1)
    provider = SimulatedProvider(SimulatedModel(skill=Skill(success=1.0)), [task])
    ctx = make_context({"model": provider, "judge": provider})
    with pytest.raises(InputError, match="what the stage 'simulated' gives cannot be run"):
        await distinguish().run(SimulatedProblem(task), ctx)
    assert provider.calls == 0
    weak = scripted_model()
    alone = Distinguish(DistinguishOptions(), NamedParts.installed())
    session = make_session(weak, routes=make_route(attempt=alone))
    with pytest.raises(InputError, match="say under `strategy:` which: provider: NAME"):
        await session.solve(TASK)
    assert weak.calls == 0


async def test_whole_attempts_meet_one_another():
    codes = ["return x + 3", "return x + 3", "return 2 * x"]
    model = scripted_model(
        lambda place, request: code_text(codes[place % 3]),
        ir=lambda place, request: LOOSE.model_dump_json(exclude_defaults=True),
    )
    providers = {"model": model, "judge": ScriptedProvider(knowing)}
    session = make_session(providers, routes=make_route(attempt=distinguish(n=3)))
    result = await session.solve(UNTOLD)
    assert "2 * x" in result.solution.code.source
    assert providers["judge"].calls == 2


N, DRAWS, SUCCESS = 60, 5, 0.35
ADDING = [Task(id=f"add-{k}", request=f"Add {k + 1} to a number.") for k in range(N)]


def adding(task, request, answer):
    step = int(task.id.removeprefix("add-")) + 1
    sign = "+" if answer.right else "-"
    return code_text(f"return x {sign} {step}")


def judging(accuracy):
    """Right so often in each of the two orders, on its own."""

    def judge(request):
        user = request.messages[-1].content
        step = int(re.search(r"Add (\d+) to a number", user)[1])
        call, first, _ = asked(request)
        right = f"returns {eval(call, {'double': lambda x: x + step})!r}"
        good = Random(user).random() < accuracy
        return said("A" if (first == right) == good else "B")

    return judge


@pytest.mark.parametrize("accuracy", [1.0, 0.8])
async def test_on_a_simulated_model_it_gains_what_its_judge_can_give(accuracy):
    """All wrong draws make the same mistake, so votes find the right answer in 24 %."""
    model = SimulatedModel(skill=Skill(success=SUCCESS, systematic=1.0))
    stage = Implement(PromptLibrary(), SamplingConfig(), repairs=False)
    provider = SimulatedProvider(model, ADDING, adding)
    strategy = distinguish(n=DRAWS, search=0)
    judge = ScriptedProvider(judging(accuracy))
    right = 0
    for task in ADDING:
        ctx = make_context({"model": provider, "judge": judge})
        problem = stage.implement(task, LOOSE, TrustingSandbox())
        outcome = await strategy.run(problem, ctx)
        right += f"x + {int(task.id.removeprefix('add-')) + 1}" in outcome.best.value.source
    chance = [
        math.comb(DRAWS, k) * SUCCESS**k * (1 - SUCCESS) ** (DRAWS - k) for k in range(DRAWS + 1)
    ]
    sure, doubt = accuracy**2, 2 * accuracy * (1 - accuracy)
    votes = sum(chance[k] for k in range(3, DRAWS + 1))
    expected = chance[DRAWS] + sum(
        chance[k] * (sure + doubt * (k > DRAWS / 2)) for k in range(1, DRAWS)
    )
    assert votes < 0.25 < 0.5 < expected
    assert abs(right / N - expected) <= 3.3 * math.sqrt(expected * (1 - expected) / N)
    contested = 1 - chance[0] - chance[DRAWS]
    assert abs(len(judge.requests) / 2 / N - contested) <= 0.15
