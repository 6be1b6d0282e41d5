"""Which candidate wins against which tests, what is said of it, and what it costs."""

import json
import math

import pytest
from lift_sys_dual_agreement.plugin import DualAgreementOptions
from lift_sys_dual_agreement.strategy import DualAgreement
from lift_sys_dual_agreement.writing import as_specification, texts_in

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.errors import InputError
from lift_sys.interfaces import Limits, Task
from lift_sys.ir import Assertion, Effect
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
WRONG, MORE_WRONG, RIGHT = "return x + 3", "return 3 + x", "return 2 * x"


def dual(**options):
    options = {"provider": "writer", **options}
    made = DualAgreementOptions.model_validate(options)
    return Anytime("dual-agreement", DualAgreement(made, NamedParts.installed()))


def writes(*texts):
    return json.dumps({"tests": texts})


async def on_code(bodies, sets, limits=None, want=1, task=UNTOLD, problem=None, **options):
    model = ScriptedProvider([code_text(body) for body in bodies], capabilities=ONE_BY_ONE)
    writer = ScriptedProvider(iter(sets), capabilities=ONE_BY_ONE)
    ctx = make_context({"model": model, "writer": writer}, limits=limits)
    problem = problem or make_implementation(task, LOOSE)
    strategy = dual(n=len(bodies), sets=max(1, len(sets)), **options)
    return await strategy.run(problem, ctx, want), writer, ctx


async def test_few_that_pass_many_tests_win_against_many_that_pass_few():
    """In the real sandbox, with tests of both forms and one that is wrong."""
    sandbox = default_sandbox()
    try:
        stage = Implement(PromptLibrary(), SamplingConfig())
        outcome, writer, ctx = await on_code(
            [WRONG, MORE_WRONG, "return 9", RIGHT, "return x + x"],
            [
                writes("double(2) == 4", "double(1) == 4"),
                writes("result % 2 == 0", "double(0) == 0"),
            ],
            problem=stage.implement(UNTOLD, LOOSE, sandbox),
            tests="written",
        )
    finally:
        await sandbox.aclose()
    assert outcome.best is outcome.candidates[3]
    sizes = [(len(each.members), each.weight) for each in outcome.clusters]
    assert sizes == [(2, 6.0), (2, 2.0), (1, 0.0)]
    assert outcome.stopped == ("the largest agreement won, 6 to 2; 4 tests: 5 draws, 5 distinct")
    assert ctx.budget.spent.calls == 7
    for request in writer.requests:
        assert "return" not in request.messages[-1].content, "written without seeing a candidate"


async def test_of_equal_agreements_the_one_drawn_first_wins():
    sets = [writes("double(1) == 4", "double(4) == 8")]
    outcome, *_ = await on_code(["return 9", WRONG, RIGHT], sets, tests="written")
    assert [each.weight for each in outcome.clusters] == [1.0, 1.0, 0.0]
    assert outcome.best is outcome.candidates[1]


async def test_the_root_and_copies_once_let_tests_count_for_more():
    bodies = [*[WRONG] * 5, RIGHT]
    sets = [writes("double(5) == 10", "double(1) == 4", "double(4) == 8", "double(0) == 0")]
    outcome, *_ = await on_code(bodies, sets, tests="written")
    assert outcome.best is outcome.candidates[0]
    for options in ({"score": "root"}, {"copies": "once"}):
        outcome, *_ = await on_code(bodies, sets, tests="written", **options)
        assert outcome.best is outcome.candidates[5], options


async def test_who_passes_the_same_tests_and_does_something_else_agrees_only_by_the_tests():
    bodies = [WRONG, "return 2 * x if x > -1 else 0", RIGHT, "return x + x"]
    sets = [writes("double(2) == 4")]
    outcome, *_ = await on_code(bodies, sets, tests="written")
    assert outcome.best is outcome.candidates[2]
    outcome, *_ = await on_code(bodies, sets, tests="written", alike="tests")
    assert outcome.best is outcome.candidates[1]


@pytest.mark.parametrize(
    ("sets", "why"),
    [
        (["no tests"], "there was no test to use"),
        ([writes("x > 0", "double(y) == 1", "__import__('os')")], "there was no test to use"),
        ([writes("isinstance(result, int)")], "the tests tell no candidates apart"),
        ([writes("double(2) == 77")], "no candidate passes any test: the tests are wrong, or all"),
    ],
)
async def test_tests_that_are_of_no_use_leave_it_to_the_largest_group_and_that_is_said(sets, why):
    outcome, *_ = await on_code(["return 9", WRONG, MORE_WRONG], sets, tests="written")
    assert outcome.stopped.startswith(why)
    assert outcome.best is outcome.candidates[1]


async def test_a_test_that_a_visible_example_denies_is_left_out():
    sets = [writes("double(2) == 5", "result == x + 3", "double(7) == 14")]
    outcome, *_ = await on_code([WRONG, RIGHT], sets, task=TASK, tests="written")
    assert "2 denied a visible example and were left out" in outcome.stopped
    assert "1 refuted by the visible checks" in outcome.stopped
    assert outcome.best is outcome.candidates[1]


async def test_tests_that_may_be_wrong_in_the_same_way_are_told():
    made = [f"double({k}) == {100 + k}" for k in range(5)]
    outcome, *_ = await on_code([WRONG, RIGHT], [writes("double(7) == 14", *made)], tests="written")
    assert outcome.best is outcome.candidates[1]
    assert (
        "though it passes only 1 tests of 6: many may be wrong in the same way" in outcome.stopped
    )
    assert "5 no candidate passes" in outcome.stopped
    outcome, *_ = await on_code(
        [WRONG, MORE_WRONG, RIGHT], [writes("double(2) == 5", "double(1) == 4")], tests="written"
    )
    assert outcome.best is outcome.candidates[0], "a mistake that both share wins"


async def test_exceptions_and_conditions_on_one_call_are_tests_too():
    bodies = ["return 2 * x", "if x < 0:\n        raise ValueError\n    return 2 * x"]
    sets = [writes("double(-1) raises ValueError", "double(3) > 5", "not double(0)")]
    outcome, *_ = await on_code(bodies, sets, tests="written")
    assert outcome.best is outcome.candidates[1]
    assert [each.weight for each in outcome.clusters] == [3.0, 2.0]


async def test_a_condition_that_only_ever_raises_is_not_passed():
    bodies = ["raise KeyError", WRONG]
    outcome, *_ = await on_code(bodies, [writes("result > 10**9 or True")], tests="written")
    assert outcome.best is outcome.candidates[1]


async def test_attempts_are_held_against_each_others_specifications_that_count_one_each():
    """The wordy one says ten wrong things that its own code fulfils."""
    wordy = LOOSE.model_copy(
        update={
            "assertions": tuple(
                Assertion(predicate=f"result == x + 3 or x == {k}") for k in range(9)
            )
        }
    )
    terse = LOOSE.model_copy(update={"assertions": (Assertion(predicate="result == 2 * x"),)})
    plain = LOOSE.model_copy(
        update={"effects": (Effect(when="x == 0", description="zero", return_values=(0,)),)}
    )
    irs, codes = [wordy, terse, plain], [WRONG, RIGHT, "return x + x"]
    model = scripted_model(
        lambda place, request: code_text(codes[place % 3]),
        ir=lambda place, request: irs[place % 3].model_dump_json(exclude_defaults=True),
    )
    strategy = dual(n=3, tests="specified")
    result = await make_session(model, routes=make_route(attempt=strategy)).solve(UNTOLD)
    assert result.solution.code.source.endswith("return 2 * x\n")


async def test_specifications_pass_what_they_allow_where_they_deny_something_else():
    irs = [
        SPECIFICATION.model_copy(update={"assertions": (Assertion(predicate=each),)})
        for each in ("result == x + 3", "isinstance(result, int)", "result == 2 * x")
    ]
    replies = [each.model_dump_json(exclude_defaults=True) for each in irs]
    writer = ScriptedProvider([writes("double(2) == 4", "result > 0", "double(1) == 2")])
    ctx = make_context({"model": ScriptedProvider(replies), "writer": writer})
    outcome = await dual(n=3, sets=1).run(make_specification(UNTOLD), ctx)
    assert outcome.best is outcome.candidates[2]
    assert [each.weight for each in outcome.clusters] == [2.0, 0.0, 0.0]
    assert "1 said nothing that could be checked" in outcome.stopped
    assert "condition on `result`" not in writer.requests[0].messages[0].content


@pytest.mark.parametrize("calls", range(1, 6))
async def test_a_budget_is_never_overrun_and_without_tests_the_largest_group_wins(calls):
    sets = [writes("double(2) == 4"), writes("double(5) == 10")]
    bodies = [WRONG, MORE_WRONG, RIGHT]
    outcome, writer, ctx = await on_code(bodies, sets, Limits(calls=calls), tests="written")
    assert ctx.budget.spent.calls == calls
    assert writer.calls == max(0, calls - 3)
    assert outcome.cut_short == (calls < 5)
    assert ("used up" in outcome.stopped) == (calls < 5)
    assert outcome.best is outcome.candidates[2 if calls > 3 else 0]


async def test_what_cannot_be_run_or_asked_is_refused_before_anything_is_drawn():
    (task,) = simulated_tasks(1)
    provider = SimulatedProvider(SimulatedModel(skill=Skill(success=1.0)), [task])
    ctx = make_context({"model": provider, "writer": provider})
    with pytest.raises(InputError, match="what the stage 'simulated' gives cannot be run"):
        await dual().run(SimulatedProblem(task), ctx)
    with pytest.raises(InputError, match="say `tests: written` for this stage"):
        await dual(tests="specified").run(make_specification(TASK), ctx)
    assert provider.calls == 0
    weak = scripted_model()
    alone = DualAgreement(DualAgreementOptions(), NamedParts.installed())
    with pytest.raises(InputError, match="say under `strategy:` which: provider: NAME"):
        await make_session(weak, routes=make_route(attempt=alone)).solve(TASK)
    assert weak.calls == 0


@pytest.mark.parametrize(
    "reply", ["", "[]", '{"tests": "double(1)"}', "{broken", '{"tests": [1, null]}', "{" * 5000]
)
def test_a_set_that_cannot_be_read_is_empty(reply):
    assert texts_in(reply) == []


def test_each_test_is_kept_once_and_no_more_than_are_wanted():
    texts = ["double(1) == 2", "double(1)==2", "result > x", "x > 0", "?"]
    ir, useless = as_specification(LOOSE.signature, texts, 9, calls_only=False)
    assert [each.predicate for each in ir.assertions] == ["double(1) == 2", "result > x"]
    assert useless == 2
    ir, _ = as_specification(LOOSE.signature, texts, 1, calls_only=False)
    assert len(ir.assertions) == 1


N, DRAWS, SUCCESS, SETS, SURE = 60, 5, 0.35, 4, 0.5
ADDING = [Task(id=f"add-{k}", request=f"Add {k + 1} to a number.") for k in range(N)]


def adding(shared):
    """Code that subtracts where it is wrong; wrong tests `shared` that mistake, or each its own."""

    def say(task, request, answer):
        step = int(task.id.removeprefix("add-")) + 1
        if "You write tests" not in request.messages[0].content:
            return code_text(f"return x {'+' if answer.right else '-'} {step}")
        off = 0 if answer.right else -2 * step if shared else 1 + answer.wording % 900
        return writes(*(f"double({k}) == {k + step + off}" for k in (0, 10)))

    return say


@pytest.mark.parametrize("shared", [False, True])
async def test_on_a_simulated_model_it_gains_what_its_tests_can_give(shared):
    """All wrong draws make the same mistake, so votes find the right answer in 24 %."""
    coder = SimulatedModel(skill=Skill(success=SUCCESS, systematic=1.0, wordings=1))
    writer = SimulatedModel(skill=Skill(success=SURE), name="writer")
    providers = {
        "model": SimulatedProvider(coder, ADDING, adding(shared)),
        "writer": SimulatedProvider(writer, ADDING, adding(shared)),
    }
    stage = Implement(PromptLibrary(), SamplingConfig(), repairs=False)
    strategy = dual(n=DRAWS, sets=SETS, tests="written", alike="tests")
    right = 0
    for task in ADDING:
        problem = stage.implement(task, LOOSE, TrustingSandbox())
        outcome = await strategy.run(problem, make_context(providers))
        right += f"x + {int(task.id.removeprefix('add-')) + 1}" in outcome.best.value.source
    expected = expectation(shared)
    assert (expected > 0.75) if not shared else (expected < 0.5)
    assert abs(right / N - expected) <= 3.3 * math.sqrt(expected * (1 - expected) / N)


def expectation(shared):
    """Over how many draws, and whether any set of tests, are right; ties go half each way."""
    chance = 0.0
    for good in range(1, DRAWS + 1):
        for sure in range(SETS + 1):
            likely = binomial(good, DRAWS, SUCCESS) * binomial(sure, SETS, SURE)
            # Equal sets are one set: what is right or shared counts once, however often it came.
            mine = good * (sure > 0)
            theirs = (DRAWS - good) * (shared and sure < SETS)
            if not mine and not theirs:
                mine, theirs = good, DRAWS - good
            chance += likely * (1.0 if mine > theirs else 0.5 if mine == theirs else 0.0)
    return chance


def binomial(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)
