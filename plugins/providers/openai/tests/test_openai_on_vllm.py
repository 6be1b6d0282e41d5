"""Against vLLM's own API server, in a process beside this one, with a tiny random model."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("vllm", reason="vllm is not installed: `.ci/heavy vllm` runs these")

import httpx2
import jsonschema
from lift_sys_openai.plugin import OpenAIOptions
from lift_sys_openai.provider import OpenAIProvider
from transformers import AutoTokenizer

from lift_sys.errors import AuthenticationFailed, RequestRejected
from lift_sys.interfaces import JsonSchema, Regex
from lift_sys.testing.asking import closing_each, failure
from lift_sys.testing.asking import one as reply
from lift_sys.testing.conformance import ProviderConformance
from lift_sys.testing.local_models import ENDLESS, ask, texts
from lift_sys.testing.tiny_model import make_tiny_adapter, make_tiny_model

# Those of torch and transformers are not ours.
pytestmark = pytest.mark.filterwarnings("default")
KEY = "a-key-of-this-test"
START_SECONDS = 1200
"""On a machine that others load; half a minute on an idle one."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("model"), width=128)


@pytest.fixture(scope="module")
def adapter(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_adapter(tmp_path_factory.mktemp("adapter"), model)


@pytest.fixture(scope="module", autouse=True)
def server(model: Path, adapter: Path, tmp_path_factory: pytest.TempPathFactory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    structured = {"backend": "guidance", "disable_any_whitespace": True}
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server"]
    command += [f"--model={model}", "--served-model-name=tiny", "--host=127.0.0.1"]
    command += [f"--port={port}", "--dtype=float32", "--max-model-len=512", "--enforce-eager"]
    command += ["--enable-prompt-tokens-details", "--enable-lora", "--max-lora-rank=8"]
    command += [f"--structured-outputs-config={json.dumps(structured)}"]
    command += ["--lora-modules", f"tuned={adapter}"]
    # Not among the arguments, which every user of the machine can read.
    environment = {**os.environ, "VLLM_API_KEY": KEY, "VLLM_NO_USAGE_STATS": "1"}
    log = tmp_path_factory.mktemp("server") / "log"
    address = f"http://127.0.0.1:{port}"
    with (
        log.open("wb") as told,
        subprocess.Popen(command, stdout=told, stderr=told, env=environment) as process,
    ):
        try:
            wait_for(process, address, log)
            TestOpenAIOnVllm.options = given(address)
            yield address
        finally:
            process.terminate()


def wait_for(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx2.get(f"{address}/health", timeout=60).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(1)
    pytest.fail(f"vLLM's server did not start:\n{log.read_text(errors='replace')[-5000:]}")


def given(address: str, **options) -> dict:
    return {"model": "tiny", "base_url": f"{address}/v1", "api_key": KEY, **options}


class TestOpenAIOnVllm(ProviderConformance):
    component = "openai"


@pytest.fixture
async def connect(server: str):
    def make(options) -> OpenAIProvider:
        return OpenAIProvider(OpenAIOptions.model_validate(given(server, **options)))

    async with closing_each(make) as connect:
        yield connect


async def test_n_seed_and_log_probabilities_are_honoured(connect):
    provider = connect()
    answer = await reply(provider, ask(n=3, logprobs=True))
    assert answer.ignored == frozenset()
    assert len({one.text for one in answer.completions}) == 3
    assert answer.usage.output_tokens == sum(len(one.logprobs) for one in answer.completions)
    assert all(logprob <= 0 for one in answer.completions for logprob in one.logprobs)
    assert (await reply(provider, ask(n=3, logprobs=True))).completions == answer.completions
    assert (await reply(provider, ask(n=3, seed=50))).completions != answer.completions


async def test_the_usage_is_the_server_s_own_count(connect, model: Path):
    provider = connect()
    text = "".join(chr(ord("a") + place % 17) for place in range(300))
    first = await reply(provider, ask(text, max_tokens=3))
    asked = AutoTokenizer.from_pretrained(str(model))(f"<|user|>{text}\n<|assistant|>")
    assert first.usage.input_tokens == len(asked["input_ids"])
    assert not first.usage.estimated
    assert first.usage.cached_tokens == 0
    second = await reply(provider, ask(f"{text} again", max_tokens=3))
    assert 128 <= second.usage.cached_tokens < second.usage.input_tokens


SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 12},
        "kind": {"enum": ["loop", "branch"]},
    },
    "required": ["name", "kind"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("required", [["name", "kind"], ["name"]], ids=["closed", "open"])
async def test_replies_keep_to_a_schema(connect, required: list[str]):
    document = {**SCHEMA, "required": required}
    schema = JsonSchema(name="s", document=document)
    answer = await reply(connect(), ask(constraint=schema, n=8, max_tokens=200))
    assert answer.ignored == frozenset()
    assert {one.finish for one in answer.completions} == {"stop"}
    for one in answer.completions:
        jsonschema.validate(json.loads(one.text), document)


async def test_regular_expressions_are_told_as_ignored_and_go_through_by_the_body(connect):
    assert "constraint" in (await reply(connect(), ask(constraint=Regex(pattern="a")))).ignored
    body = {"structured_outputs": {"regex": "(ab|cd){2,5}!"}}
    for said in await texts(connect(extra_body=body), ask(n=4)):
        assert re.fullmatch("(ab|cd){2,5}!", said)


async def test_adapters_are_models_of_their_own(connect):
    asked = ask(temperature=0.0)
    base, tuned = await reply(connect(), asked), await reply(connect(model="tuned"), asked)
    assert (base.model, tuned.model) == ("tiny", "tuned")
    assert base.completions[0].text != tuned.completions[0].text
    assert "serves tuned" in (await connect(model="tuned").health()).detail


async def test_stops_and_the_end_of_the_context(connect):
    provider = connect()
    (whole,) = (await reply(provider, ask(max_tokens=40))).completions
    (cut,) = (await reply(provider, ask(max_tokens=40, stop=(whole.text[10:13],)))).completions
    assert whole.finish == "length"
    assert cut.text == whole.text[: whole.text.index(whole.text[10:13])]
    assert cut.finish == "stop"


async def test_what_the_server_refuses_is_said_in_its_words(connect):
    for asked, said in (
        (ask("word " * 600), "maximum context length"),
        (ask(constraint=JsonSchema(name="s", document={"type": "nothing"})), "nothing"),
    ):
        refused = await failure(connect(), asked)
        assert isinstance(refused, RequestRejected), refused
        assert said in refused.cause
        assert not refused.retryable
    assert isinstance(await failure(connect(api_key="another"), ask()), AuthenticationFailed)
    unknown = await failure(connect(model="nowhere"), ask())
    assert "nowhere" in unknown.cause
    assert not (await connect(api_key="another").health()).ok


async def test_the_likeliest_reply_is_asked_for_once_each_time(connect):
    """vLLM refuses more of them in one call."""
    refused = await failure(connect(), ask(temperature=0.0, n=2))
    assert isinstance(refused, RequestRejected)
    assert "n must be 1" in refused.cause
    assert "`n: 1`" in refused.remedy
    assert "n" in (await reply(connect(n=1), ask(temperature=0.0, n=2))).ignored


async def test_a_cancelled_request_ends_at_the_server(connect, server: str):
    provider = connect(extra_body={"structured_outputs": {"regex": ENDLESS.pattern}})
    before = await reached(server, running=0, waiting=0)
    running = asyncio.create_task(provider.complete([ask(n=3, max_tokens=400)]))
    await reached(server, running=3)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    after = await reached(server, running=0, waiting=0)
    assert after["written"] - before["written"] < 3 * 400
    assert after["finished"] == before["finished"]
    await reply(connect(), ask())
    await reached(server, finished=before["finished"] + 1)


async def reached(server: str, **wanted: float) -> dict[str, float]:
    """What the server says of itself once it says this."""
    return await asyncio.to_thread(_reached, server, wanted)


def _reached(server: str, wanted: dict[str, float]) -> dict[str, float]:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        found = counted(server)
        if wanted.items() <= found.items():
            return found
        time.sleep(0.01)
    pytest.fail(f"the server says {found}, never {wanted}")


def counted(server: str) -> dict[str, float]:
    told = httpx2.get(f"{server}/metrics", timeout=60).text

    def of(name: str, labels: str = "") -> float:
        found = re.findall(rf"^vllm:{name}{{[^}}]*{labels}[^}}]*}} (\S+)$", told, re.MULTILINE)
        assert found, name
        return sum(map(float, found))

    return {
        "running": of("num_requests_running"),
        "waiting": of("num_requests_waiting"),
        "written": of("generation_tokens_total"),
        "finished": of("request_success_total", 'finished_reason="(?:stop|length)"'),
    }
