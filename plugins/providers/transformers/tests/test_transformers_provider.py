"""The provider on a tiny random model, made here."""

import asyncio
import json
import re
from pathlib import Path

import jsonschema
import pytest

torch = pytest.importorskip(
    "torch", reason="torch is not installed: `.ci/heavy transformers` runs these"
)

from lift_sys_transformers import worker
from lift_sys_transformers.loading import load
from lift_sys_transformers.plugin import TransformersOptions
from lift_sys_transformers.provider import TransformersProvider
from lift_sys_transformers.worker import TransformersWorker
from lift_sys_transformers.writing import Writer

from lift_sys.errors import ProviderError, RequestRejected, UnusableModel
from lift_sys.interfaces import JsonSchema, Reply
from lift_sys.ir import json_schema
from lift_sys.local_models import Job
from lift_sys.testing.asking import failure
from lift_sys.testing.asking import one as reply
from lift_sys.testing.conformance import ProviderConformance
from lift_sys.testing.local_models import ENDLESS, LocalModelChecks, ask, greedy, texts
from lift_sys.testing.tiny_model import make_tiny_adapter, make_tiny_model

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module", autouse=True)
def conforming(model: Path) -> None:
    TestTransformers.options = {"model": str(model), "device": "cpu"}


class TestTransformers(ProviderConformance):
    component = "transformers"


class TestTransformersAsLocalModel(LocalModelChecks):
    pass


@pytest.fixture
def options(model: Path) -> TransformersOptions:
    return TransformersOptions(model=str(model), device="cpu")


@pytest.fixture
async def provider(options: TransformersOptions):
    made = TransformersProvider(options)
    yield made
    await made.aclose()
    assert not worker.WORKERS


async def test_greedy_is_what_generate_says(provider: TransformersProvider, model: Path):
    text, logprobs = greedy(model)
    answer = await reply(provider, ask(max_tokens=24, temperature=0.0, logprobs=True))
    (said,) = answer.completions
    assert said.text == text
    assert said.logprobs == pytest.approx(logprobs, abs=1e-4)
    assert answer.usage.output_tokens == len(logprobs)


async def test_temperature_top_k_and_top_p_narrow_what_is_drawn(options: TransformersOptions):
    async def of(**changed) -> set[str]:
        made = TransformersProvider(options.model_copy(update=changed))
        try:
            return set(await texts(made, ask(n=8, max_tokens=1, temperature=3.0)))
        finally:
            await made.aclose()

    assert len(await of()) > 1
    assert len(await of(top_k=1)) == 1
    assert len(await of(top_p=1e-6)) == 1
    assert len(await of(top_k=2)) <= 2


SCHEMAS = {
    "object": {
        "type": "object",
        "properties": {
            "name": {"type": "string", "pattern": "^[a-z_]{1,12}$"},
            "kind": {"enum": ["loop", "branch"]},
            "count": {"type": "integer", "minimum": 0, "maximum": 99},
        },
        "required": ["name", "kind", "count"],
        "additionalProperties": False,
    },
    "lengths": {
        "type": "object",
        "properties": {"text": {"type": "string", "minLength": 2, "maxLength": 30}},
        "required": ["text"],
        "additionalProperties": False,
    },
    "quotes": {
        "type": "object",
        "properties": {"text": {"type": "string", "pattern": "^[ -~]{1,20}$"}},
        "required": ["text"],
        "additionalProperties": False,
    },
}


@pytest.mark.parametrize("engine", ["xgrammar", "llguidance"])
@pytest.mark.parametrize("name", SCHEMAS)
async def test_replies_keep_to_a_schema(options: TransformersOptions, engine: str, name: str):
    provider = TransformersProvider(options.model_copy(update={"engine": engine}))
    schema = JsonSchema(name=name, document=SCHEMAS[name])
    try:
        answer = await reply(provider, ask(constraint=schema, n=16, max_tokens=200, seed=1))
    finally:
        await provider.aclose()
    finished = [one for one in answer.completions if one.finish == "stop"]
    assert len(finished) == 16
    for one in finished:
        jsonschema.validate(json.loads(one.text), SCHEMAS[name])


@pytest.mark.parametrize("engine", ["xgrammar", "llguidance"])
async def test_a_specification_of_the_core_is_kept_to(options: TransformersOptions, engine: str):
    provider = TransformersProvider(options.model_copy(update={"engine": engine}))
    schema = JsonSchema(name="specification", document=json_schema())
    try:
        (one,) = await texts(provider, ask(constraint=schema, max_tokens=60))
    finally:
        await provider.aclose()
    assert re.match(r'\{\s*"intent"\s*:\s*\{\s*"summary"\s*:', one)


async def test_what_does_not_fit_is_refused_and_what_just_fits_is_cut(
    options: TransformersOptions,
):
    provider = TransformersProvider(options.model_copy(update={"context": 40}))
    try:
        long, short, many = await provider.complete(
            [ask("word " * 60), ask(max_tokens=500), ask(n=17)]
        )
        assert isinstance(many, RequestRejected)
        assert isinstance(long, RequestRejected)
        assert "reads 40 with its reply" in long.cause
        assert isinstance(short, Reply)
        assert short.completions[0].finish == "length"
        assert short.usage.input_tokens + short.usage.output_tokens == 40
    finally:
        await provider.aclose()


class Counting:
    """How often a writer's model is asked for a token."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        self.sizes: list[int] = []
        self.at = lambda step: None
        inner = Writer._write
        counting = self

        def write(writer, model, asked):
            def forward(*args, **kwargs):
                counting.steps += 1
                counting.sizes.append(kwargs["input_ids"].shape[0])
                counting.at(counting.steps)
                return model(*args, **kwargs)

            inner(writer, forward, asked)

        monkeypatch.setattr(Writer, "_write", write)


async def test_a_cancelled_request_stops_within_a_token(
    provider: TransformersProvider, monkeypatch: pytest.MonkeyPatch
):
    counting, loop = Counting(monkeypatch), asyncio.get_running_loop()
    endless = ask(constraint=ENDLESS, max_tokens=3000)
    running = asyncio.create_task(provider.complete([endless]))
    done = asyncio.Event()

    def cancel() -> None:
        running.cancel()
        loop.call_soon(done.set)

    def at(step: int) -> None:
        if step == 5:
            loop.call_soon_threadsafe(cancel)
            asyncio.run_coroutine_threadsafe(done.wait(), loop).result()
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01), loop).result()

    counting.at = at
    with pytest.raises(asyncio.CancelledError):
        await running
    await reply(provider, ask(max_tokens=1))
    assert counting.steps == 6  # the fifth of the one, and the one of the other


async def test_one_that_is_cancelled_leaves_the_others_of_its_batch_alone(
    provider: TransformersProvider, monkeypatch: pytest.MonkeyPatch
):
    counting, loop = Counting(monkeypatch), asyncio.get_running_loop()
    kept = ask("Hello.", max_tokens=12)
    right = await texts(provider, kept)
    tasks = [
        asyncio.create_task(provider.complete([request]))
        for request in (kept, ask("Cancelled.", max_tokens=3000))
    ]
    counting.steps = 0

    def at(step: int) -> None:
        if step == 4:
            loop.call_soon_threadsafe(tasks[1].cancel)
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01), loop).result()

    counting.at = at
    (answer,) = await tasks[0]
    assert isinstance(answer, Reply)
    assert [one.text for one in answer.completions] == right
    assert counting.steps <= 12
    assert counting.sizes[-1] == 1


async def test_requests_that_wait_are_written_together(
    options: TransformersOptions, monkeypatch: pytest.MonkeyPatch
):
    counting = Counting(monkeypatch)
    provider = TransformersProvider(options.model_copy(update={"n": 2, "rows": 6}))
    try:
        answers = await asyncio.gather(
            *(provider.complete([ask(f"Number {n}.", n=2, max_tokens=4)]) for n in range(9))
        )
    finally:
        await provider.aclose()
    assert all(isinstance(answer, Reply) and len(answer.completions) == 2 for (answer,) in answers)
    assert max(counting.sizes) == 6
    assert counting.steps < 9 * 4


@pytest.fixture(scope="module")
def adapters(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        name: make_tiny_adapter(tmp_path_factory.mktemp(name), model, seed=seed)
        for seed, name in enumerate(("one", "two"))
    }


async def test_adapters_by_name_share_their_base(
    options: TransformersOptions, adapters: dict[str, Path], monkeypatch: pytest.MonkeyPatch
):
    loaded: list[str] = []

    def loading(given):
        loaded.append(given.model)
        return load(given)

    monkeypatch.setattr("lift_sys_transformers.loading.load", loading)
    asked = ask(temperature=0.0, max_tokens=12)
    providers = {
        name: TransformersProvider(
            options.model_copy(update={"adapters": adapters, "adapter": name})
        )
        for name in (None, "one", "two")
    }
    try:
        answers = await asyncio.gather(*(each.complete([asked]) for each in providers.values()))
        said = {name: answer[0] for name, answer in zip(providers, answers, strict=True)}
        assert len({one.completions[0].text for one in said.values()}) == 3
        assert said["one"].model.endswith("+one")
        assert len(loaded) == 1
        for name, made in providers.items():
            assert await texts(made, asked) == [said[name].completions[0].text]
    finally:
        for made in providers.values():
            await made.aclose()
    assert not worker.WORKERS
    for name, answer in said.items():
        right, _ = greedy(Path(options.model), name and adapters[name], tokens=12)
        assert answer.completions[0].text == right


async def test_what_cannot_be_loaded_is_said_with_a_remedy(
    options: TransformersOptions, tmp_path: Path
):
    for changed, remedy in (
        ({"model": str(tmp_path / "nowhere")}, "mend `model`"),
        ({"adapters": {"a": tmp_path}, "adapter": "a"}, "a LoRA adapter|that PEFT wrote"),
    ):
        provider = TransformersProvider(options.model_copy(update=changed))
        try:
            health = await provider.health()
            assert not health.ok
            assert re.search(remedy, health.detail)
            failed = await failure(provider, ask())
            assert isinstance(failed, UnusableModel), "every other request would meet it too"
            assert re.search(remedy, failed.remedy)
        finally:
            await provider.aclose()


async def test_a_model_that_fails_costs_its_replies_and_not_the_worker(
    provider: TransformersProvider, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_):
        raise torch.cuda.OutOfMemoryError("no more")

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "_write", broken)
        failed = await failure(provider, ask())
    assert "`rows`" in failed.remedy
    assert await texts(provider, ask())


async def test_closing_gives_up_what_is_under_way_and_unloads(options: TransformersOptions):
    provider = TransformersProvider(options)
    await reply(provider, ask(max_tokens=1))
    held = provider._lease.worker()
    running = asyncio.create_task(provider.complete([ask(max_tokens=3000)]))
    await asyncio.sleep(0.02)
    await provider.aclose()
    assert not held.is_loaded
    (answer,) = await running
    assert isinstance(answer, ProviderError)
    assert "was closed" in answer.cause
    assert await texts(provider, ask())  # loads it again
    await provider.aclose()


def test_a_worker_that_was_closed_says_so(options: TransformersOptions):
    held = TransformersWorker(options)
    held.close()
    job = Job(ask(), options, "m")
    held.submit(job)
    assert isinstance(job.future.result(timeout=5), ProviderError)
