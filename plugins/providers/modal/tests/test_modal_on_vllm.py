"""The class that is deployed, run by `.local()` with vLLM's own server and a tiny random model."""

import asyncio
import json
import re
import shutil
import sys
from collections.abc import Sequence

import pytest

pytest.importorskip("vllm", reason="vllm is not installed: `.ci/heavy vllm` runs these")

from lift_sys_modal.adapters import Adapter, adapter_in
from lift_sys_modal.engine import KEPT, settings
from lift_sys_modal.plugin import ModalOptions
from lift_sys_modal.provider import ModalProvider
from modal_doubles import FakeModal, entered, free_port

from lift_sys.interfaces import JsonSchema, Reply
from lift_sys.testing.asking import one
from lift_sys.testing.local_models import ENDLESS, ask, greedy, texts
from lift_sys.testing.tiny_model import make_tiny_adapter, make_tiny_model

# Those of torch and transformers are not ours, and that of Modal says what these tests do.
pytestmark = pytest.mark.filterwarnings("default")
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "minLength": 2, "maxLength": 9}},
    "required": ["name"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> ModalOptions:
    model = make_tiny_model(tmp_path_factory.mktemp("model"), width=128)
    adapter = make_tiny_adapter(tmp_path_factory.mktemp("adapter"), model)
    return ModalOptions(
        model=str(model),
        adapters={"tuned": adapter},
        serve={
            "engine": "guidance",
            "dtype": "float32",
            "context": 512,
            "arguments": ["--enforce-eager"],
            "start_minutes": 40,
        },
    )


@pytest.fixture(scope="module")
def served(options: ModalOptions, tmp_path_factory: pytest.TempPathFactory):
    adapters = [adapter_in(*each, options.model) for each in options.adapters.items()]
    volume = tmp_path_factory.mktemp("volume")
    for adapter in adapters:
        shutil.copytree(adapter.folder, volume / adapter.place)
    with entered(options, adapters, on_this_machine(options, adapters, str(volume))) as model:
        yield model


def on_this_machine(options: ModalOptions, adapters: Sequence[Adapter], volume: str) -> str:
    """The deployment's own settings, with another Python, port and place of the volume."""
    told, port = settings(options, adapters), str(free_port())
    address, _, deployed_port = told["address"].rpartition(":")
    words = [word.replace(f"={KEPT}/", f"={volume}/") for word in told["command"][1:]]
    command = [sys.executable, *(w.replace(f"={deployed_port}", f"={port}") for w in words)]
    return json.dumps(told | {"address": f"{address}:{port}", "command": command})


@pytest.fixture
def world(served, monkeypatch: pytest.MonkeyPatch) -> FakeModal:
    return FakeModal(answer=served.complete.local, health=served.health.local).install(monkeypatch)


async def test_vllm_takes_what_is_asked_and_its_answer_is_read(world, options: ModalOptions):
    provider = ModalProvider(options)
    try:
        asked = ask(constraint=JsonSchema(name="s", document=SCHEMA), n=3, max_tokens=60)
        answer = await one(provider, asked)
        assert len({each.text for each in answer.completions}) == 3
        for each in answer.completions:
            assert set(json.loads(each.text)) == {"name"}
        assert answer.usage.input_tokens > 0
        assert (await one(provider, asked)).completions == answer.completions
        told = await one(provider, ask(logprobs=True))
        assert len(told.completions[0].logprobs or ()) == told.usage.output_tokens
        assert (await provider.health()).ok
    finally:
        await provider.aclose()


async def test_the_adapter_of_the_volume_is_served_beside_the_model(world, options: ModalOptions):
    for name in (None, "tuned"):
        provider = ModalProvider(options.model_copy(update={"adapter": name}))
        (said,) = await texts(provider, ask(temperature=0.0, max_tokens=24))
        await provider.aclose()
        right, _ = greedy(options.model, name and options.adapters[name])
        assert said == right.rstrip("\ufffd")


async def test_a_cancelled_request_ends_at_vllm(world, served, options: ModalOptions):
    provider = ModalProvider(options)
    endless = ask(constraint=ENDLESS, n=3, max_tokens=400)
    running = asyncio.create_task(provider.complete([endless]))
    await until_running(served, 3)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert world.cancelled == 1
    await until_running(served, 0)
    (answer,) = await provider.complete([ask()])
    assert isinstance(answer, Reply)
    await provider.aclose()


async def until_running(served, count: int) -> None:
    async with asyncio.timeout(300):
        while await asyncio.to_thread(running_at, served) != count:
            pass


def running_at(served) -> int:
    with served._open("/metrics") as response:
        told = response.read().decode()
    return round(float(re.findall(r"^vllm:num_requests_running{.*} (\S+)$", told, re.M)[0]))
