"""What replies are constrained to, where the provider can see to it."""

import llguidance
import pytest

from lift_sys.interfaces import Grammar, JsonSchema, Variation
from lift_sys.ir import json_schema
from lift_sys.testing.providers import ANYTHING
from lift_sys.testing.runs import make_context, make_implementation, make_specification
from lift_sys.testing.samples import RIGHT_TEXT, SPECIFICATION, TASK, scripted_model

NOTHING = ANYTHING.model_copy(update={"constraints": frozenset()})
HEAD = "```python\ndef double(x: int) -> int:\n"


async def asked(problem, capabilities=ANYTHING, vary=None):
    provider = scripted_model(capabilities=capabilities)
    await problem.draw(make_context(provider), 1, vary)
    return provider.requests[0].constraint


async def test_a_specification_is_held_to_its_schema_and_code_to_its_signature():
    assert await asked(make_specification(TASK)) == JsonSchema(
        name="specification", document=json_schema()
    )
    grammar = await asked(make_implementation(TASK, SPECIFICATION))
    assert isinstance(grammar, Grammar)
    assert "def double(x: int) -> int:" in grammar.lark


async def test_what_a_provider_cannot_do_it_is_not_asked_for():
    assert await asked(make_specification(TASK), NOTHING) is None
    assert await asked(make_implementation(TASK, SPECIFICATION), NOTHING) is None


async def test_reasoning_is_free():
    thinking = Variation(variant="reasoning")
    assert await asked(make_specification(TASK), vary=thinking) is None
    assert await asked(make_implementation(TASK, SPECIFICATION), vary=thinking) is None


def accepted(grammar: str, text: str) -> bool:
    """Whether the text is a whole sentence of the grammar, byte by byte."""
    tokenizer = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(tokenizer, llguidance.grammar_from("lark", grammar))
    assert not matcher.get_error()
    return matcher.consume_tokens(list(text.encode())) and matcher.is_accepting()


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (RIGHT_TEXT, True),
        (f"{HEAD}    y = 2 * x\n\n    return y\n```", True),
        (RIGHT_TEXT.replace("def", "from math import floor\nimport re\ndef", 1), True),
        (f"{HEAD}```", False),
        ("```python\ndef twice(x: int) -> int:\n    return 2 * x\n```", False),
        ("```python\ndef double(y):\n    return 2 * y\n```", False),
        ("Here it is:\n" + RIGHT_TEXT, False),
        (f"{HEAD}return 2 * x\n```", False),
        (RIGHT_TEXT[:-3], False),
    ],
)
async def test_the_grammar_takes_the_function_and_nothing_else(text, fits):
    grammar = await asked(make_implementation(TASK, SPECIFICATION))
    assert accepted(grammar.lark, text) is fits
