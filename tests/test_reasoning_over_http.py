"""Reasoning and answer over a wire: what is asked of each kind of model, and what is kept apart."""

import pytest
from lift_sys_chain_of_thought.plugin import ChainOfThoughtOptions
from lift_sys_chain_of_thought.strategy import ChainOfThought
from lift_sys_openai.plugin import OpenAIOptions
from lift_sys_openai.provider import create

from lift_sys.pipeline.strategies import Anytime
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.loopback import Answer, Incoming, LoopbackServer
from lift_sys.testing.runs import make_context, make_specification
from lift_sys.testing.samples import IR_TEXT, SPECIFICATION, TASK

THOUGHT = "Zero stays zero."


@pytest.mark.parametrize(("thinks", "calls"), [(True, 1), (False, 2)])
async def test_a_model_that_thinks_anyway_is_asked_once_and_another_twice(thinks: bool, calls: int):
    def text(incoming: Incoming, index: int) -> str:
        return IR_TEXT if "response_format" in incoming.document else THOUGHT

    parts = TestParts.installed()
    strategy = Anytime("chain-of-thought", ChainOfThought(ChainOfThoughtOptions(), parts))
    async with LoopbackServer(Answer(text=text, reasoning=THOUGHT if thinks else None)) as server:
        options = OpenAIOptions(model="m", base_url=server.url, api_key="k", reasoning=thinks)
        provider = create(options, parts)
        outcome = await strategy.run(make_specification(TASK), make_context(provider))
        await provider.aclose()
    assert outcome.best is not None
    assert (outcome.best.value, outcome.best.reasoning) == (SPECIFICATION, THOUGHT)
    assert outcome.spend is not None
    assert outcome.spend.calls == server.counts.requests == calls
