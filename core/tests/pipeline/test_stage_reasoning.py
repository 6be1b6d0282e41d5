"""Reasoning first, kept apart, and then an answer that is held to its constraint."""

from itertools import cycle

import llguidance
import pytest

from lift_sys.errors import BudgetExhausted, RequestRejected
from lift_sys.interfaces import (
    CandidateDrawn,
    Completion,
    Grammar,
    Limits,
    Price,
    Variation,
    spend_of,
)
from lift_sys.pipeline.context import RunContext
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.runs import (
    make_attempt,
    make_context,
    make_implementation,
    make_specification,
)
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, SPECIFICATION, TASK, asks_for_ir

REASONED = Variation(variant="reasoning", constrained=True)
THOUGHT = "1. no literals\n2. none\n3. zero\n4. it returns 2 * x"


def able(*constraints, **others):
    priced = {"price": Price(input=1.0, output=1.0), **others}
    return ANYTHING.model_copy(update={"constraints": frozenset(constraints), **priced})


def thinking_model(thoughts=(THOUGHT,), **capabilities):
    """Thinks in turn where it is not held to anything, and answers."""
    said = cycle(thoughts)

    def answer(request):
        if not asks_for_ir(request):
            return RIGHT_TEXT
        if "reasoning" in capabilities:
            return Completion(text=IR_TEXT, reasoning=THOUGHT)
        if request.constraint is not None and "REASONING" not in request.messages[0].content:
            return IR_TEXT
        if "two steps" in request.messages[0].content:
            return [next(said) for _ in range(request.sampling.n)]
        return f"REASONING\n{THOUGHT}\nSPECIFICATION\n{IR_TEXT}"

    constraints = capabilities.pop("constraints", ("json_schema",))
    return ScriptedProvider(answer, capabilities=able(*constraints, **capabilities))


async def drawn(provider, n=1, problem=None, **context):
    ctx = make_context(provider, **context)
    return await (problem or make_specification(TASK)).draw(ctx, n, REASONED)


async def test_who_can_hold_only_an_answer_to_its_schema_is_asked_twice():
    provider = thinking_model((THOUGHT, "other thoughts"))
    first, second = await drawn(provider, 2)
    think, *answers = provider.requests
    assert (think.constraint, think.sampling.n) == (None, 2)
    assert [request.constraint.kind for request in answers] == ["json_schema"] * 2
    assert [request.sampling.n for request in answers] == [1, 1]
    for request, thought in zip(answers, (THOUGHT, "other thoughts"), strict=True):
        assert request.messages[: len(think.messages)] == think.messages
        assert [message.role for message in request.messages[-2:]] == ["assistant", "user"]
        assert request.messages[-2].content == thought
    assert (first.value, first.reasoning, first.text) == (SPECIFICATION, THOUGHT, IR_TEXT)
    assert second.reasoning == "other thoughts"
    assert "thoughts" not in second.value.model_dump_json()
    assert len(first.calls) == len(second.calls) == 2
    assert first.origin.prompt != second.origin.prompt
    spend = spend_of([first, second])
    assert spend.calls == 3, "the thoughts came in one call"
    assert spend.usd > 0


async def test_its_examples_are_shown_in_two_steps_too():
    provider = thinking_model()
    await drawn(provider)
    roles = [message.role for message in provider.requests[1].messages]
    assert roles == ["system", *["user", "assistant"] * 6, "user", "assistant", "user"]


@pytest.mark.parametrize(
    ("can", "kind"),
    [((), None), (("json_schema", "grammar"), "grammar"), (("grammar",), "grammar")],
)
async def test_who_can_hold_all_of_a_reply_or_nothing_is_asked_once(can, kind):
    provider = thinking_model(constraints=can)
    (candidate,) = await drawn(provider)
    (request,) = provider.requests
    assert (request.constraint and request.constraint.kind) == kind
    assert "REASONING" in request.messages[0].content
    assert (candidate.value, candidate.reasoning) == (SPECIFICATION, THOUGHT)


async def test_who_thinks_anyway_is_asked_as_ever():
    provider = thinking_model(reasoning=True)
    (candidate,) = await drawn(provider)
    (request,) = provider.requests
    assert request.constraint.kind == "json_schema"
    assert "REASONING" not in request.messages[0].content
    assert (candidate.value, candidate.reasoning) == (SPECIFICATION, THOUGHT)


async def test_an_attempt_tells_what_its_specification_was_reasoned_from():
    ctx = make_context(thinking_model())
    (candidate,) = await make_attempt(TASK).draw(ctx, 1, REASONED)
    assert candidate.value.verdict.passed
    assert candidate.reasoning == THOUGHT
    assert isinstance(ctx, RunContext)
    assert ctx.ledger.spend.calls == 3


async def test_a_thought_that_fails_costs_one_candidate_and_is_told():
    replies = iter([RequestRejected("HTTP 400"), THOUGHT, IR_TEXT])
    provider = ScriptedProvider(lambda _: next(replies), capabilities=able("json_schema", n=1))
    events = []
    failed, answered = await drawn(provider, 2, events=events)
    assert failed.failure.category == "infrastructure"
    assert failed.reasoning is None
    assert answered.value == SPECIFICATION
    told = {event.candidate for event in events if isinstance(event, CandidateDrawn)}
    assert told == {failed.id, answered.id}


async def test_a_budget_that_ends_between_the_calls_is_not_overrun():
    provider = thinking_model(n=1)
    with pytest.raises(BudgetExhausted):
        await drawn(provider, limits=Limits(calls=1))
    assert provider.calls == 1
    provider = thinking_model(n=1)
    first, second = await drawn(provider, 2, limits=Limits(calls=3))
    assert provider.calls == 3
    assert (first.value, second.value) == (SPECIFICATION, None)
    assert "unpaid" in second.notes


def accepted(grammar: Grammar, text: str) -> bool:
    """Whether the text is a whole sentence of the grammar, byte by byte."""
    tokenizer = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(tokenizer, llguidance.grammar_from("lark", grammar.lark))
    assert not matcher.get_error()
    return matcher.consume_tokens(list(text.encode())) and matcher.is_accepting()


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (f"REASONING\n{THOUGHT}\n\nSPECIFICATION\n{IR_TEXT}", True),
        (f"REASONING\nits SPECIFICATION\nSPECIFICATION\n{IR_TEXT}", True),
        (f"REASONING\n{THOUGHT}\nSPECIFICATION\n{IR_TEXT[:-1]}", False),
        (f"REASONING\n{THOUGHT}\nSPECIFICATION\n" + '{"intent": 3}', False),
        (f"REASONING\n{THOUGHT}\n", False),
        (IR_TEXT, False),
    ],
)
def test_the_grammar_wants_reasoning_and_then_a_specification(text, fits):
    assert accepted(make_specification(TASK).constraint_with_reasoning(), text) is fits


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (f"No literals.\n\nZero stays zero.\n\n{RIGHT_TEXT}", True),
        (f"No literals.\n{RIGHT_TEXT.replace('double', 'twice')}", False),
        (RIGHT_TEXT, False),
    ],
)
def test_the_grammar_wants_reasoning_and_then_code(text, fits):
    problem = make_implementation(TASK, SPECIFICATION)
    assert accepted(problem.constraint_with_reasoning(), text) is fits
