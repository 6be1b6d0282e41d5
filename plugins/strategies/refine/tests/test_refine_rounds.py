"""What is told, what is kept, why it stops, and what it never does."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lift_sys_refine.critic import smallest
from lift_sys_refine.critique import read
from lift_sys_refine.plugin import RefineOptions
from lift_sys_refine.strategy import Refine

from lift_sys.errors import AuthenticationFailed, BudgetExhausted, RequestRejected
from lift_sys.interfaces import Basis, Failure, Limits, Price, Verdict
from lift_sys.pipeline.strategies import Anytime
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.providers import ANYTHING, FailingProvider, ScriptedProvider
from lift_sys.testing.runs import (
    MODEL,
    make_attempt,
    make_context,
    make_implementation,
    make_specification,
)
from lift_sys.testing.samples import (
    IR_TEXT,
    RIGHT_TEXT,
    SPECIFICATION,
    TASK,
    WRONG_TEXT,
    asks_for_ir,
)
from lift_sys.testing.simulated import (
    SimulatedModel,
    SimulatedProblem,
    SimulatedProvider,
    Skill,
    simulate,
    simulated_tasks,
)

PRICED = ANYTHING.model_copy(update={"n": 1, "price": Price(input=1.0, output=1.0)})


def critique(quality, *issues):
    listed = [
        {"category": category, "description": said, "fix": "mend it"} for category, said in issues
    ]
    return json.dumps({"issues": listed, "quality": quality})


BAD = critique(3, ("edge_case", "zero is wrong"))
GOOD = critique(9)


def is_critique(request):
    return request.messages[0].content.startswith("You review one answer")


def code(body):
    return f"```python\ndef double(x: int) -> int:\n    {body}\n```"


def model(draws, critiques=()):
    """Its draws and its critiques in turn, the last of each again and again."""
    given = {"draw": list(draws), "critique": list(critiques) or [GOOD]}

    def answer(request):
        if asks_for_ir(request) and IR_TEXT not in given["draw"]:
            return IR_TEXT
        lines = given["critique" if is_critique(request) else "draw"]
        return lines.pop(0) if len(lines) > 1 else lines[0]

    return ScriptedProvider(answer, capabilities=PRICED)


def refine(**options):
    return Anytime("refine", Refine(RefineOptions(**options), TestParts.installed()))


async def on_code(provider, want=1, limits=None, **options):
    problem = make_implementation(TASK, SPECIFICATION)
    return await refine(**options).run(problem, make_context(provider, limits=limits), want)


async def test_the_smallest_counter_example_is_told_and_mends_it():
    provider = model([WRONG_TEXT, RIGHT_TEXT])
    outcome = await on_code(provider, model="never")
    assert "2 * x" in outcome.best.value.source
    assert outcome.stopped == (
        "the checks find nothing to mend after one round: fail at first, pass in the end"
    )
    told = provider.requests[1].messages[-1].content
    assert told.count("expected") == 1
    assert "double(2)" in told
    assert "double(5)" not in told
    assert provider.calls == 2


def test_the_smallest_is_the_one_with_the_shortest_call():
    def failure(call):
        return Failure(category="wrong_output", message="wrong", input=call)

    long, short, none = failure("f([1, 2, 3])"), failure("f([])"), failure(None)
    assert smallest([none, long, short]) == [short, long, none]


async def test_what_no_check_refutes_is_criticised_by_the_model_and_both_are_paid():
    provider = model([code("return x + x"), RIGHT_TEXT], [BAD, GOOD])
    outcome = await on_code(provider)
    _, first, again, _ = provider.requests
    assert [is_critique(request) for request in provider.requests] == [False, True, False, True]
    assert first.constraint.name == "critique"
    assert "return x + x" in first.messages[1].content
    assert TASK.request in first.messages[1].content
    told = again.messages[-1].content
    assert "edge case: zero is wrong Fix: mend it" in told
    assert outcome.best.text == outcome.candidates[1].text
    assert outcome.stopped.startswith("quality 9 of 10 is enough after one round")
    assert outcome.spend.calls == 4
    assert outcome.spend.usd > 0
    assert outcome.diversity.textual == 2


@pytest.mark.parametrize(
    ("draws", "critiques", "options", "why"),
    [
        ([RIGHT_TEXT], [GOOD], {}, "quality 9 of 10 is enough after 0 rounds"),
        ([RIGHT_TEXT], [critique(5)], {}, "quality 5 of 10, and the critic names nothing to mend"),
        ([RIGHT_TEXT], [BAD], {"quality": 3}, "quality 3 of 10 is enough"),
        ([RIGHT_TEXT], [BAD], {}, "nothing better in 2 rounds after 2 rounds"),
        ([WRONG_TEXT], [], {"patience": 3}, "nothing better in 3 rounds"),
        ([WRONG_TEXT], [], {"rounds": 1}, "no round is left after one round"),
        (["prose"], [], {"rounds": 0}, "no round is left after 0 rounds: invalid at first"),
        ([RIGHT_TEXT], ["no JSON"], {}, "the critique cannot be read after 0 rounds"),
        ([RIGHT_TEXT], [RequestRejected("HTTP 400")], {}, "the critic failed: HTTP 400"),
    ],
)
async def test_each_reason_to_stop_is_told(draws, critiques, options, why):
    assert why in (await on_code(model(draws, critiques), **options)).stopped


async def test_praise_of_what_the_checks_refute_stops_nothing():
    provider = model([WRONG_TEXT, RIGHT_TEXT], [critique(10), critique(10)])
    outcome = await on_code(provider, model="always")
    assert "2 * x" in outcome.best.value.source
    assert outcome.stopped.endswith("fail at first, pass in the end")


async def test_blame_of_what_is_right_loses_nothing():
    draws = [RIGHT_TEXT, WRONG_TEXT, code("return x"), "prose"]
    outcome = await on_code(model(draws, [BAD]), patience=3, rounds=3)
    assert outcome.best is outcome.candidates[0]
    assert len(outcome.candidates) == 4


async def test_after_a_worse_draw_it_goes_on_from_the_best():
    provider = model([RIGHT_TEXT, WRONG_TEXT, RIGHT_TEXT], [BAD])
    await on_code(provider)
    asked = [request for request in provider.requests if not is_critique(request)]
    assert all("zero is wrong" in request.messages[-1].content for request in asked[1:])


async def test_a_critique_that_cannot_be_read_is_asked_for_once_more():
    provider = model([RIGHT_TEXT], ["what a nice function!", GOOD])
    outcome = await on_code(provider)
    assert outcome.stopped.startswith("quality 9 of 10 is enough")
    assert provider.calls == 3


@pytest.mark.parametrize(
    ("text", "quality"),
    [
        (GOOD, 9),
        (f"Sure:\n```json\n{BAD}\n```\nDone.", 3),
        ('{"issues": [{"category": "odd", "description": "x"}], "quality": 2.5, "by": "me"}', 2.5),
        ('{"quality": 11}', None),
        ('{"quality": true}', None),
        ('{"quality": "good"}', None),
        ('{"quality": NaN}', None),
        ('{"issues": "none", "quality": 5}', None),
        ("{" * 5000, None),
        ('{"issues": [{"category": 7}], "quality": 5}', None),
        ("[1, 2]", None),
        ("", None),
    ],
)
def test_what_can_be_read_of_a_critique(text, quality):
    found = read(text)
    assert (found and found.quality) == quality


async def test_a_draw_that_fails_midway_is_drawn_again_with_what_was_told_before():
    provider = model([WRONG_TEXT, RequestRejected("HTTP 400"), RIGHT_TEXT])
    outcome = await on_code(provider)
    assert "2 * x" in outcome.best.value.source
    lost, again = provider.requests[1:3]
    assert lost.messages == again.messages


async def test_an_error_that_every_call_meets_is_passed_on_also_from_the_critic():
    with pytest.raises(AuthenticationFailed):
        await on_code(model([RIGHT_TEXT], [AuthenticationFailed("no key")]))


async def test_on_specifications():
    provider = model([IR_TEXT.replace("2 * x", "x + 1"), IR_TEXT])
    ctx = make_context(provider)
    outcome = await refine(model="never").run(make_specification(TASK), ctx)
    assert outcome.best.value == SPECIFICATION
    assert outcome.stopped.endswith("fail at first, pass in the end")


@pytest.mark.parametrize(("category", "specified"), [("specification", 2), ("logic", 1)])
async def test_on_attempts_the_critic_says_which_stage_is_drawn_again(category, specified):
    provider = model([RIGHT_TEXT], [critique(2, (category, "not asked for")), GOOD])
    outcome = await refine(patience=1).run(make_attempt(TASK), make_context(provider))
    asked = [request for request in provider.requests if asks_for_ir(request)]
    assert len(asked) == specified
    shown = next(request for request in provider.requests if is_critique(request))
    assert "Specification:\n" in shown.messages[1].content
    assert "return 2 * x" in shown.messages[1].content
    assert outcome.best.value.verdict.passed


async def test_attempts_are_mended_by_what_running_them_showed():
    provider = model([WRONG_TEXT, RIGHT_TEXT])
    outcome = await refine(model="never").run(make_attempt(TASK), make_context(provider))
    assert outcome.best.value.verdict.passed
    assert sum(asks_for_ir(request) for request in provider.requests) == 1, "the IR was kept"


async def test_another_provider_may_criticise():
    writer, critic = model([RIGHT_TEXT]), model([], [GOOD])
    ctx = make_context({str(MODEL): writer, "critic": critic})

    class Parts(TestParts):
        def provider(self, ref):
            return ref.root

    options = RefineOptions(provider="critic")
    outcome = await Refine(options, Parts.installed()).run(
        make_implementation(TASK, SPECIFICATION), ctx
    )
    assert (writer.calls, critic.calls) == (1, 1)
    assert outcome.stopped.startswith("quality 9 of 10")


async def test_several_wanted_are_mended_side_by_side():
    def answer(request):
        if len(request.messages) > 4:
            return code(f"return 2 * x  # {len(request.messages[-2].content)}")
        return [code("return x"), code("return x * x + 1")]

    provider = ScriptedProvider(answer)
    outcome = await on_code(provider, want=2, model="never")
    assert len(outcome.winners) == 2
    assert all("2 * x" in winner.value.source for winner in outcome.winners)


class Graded(SimulatedProblem):
    """Its check says what the answer says."""

    async def check(self, value):
        status, _, failures = value.answer.partition(" ")
        wrong = Failure(category="wrong_output", message="wrong", input="f()")
        return Verdict(
            status=status, basis=Basis(examples=1), failures=(wrong,) * int(failures or 0)
        )


def worth(candidate):
    status, _, failures = candidate.value.answer.partition(" ")
    return {"pass": 2, "unverified": 1, "fail": 0}[status], -int(failures or 0)


GRADES = ("pass", "unverified", "fail 1", "fail 2", "fail 3", "no answer", "error")
CRITIQUES = (GOOD, BAD, critique(10), critique(0, ("other", "x")), "not JSON", "error")


@given(
    grades=st.lists(st.sampled_from(GRADES), min_size=1, max_size=8),
    critiques=st.lists(st.sampled_from(CRITIQUES), min_size=1, max_size=8),
    calls=st.none() | st.integers(1, 12),
    want=st.integers(1, 3),
    options=st.fixed_dictionaries(
        {
            "model": st.sampled_from(["never", "unrefuted", "always"]),
            "rounds": st.integers(0, 5),
            "patience": st.integers(1, 3),
            "quality": st.integers(0, 10),
        }
    ),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_by_the_checks_it_never_ends_worse_than_anything_it_saw(
    grades, critiques, calls, want, options
):
    (task,) = simulated_tasks(1)
    numbers = {"draw": 0, "critique": 0}
    offered = []

    def answer(request):
        offered.append(ctx.offers.best)
        sort = "critique" if is_critique(request) else "draw"
        lines = critiques if sort == "critique" else grades
        line = lines[numbers[sort] % len(lines)]
        numbers[sort] += 1
        if line == "error":
            return RequestRejected("HTTP 400")
        if sort == "critique" or line == "no answer":
            return line
        return json.dumps({"answer": line, "wording": numbers[sort]})

    provider = ScriptedProvider(answer, capabilities=PRICED)
    ctx = make_context(provider, limits=Limits(calls=calls))
    try:
        outcome = await refine(**options).run(Graded(task), ctx, want)
    except BudgetExhausted:
        assert calls is not None
        return
    valid = [each for each in outcome.candidates if each.value is not None]
    assert bool(outcome.winners) == bool(valid)
    if valid:
        assert worth(outcome.best) == max(map(worth, valid))
        assert ctx.offers.best is outcome.best or worth(ctx.offers.best) == worth(outcome.best)
    known = [worth(each) for each in offered if each is not None]
    assert known == sorted(known), "what is on offer never gets worse"
    assert provider.calls <= (calls or 10_000)
    assert outcome.stopped


@pytest.mark.parametrize("rounds", [0, 1, 3])
async def test_its_gain_is_that_of_the_closed_form(rounds):
    tasks = simulated_tasks(200)
    provider = SimulatedProvider(SimulatedModel(skill=Skill(success=0.3, told=0.5)), tasks)
    strategy = Refine(
        RefineOptions(model="never", rounds=rounds, patience=99), TestParts.installed()
    )
    solved = await simulate(strategy, tasks, provider)
    expected = 1 - 0.7 * 0.5**rounds
    found = sum(each.right for each in solved) / len(solved)
    assert abs(found - expected) <= 3 * (expected * (1 - expected) / len(solved)) ** 0.5
    assert sum(each.draws for each in solved) < (1 + rounds) * len(tasks) or rounds == 0


async def test_one_error_in_a_row_of_draws_is_one_round():
    failing = FailingProvider(model([RIGHT_TEXT]), RequestRejected("HTTP 400"), times=1)
    outcome = await on_code(failing, model="never")
    assert outcome.stopped.endswith("after one round: invalid at first, pass in the end")
