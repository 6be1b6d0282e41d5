"""The provider with a real vLLM, on a tiny random model made here."""

import asyncio
import json
import threading
from pathlib import Path

import pytest

pytest.importorskip("vllm", reason="vllm is not installed: `.ci/heavy vllm` runs these")

import jsonschema
from lift_sys_vllm.plugin import VllmOptions
from lift_sys_vllm.provider import VllmProvider
from lift_sys_vllm.worker import WORKERS

from lift_sys.errors import ProviderError, RequestRejected, UnusableModel
from lift_sys.interfaces import JsonSchema, Regex, Reply
from lift_sys.ir import json_schema
from lift_sys.testing.asking import failure
from lift_sys.testing.asking import one as reply
from lift_sys.testing.conformance import ProviderConformance
from lift_sys.testing.local_models import ENDLESS, LocalModelChecks, ask, greedy, texts
from lift_sys.testing.tiny_model import make_tiny_adapter, make_tiny_model

# Those of torch, vLLM and what they import are not ours.
pytestmark = pytest.mark.filterwarnings("default")
ON_A_PROCESSOR = {"dtype": "float32", "context": 512, "arguments": {"enforce_eager": True}}
TEXTS = "Write a function that returns the first even number of a list. " * 6


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("model"), width=128)


@pytest.fixture(scope="module")
def adapters(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        name: make_tiny_adapter(tmp_path_factory.mktemp(name), model, seed=seed)
        for seed, name in enumerate(("one", "two"))
    }


@pytest.fixture(scope="module")
def options(model: Path, adapters: dict[str, Path]) -> VllmOptions:
    return VllmOptions(model=str(model), adapters=adapters, **ON_A_PROCESSOR)


@pytest.fixture(scope="module", autouse=True)
def held(options: VllmOptions):
    """One engine for all: whoever asks for the same one shares it."""
    provider = VllmProvider(options)
    worker = provider._lease.worker()
    asyncio.run(reply(provider, ask(max_tokens=1)))  # starting takes longer than a test may
    TestVllm.options = options.model_dump(mode="json")
    yield worker
    asyncio.run(provider.aclose())
    assert not WORKERS
    assert not worker.is_loaded
    assert not [thread for thread in threading.enumerate() if thread.name == "vllm"]


class TestVllm(ProviderConformance):
    component = "vllm"


class TestVllmAsLocalModel(LocalModelChecks):
    pass


@pytest.fixture
async def provider(options: VllmOptions):
    made = VllmProvider(options)
    yield made
    await made.aclose()


def whole(text: str) -> str:
    """As vLLM tells it: without half a character at the end."""
    return text.rstrip("\ufffd")


async def test_greedy_is_what_transformers_says(provider: VllmProvider, model: Path):
    text, logprobs = greedy(model)
    asked = ask(max_tokens=24, temperature=0.0, logprobs=True, n=2)
    answer = await reply(provider, asked)
    assert [one.text for one in answer.completions] == [whole(text)] * 2
    for one in answer.completions:
        assert one.logprobs == pytest.approx(logprobs, abs=1e-4)
    assert answer.usage.output_tokens == 2 * len(logprobs)


SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 12},
        "kind": {"enum": ["loop", "branch"]},
        "count": {"type": "integer", "minimum": 0, "maximum": 99},
    },
    "required": ["name", "kind", "count"],
    "additionalProperties": False,
}


async def test_replies_keep_to_a_schema(provider: VllmProvider):
    schema = JsonSchema(name="s", document=SCHEMA)
    answer = await reply(provider, ask(constraint=schema, n=16, max_tokens=200))
    assert {one.finish for one in answer.completions} == {"stop"}
    for one in answer.completions:
        jsonschema.validate(json.loads(one.text), SCHEMA)
    ours = JsonSchema(name="specification", document=json_schema())
    (one,) = await texts(provider, ask(constraint=ours, max_tokens=60))
    assert one.startswith('{"intent":{"summary":')


async def test_what_does_not_fit_is_refused_and_what_just_fits_is_cut(provider: VllmProvider):
    endless = Regex(pattern="[a-z]{2000}")
    long, short = await provider.complete(
        [ask("word " * 512), ask(max_tokens=9000, constraint=endless)]
    )
    assert isinstance(long, RequestRejected)
    assert "reads 512 with its reply" in long.cause
    assert isinstance(short, Reply)
    assert short.completions[0].finish == "length"
    assert short.usage.input_tokens + short.usage.output_tokens == 512


async def test_what_prompts_have_in_common_is_read_once(provider: VllmProvider):
    shared = "".join(chr(ord("a") + place % 17) for place in range(300))
    first = await reply(provider, ask(shared + "first", n=4, max_tokens=1))
    second = await reply(provider, ask(shared + "second", max_tokens=1))
    assert first.usage.cached_tokens == 0
    assert 128 <= second.usage.cached_tokens < second.usage.input_tokens
    assert first.usage.output_tokens == 4


async def test_a_cancelled_request_is_taken_out_of_the_batch(provider: VllmProvider, held):
    endless = ask("Cancelled.", n=3, max_tokens=9000, constraint=ENDLESS)
    running = asyncio.create_task(provider.complete([endless]))
    await asyncio.sleep(0)  # it is asked before the next one
    right = await texts(provider, ask())
    engine = held._engine._engine
    assert engine.get_num_unfinished_requests() == 3
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await texts(provider, ask()) == right
    assert engine.get_num_unfinished_requests() == 0
    assert not held._asked


async def test_adapters_by_name_share_the_engine(
    options: VllmOptions, adapters: dict[str, Path], model: Path
):
    asked = ask(temperature=0.0, max_tokens=24)
    providers = {
        name: VllmProvider(options.model_copy(update={"adapter": name}))
        for name in (None, "one", "two")
    }
    try:
        answers = await asyncio.gather(*(each.complete([asked]) for each in providers.values()))
        assert len(WORKERS) == 1
    finally:
        for made in providers.values():
            await made.aclose()
    said = {name: answer[0] for name, answer in zip(providers, answers, strict=True)}
    assert said["one"].model.endswith("+one")
    for name, answer in said.items():
        right, _ = greedy(model, name and adapters[name])
        assert answer.completions[0].text == whole(right)
    assert len({answer.completions[0].text for answer in said.values()}) == 3


async def test_health_tells_what_would_be_served(provider: VllmProvider, options: VllmOptions):
    await texts(provider, ask(max_tokens=1))
    assert "is loaded" in (await provider.health()).detail
    fresh = await VllmProvider(options.model_copy(update={"context": 64})).health()
    assert fresh.ok
    assert "(llama) by vLLM on" in fresh.detail
    nowhere = await VllmProvider(options.model_copy(update={"model": "/nowhere"})).health()
    assert not nowhere.ok


async def test_a_last_request_under_way_is_given_up_at_the_end(options: VllmOptions, held):
    """It runs last, and stops the engine; then another one, with other options, is started."""
    await VllmProvider(options).aclose()
    provider = VllmProvider(options)
    running = asyncio.create_task(provider.complete([ask(max_tokens=9000, constraint=ENDLESS)]))
    await texts(provider, ask(max_tokens=2))
    held.close()
    (answer,) = await running
    assert isinstance(answer, ProviderError)
    assert "was closed" in answer.cause
    assert not held.is_loaded
    await provider.aclose()

    other = VllmProvider(
        options.model_copy(update={"engine": "xgrammar", "prefix_cache": False, "adapters": {}})
    )
    try:
        await xgrammar_keeps_to_a_schema(other)
        await it_is_started_anew_after_a_failure(other)
    finally:
        await other.aclose()
    broken = VllmProvider(options.model_copy(update={"arguments": {"no_such_argument": 1}}))
    try:
        failed = await failure(broken, ask())
    finally:
        await broken.aclose()
    assert isinstance(failed, UnusableModel)
    assert "`arguments`" in failed.remedy


async def xgrammar_keeps_to_a_schema(provider: VllmProvider) -> None:
    bounded = {"type": "string", "pattern": "^[a-z_]{2,12}$"}
    document = {**SCHEMA, "properties": {**SCHEMA["properties"], "name": bounded}}
    asked = ask(TEXTS, JsonSchema(name="s", document=document), n=8, max_tokens=200)
    for _ in range(2):
        answer = await reply(provider, asked)
        for one in answer.completions:
            jsonschema.validate(json.loads(one.text), document)
        assert answer.usage.cached_tokens == 0  # told not to


async def it_is_started_anew_after_a_failure(provider: VllmProvider) -> None:
    right = await texts(provider, ask())
    worker = provider._lease.worker()
    first = worker._engine

    def broken():
        raise RuntimeError("the device is gone")

    first._engine.step = broken
    assert "the device is gone" in (await failure(provider, ask())).cause
    assert await texts(provider, ask()) == right
    assert worker._engine is not first
