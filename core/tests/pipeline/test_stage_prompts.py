"""What is asked of a model, and what becomes of its reply."""

from dataclasses import replace

import pytest

from lift_sys.interfaces import Example, Feedback, Task, Variation
from lift_sys.ir import Parameter, Signature, json_schema
from lift_sys.prompts import PromptLibrary
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.runs import make_context, make_implementation, make_specification
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, SPECIFICATION, TASK

TYPED = Task(
    id="tag",
    request="Return 'flag' if the value is a bool, 'number' if it is an int, otherwise 'rest'",
    signature=Signature(
        name="tag", parameters=(Parameter(name="value", type="object"),), returns="str"
    ),
)


async def asked(problem, vary=None, reply=IR_TEXT):
    provider = ScriptedProvider(lambda _: reply)
    (candidate,) = await problem.draw(make_context(provider), 1, vary)
    return provider.requests[0], candidate


async def test_examples_are_turns_before_the_request():
    request, _ = await asked(make_specification(TYPED))
    roles = [message.role for message in request.messages]
    assert roles == ["system", *["user", "assistant"] * 3, "user"]
    assert request.constraint.document == json_schema()
    last = request.messages[-1].content
    assert TYPED.request in last
    assert "def tag(value: object) -> str" in last
    assert "`result in ('flag', 'number', 'rest')`" in last
    assert "bool is a subclass of int" in last
    assert not any("bool is a subclass" in message.content for message in request.messages[:-1])


async def test_nothing_is_said_that_does_not_apply():
    request, _ = await asked(make_specification(TASK.model_copy(update={"examples": ()})))
    assert request.messages[-1].content == f"Request:\n{TASK.request}"


async def test_the_beginning_is_shared_by_tasks_that_are_alike():
    first, _ = await asked(make_specification(TYPED))
    other = TYPED.model_copy(update={"request": TYPED.request.replace("flag", "mark")})
    second, _ = await asked(make_specification(other))
    assert first.messages[:-1] == second.messages[:-1]
    third, _ = await asked(make_specification(TASK))
    assert first.messages[0] == third.messages[0]


async def test_few_shot_chooses_other_examples():
    first, one = await asked(make_specification(TYPED), Variation(few_shot=0))
    second, two = await asked(make_specification(TYPED), Variation(few_shot=1))
    assert first.messages[-1] == second.messages[-1]
    assert not set(first.messages[1:-1]) & set(second.messages[1:-1])
    assert one.origin.prompt != two.origin.prompt


async def test_a_pinned_signature_is_kept_to_and_its_types_hold():
    _, other = await asked(make_specification(TYPED), reply=IR_TEXT)
    assert other.value is None
    assert "must have exactly this signature:\ndef " in other.failure.message


async def test_a_pinned_name_is_used_throughout():
    named = TASK.model_copy(update={"function": "twice"})
    request, candidate = await asked(make_specification(named), reply=IR_TEXT)
    asking = request.messages[-1].content
    assert "Use exactly this function name: twice" in asking
    assert "twice(2) == 4" in asking
    assert "f(" not in asking
    assert "must have exactly this function name: twice" in candidate.failure.message
    _, right = await asked(make_specification(named), reply=IR_TEXT.replace("double", "twice"))
    assert right.value.signature.name == "twice"


async def test_examples_of_a_function_without_a_name_say_what_they_call():
    request, _ = await asked(make_specification(TASK))
    assert (
        "(f stands for the function, whatever its name)\nf(2) == 4" in request.messages[-1].content
    )


async def test_reasoning_shows_reasoning():
    pinned = SPECIFICATION.model_copy(update={"signature": TYPED.signature, "assertions": ()})
    text = pinned.model_dump_json(exclude_defaults=True)
    request, candidate = await asked(
        make_specification(TYPED),
        Variation(variant="reasoning"),
        f"**Reasoning:**\n1. so\n\n## Specification\n```json\n{text}\n```",
    )
    assert request.constraint is None
    answers = [message.content for message in request.messages if message.role == "assistant"]
    assert all(text.startswith("REASONING\n1. Literals") for text in answers)
    assert candidate.reasoning == "1. so"
    assert candidate.value.intent == SPECIFICATION.intent


async def test_what_was_mended_in_a_reply_is_noted():
    _, candidate = await asked(make_specification(TASK), reply=f"Here:\n{IR_TEXT[:-1]},}}")
    assert candidate.value == SPECIFICATION
    assert "line 1" in candidate.notes["repairs"]
    assert "truncated" not in candidate.notes


async def test_a_reply_that_was_cut_off_says_so():
    _, candidate = await asked(make_specification(TASK), reply=IR_TEXT[:-8])
    assert candidate.value is not None
    assert "cut off" in candidate.notes["truncated"]


@pytest.mark.parametrize(
    ("reply", "where"),
    [
        (
            '{"intent": {"summary": "s"}, "signature": {"name": "1x", "returns": "int"}}',
            "signature",
        ),
        ('{"intent": {"sumary": "s"}}', "line 1, column 12, at intent.summary"),
        ("I cannot", "there is no JSON object"),
    ],
)
async def test_an_unreadable_reply_is_told_with_its_place(reply, where):
    _, candidate = await asked(make_specification(TASK), reply=reply)
    assert candidate.value is None
    assert where in candidate.failure.message
    problem = make_specification(TASK).with_feedback(Feedback(candidate, (candidate.failure,)))
    request, _ = await asked(problem)
    assert [message.role for message in request.messages[-2:]] == ["assistant", "user"]
    assert where in request.messages[-1].content


async def test_every_problem_of_a_reply_is_told_at_once():
    reply = '{"intent": {"summary": ""}, "signature": {"name": "f", "returns": "list of x"}}'
    _, candidate = await asked(make_specification(TASK), reply=reply)
    assert "intent.summary" in candidate.failure.message
    assert "signature.returns" in candidate.failure.message


async def test_code_is_asked_for_with_the_whole_specification_and_an_example():
    request, candidate = await asked(
        make_implementation(TASK, SPECIFICATION), reply=f"1. Literals: none\n{RIGHT_TEXT}"
    )
    assert [message.role for message in request.messages] == ["system", "user", "assistant", "user"]
    assert '"result == 2 * x"' in request.messages[-1].content
    assert candidate.reasoning == "1. Literals: none"


async def test_the_visible_examples_are_not_told_twice():
    task = Task(
        id="f", request="Twice the number: f(2) is 4", examples=(Example(args=(2,), expected=4),)
    )
    request, _ = await asked(make_specification(task))
    assert request.messages[-1].content.count("f(2) == 4") == 1


async def test_the_digest_of_a_candidate_knows_all_data_of_its_prompt(tmp_path):
    quirks = tmp_path / "quirks.toml"
    quirks.write_text('[[quirk]]\nid = "q"\nwhen = [["nested"]]\ntext = "t"\n', encoding="utf-8")
    problem = make_specification(TASK)
    other = replace(problem, prompts=PromptLibrary({"quirks": quirks}))
    (first, one), (second, two) = await asked(problem), await asked(other)
    assert first.messages == second.messages, "no quirk applies in either"
    assert one.origin.prompt != two.origin.prompt
