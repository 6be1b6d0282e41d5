from lift_sys_single.plugin import SingleOptions
from lift_sys_single.strategy import Single

from lift_sys.interfaces import Example, Limits, Task
from lift_sys.testing.conformance import StrategyConformance
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.runs import make_context, make_specification

IR = '{"intent": {"summary": "s"}, "signature": {"name": "f", "returns": "int"}}'
TASK = Task(id="t", request="Return one", examples=(Example(expected=1),))


class TestSingle(StrategyConformance):
    component = "single"


async def test_without_retries_an_invalid_draw_is_the_end():
    provider = ScriptedProvider(["nonsense", IR])
    single = Single(SingleOptions(), parts=None)
    outcome = await single.run(make_specification(TASK), make_context(provider))
    assert outcome.best is None
    assert outcome.stopped == "0 valid of 1 drawn, 0 retries used"
    assert provider.calls == 1


async def test_a_retry_draws_only_what_is_missing_and_says_what_was_wrong():
    provider = ScriptedProvider([IR, "nonsense", IR])
    single = Single(SingleOptions(retries=3), parts=None)
    outcome = await single.run(make_specification(TASK), make_context(provider), want=2)
    assert len(outcome.winners) == 2
    assert outcome.stopped == "2 valid of 3 drawn"
    first, second = provider.requests
    assert (first.sampling.n, second.sampling.n) == (2, 1)
    assert [message.content for message in second.messages][-2] == "nonsense"
    assert "no specification" in second.messages[-1].content


async def test_the_end_of_the_budget_leaves_what_was_drawn_and_is_told():
    one_by_one = ANYTHING.model_copy(update={"n": 1})
    provider = ScriptedProvider([IR, "nonsense"], capabilities=one_by_one)
    ctx = make_context(provider, limits=Limits(calls=2))
    outcome = await Single(SingleOptions(retries=3), None).run(make_specification(TASK), ctx, 2)
    assert (len(outcome.winners), len(outcome.candidates)) == (1, 2)
    assert outcome.cut_short
    assert "1 valid of 2 drawn, " in outcome.stopped
    assert "used up" in outcome.stopped
