"""The provider with a real vLLM, on a tiny random model made here."""

import asyncio
import json
import re
import threading
from pathlib import Path

import pytest

pytest.importorskip("vllm", reason="vllm is not installed: `.ci/heavy vllm` runs these")

import jsonschema
import torch
from lift_sys_vllm.plugin import VllmOptions
from lift_sys_vllm.provider import VllmProvider
from lift_sys_vllm.shared import WORKERS
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

from lift_sys.errors import ProviderError, RequestRejected, UnusableModel
from lift_sys.interfaces import (
    Constraint,
    Grammar,
    JsonSchema,
    Message,
    Regex,
    Reply,
    Request,
    Sampling,
)
from lift_sys.ir import json_schema
from lift_sys.testing.conformance import ProviderConformance
from lift_sys.testing.tiny_model import make_tiny_model

# Those of torch, vLLM and what they import are not ours.
pytestmark = pytest.mark.filterwarnings("default")
ON_A_PROCESSOR = {"dtype": "float32", "context": 512, "arguments": {"enforce_eager": True}}
TEXTS = "Write a function that returns the first even number of a list. " * 6


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("model"), width=128)


@pytest.fixture(scope="module")
def adapters(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for number, name in enumerate(("one", "two")):
        torch.manual_seed(number)
        base = AutoModelForCausalLM.from_pretrained(str(model))
        config = LoraConfig(
            r=4, target_modules=["q_proj", "v_proj", "down_proj"], init_lora_weights=False
        )
        found[name] = tmp_path_factory.mktemp(name)
        get_peft_model(base, config).save_pretrained(str(found[name]))
    return found


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


@pytest.fixture
async def provider(options: VllmOptions):
    made = VllmProvider(options)
    yield made
    await made.aclose()


def ask(text: str = "Say hello.", constraint: Constraint | None = None, **sampling) -> Request:
    given = Sampling(**{"max_tokens": 16, "temperature": 1.0, "seed": 5, **sampling})
    return Request(
        messages=(Message(role="user", content=text),), sampling=given, constraint=constraint
    )


async def reply(provider: VllmProvider, request: Request) -> Reply:
    (answer,) = await provider.complete([request])
    assert isinstance(answer, Reply), answer
    return answer


async def texts(provider: VllmProvider, request: Request) -> list[str]:
    return [one.text for one in (await reply(provider, request)).completions]


def greedy(model: Path, adapter: Path | None = None, tokens: int = 24) -> tuple[str, list[float]]:
    """What transformers makes of the same prompt, and the log-probabilities of its tokens."""
    tokenizer = AutoTokenizer.from_pretrained(str(model))
    plain = AutoModelForCausalLM.from_pretrained(str(model)).eval()
    if adapter is not None:
        plain = PeftModel.from_pretrained(plain, str(adapter)).merge_and_unload()
    asked = tokenizer("<|user|>Say hello.\n<|assistant|>", return_tensors="pt")
    with torch.no_grad():
        whole = plain.generate(**asked, do_sample=False, max_new_tokens=tokens)[0]
        scores = plain(whole.unsqueeze(0)).logits[0].log_softmax(-1)
    first = asked["input_ids"].shape[1]
    written = whole[first:].tolist()
    logprobs = [float(scores[first + at - 1, token]) for at, token in enumerate(written)]
    # vLLM does not tell the half of a character at the end.
    return tokenizer.decode(written, skip_special_tokens=True).rstrip("\ufffd"), logprobs


async def test_greedy_is_what_transformers_says(provider: VllmProvider, model: Path):
    text, logprobs = greedy(model)
    asked = ask(max_tokens=24, temperature=0.0, logprobs=True, n=2)
    answer = await reply(provider, asked)
    assert [one.text for one in answer.completions] == [text, text]
    for one in answer.completions:
        assert one.logprobs == pytest.approx(logprobs, abs=1e-4)
    assert answer.usage.output_tokens == 2 * len(logprobs)


async def test_a_reply_is_the_same_whatever_else_is_written_with_it(provider: VllmProvider):
    requests = [
        ask("Hello.", n=3),
        ask("A much longer request, so that the others are of another size.", seed=6),
        ask("Hello.", temperature=0.0, max_tokens=5),
        ask("Go on.", constraint=Regex(pattern="[a-f]{4,9}"), seed=2),
    ]
    together = [
        [one.text for one in answer.completions] for answer in await provider.complete(requests)
    ]
    assert together == [await texts(provider, request) for request in requests]
    assert len(set(together[0])) == 3
    assert not set(await texts(provider, ask("Hello.", n=3, seed=6))) & set(together[0])


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


async def test_regular_expressions_and_grammars(provider: VllmProvider):
    for said in await texts(provider, ask(constraint=Regex(pattern="(ab|cd){2,5}!"), n=8)):
        assert re.fullmatch("(ab|cd){2,5}!", said)
    grammar = Grammar(lark='start: "```python\\n" WORD+ "```"\nWORD: /[a-z]{1,3} /\n')
    answer = await reply(provider, ask(constraint=grammar, n=4, max_tokens=120))
    for one in answer.completions:
        whole = r"```python\n([a-z]{1,3} )+```"
        assert re.fullmatch(whole, one.text) or one.finish == "length"
    (refused,) = await provider.complete([ask(constraint=Grammar(lark="start: nowhere"))])
    assert isinstance(refused, RequestRejected)
    assert "nowhere" in refused.cause


async def test_it_ends_before_a_stop_sequence(provider: VllmProvider):
    (whole,) = await texts(provider, ask(max_tokens=40))
    stop = whole[10:13]
    answer = await reply(provider, ask(max_tokens=40, stop=("never said", stop)))
    assert answer.completions[0].text == whole[: whole.index(stop)]
    assert answer.completions[0].finish == "stop"
    assert answer.usage.output_tokens < 40


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
    endless = ask("Cancelled.", n=3, max_tokens=9000, constraint=Regex(pattern="[a-z]+!{100}"))
    running = asyncio.create_task(provider.complete([endless]))
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
        assert answer.completions[0].text == right
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
    running = asyncio.create_task(
        provider.complete([ask(max_tokens=9000, constraint=Regex(pattern="[a-z]+!{100}"))])
    )
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
        (answer,) = await broken.complete([ask()])
    finally:
        await broken.aclose()
    assert isinstance(answer, UnusableModel)
    assert "`arguments`" in answer.remedy


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
    (failed,) = await provider.complete([ask()])
    assert isinstance(failed, ProviderError)
    assert "the device is gone" in failed.cause
    assert await texts(provider, ask()) == right
    assert worker._engine is not first
