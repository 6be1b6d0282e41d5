"""What a model of the dialect `slots` is sent."""

import pytest

from lift_sys.data.dialect import DIALECT, Again, Asked, DialectError, read_asked
from lift_sys.data.families.registry import families
from lift_sys.data.made import make
from lift_sys.interfaces import Capabilities, Failure, Feedback, Message
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.runs import make_context, make_implementation, make_specification
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, SPECIFICATION, TASK


async def drawn(problem, reply):
    capabilities = Capabilities(model="m", dialect=DIALECT)
    provider = ScriptedProvider(lambda _: reply, capabilities=capabilities)
    (candidate,) = await problem.draw(make_context(provider), 1)
    return read_asked(provider.requests[0].messages), candidate


async def test_it_is_told_all_that_a_stage_knows_and_no_more():
    asked, candidate = await drawn(make_specification(TASK), IR_TEXT)
    assert asked == (Asked(stage="specify", request=TASK.request), None)
    assert candidate.value == SPECIFICATION
    asked, candidate = await drawn(make_implementation(TASK, SPECIFICATION), RIGHT_TEXT)
    assert asked == (Asked(stage="implement", request=TASK.request, ir=SPECIFICATION), None)
    assert candidate.value is not None


async def test_an_earlier_answer_comes_with_its_kinds_of_failure():
    problem = make_implementation(TASK, SPECIFICATION)
    _, before = await drawn(problem, RIGHT_TEXT)
    failures = [Failure(category=one, message="m") for one in ("assertion", "timeout", "timeout")]
    again = problem.with_feedback(Feedback(before, tuple(failures)))
    (asked, told), _ = await drawn(again, RIGHT_TEXT)
    assert asked.ir == SPECIFICATION
    assert told == Again(answer=before.text, failures=("assertion", "timeout"))


def test_every_specification_survives_the_way_to_the_model():
    irs = [make(family, 7, 1).ir for family in families()]
    assert any(ir.constraints for ir in irs)
    for ir in irs:
        asked = Asked(stage="implement", request="r", ir=ir)
        assert Asked.model_validate_json(asked.message()) == asked


@pytest.mark.parametrize(
    "texts",
    [["Say hello."], ["Be brief.", "Say hello."], ["lift-sys dialect: slots", "Say hello."]],
)
def test_what_is_said_to_a_chat_model_is_refused(texts):
    with pytest.raises(DialectError):
        read_asked(tuple(Message(role="user", content=text) for text in texts))
