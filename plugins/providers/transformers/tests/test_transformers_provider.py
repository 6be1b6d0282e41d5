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

from lift_sys_transformers import shared
from lift_sys_transformers.loading import load
from lift_sys_transformers.plugin import TransformersOptions
from lift_sys_transformers.provider import TransformersProvider
from lift_sys_transformers.worker import Worker
from lift_sys_transformers.writing import Writer
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

from lift_sys.errors import ProviderError, RequestRejected
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
from lift_sys.local_models import Job
from lift_sys.testing.conformance import ProviderConformance
from lift_sys.testing.tiny_model import make_tiny_model

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module", autouse=True)
def conforming(model: Path) -> None:
    TestTransformers.options = {"model": str(model), "device": "cpu"}


class TestTransformers(ProviderConformance):
    component = "transformers"


@pytest.fixture
def options(model: Path) -> TransformersOptions:
    return TransformersOptions(model=str(model), device="cpu")


@pytest.fixture
async def provider(options: TransformersOptions):
    made = TransformersProvider(options)
    yield made
    await made.aclose()
    assert not shared.WORKERS


def ask(text: str = "Say hello.", constraint: Constraint | None = None, **sampling) -> Request:
    given = Sampling(**{"max_tokens": 16, "temperature": 1.0, "seed": 5, **sampling})
    return Request(
        messages=(Message(role="user", content=text),), sampling=given, constraint=constraint
    )


async def reply(provider: TransformersProvider, request: Request) -> Reply:
    (answer,) = await provider.complete([request])
    assert isinstance(answer, Reply), answer
    return answer


async def texts(provider: TransformersProvider, request: Request) -> list[str]:
    return [one.text for one in (await reply(provider, request)).completions]


async def test_greedy_is_what_generate_says(provider: TransformersProvider, model: Path):
    tokenizer = AutoTokenizer.from_pretrained(str(model))
    plain = AutoModelForCausalLM.from_pretrained(str(model)).eval()
    asked = tokenizer("<|user|>Say hello.\n<|assistant|>", return_tensors="pt")
    whole = plain.generate(**asked, do_sample=False, max_new_tokens=24)[0]
    written = whole[asked["input_ids"].shape[1] :]
    answer = await reply(provider, ask(max_tokens=24, temperature=0.0, logprobs=True))
    (one,) = answer.completions
    assert one.text == tokenizer.decode(written, skip_special_tokens=True)
    assert answer.usage.input_tokens == asked["input_ids"].shape[1]
    assert answer.usage.output_tokens == len(written)
    with torch.no_grad():
        scores = plain(whole.unsqueeze(0)).logits[0].log_softmax(-1)
    first = asked["input_ids"].shape[1]
    right = [float(scores[first + at - 1, token]) for at, token in enumerate(written)]
    assert one.logprobs == pytest.approx(right, abs=1e-4)


async def test_a_reply_is_the_same_whatever_else_is_written_with_it(
    provider: TransformersProvider,
):
    requests = [
        ask("Hello.", n=3),
        ask("A much longer request, so that the others are padded a good deal.", seed=8),
        ask("Hello.", temperature=0.0, max_tokens=5, stop=("e",)),
        ask("Go on.", constraint=Regex(pattern="[a-f]{4,9}"), seed=2),
    ]
    together = await provider.complete(requests)
    apart = [await reply(provider, request) for request in requests]
    assert list(together) == apart
    draws = {one.text for one in apart[0].completions}
    assert len(draws) == 3
    assert await texts(provider, ask("Hello.", n=3, seed=6)) != [
        one.text for one in apart[0].completions
    ]


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


async def test_regular_expressions_and_grammars(provider: TransformersProvider):
    for said in await texts(provider, ask(constraint=Regex(pattern="(ab|cd){2,5}!"), n=8)):
        assert re.fullmatch("(ab|cd){2,5}!", said)
    many = await texts(provider, ask(constraint=Regex(pattern="[a-z]{500}"), max_tokens=40))
    assert re.fullmatch("[a-z]{40,}", many[0])
    grammar = Grammar(lark='start: "```python\\n" WORD+ "```"\nWORD: /[a-z]{1,3} /\n')
    answer = await reply(provider, ask(constraint=grammar, n=4, max_tokens=120))
    for one in answer.completions:
        whole = r"```python\n([a-z]{1,3} )+```"
        assert re.fullmatch(whole, one.text) or one.finish == "length"
    (refused,) = await provider.complete([ask(constraint=Grammar(lark="start: nowhere"))])
    assert isinstance(refused, RequestRejected)
    assert "cannot be compiled" in refused.cause


async def test_it_ends_before_a_stop_sequence(provider: TransformersProvider):
    (whole,) = await texts(provider, ask(max_tokens=40))
    stop = whole[10:13]
    answer = await reply(provider, ask(max_tokens=40, stop=("never said", stop)))
    assert answer.completions[0].text == whole[: whole.index(stop)]
    assert answer.completions[0].finish == "stop"
    assert answer.usage.output_tokens < 40


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
    endless = ask(constraint=Regex(pattern="[a-z]*!{100}"), max_tokens=3000)
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
    found: dict[str, Path] = {}
    for number, name in enumerate(("one", "two")):
        torch.manual_seed(number)
        base = AutoModelForCausalLM.from_pretrained(str(model))
        config = LoraConfig(r=4, target_modules="all-linear", init_lora_weights=False)
        # PEFT asks transformers in words that these have given up.
        with pytest.warns(FutureWarning, match="is_gradient_checkpointing"):
            adapted = get_peft_model(base, config)
        found[name] = tmp_path_factory.mktemp(name)
        adapted.save_pretrained(str(found[name]))
    return found


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
    assert not shared.WORKERS
    merged = AutoModelForCausalLM.from_pretrained(str(options.model))
    assert said[None].completions[0].text == await plain_text_of(merged, options, asked)


async def plain_text_of(model, options: TransformersOptions, request: Request) -> str:
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    asked = tokenizer("<|user|>Say hello.\n<|assistant|>", return_tensors="pt")
    whole = model.generate(**asked, do_sample=False, max_new_tokens=request.sampling.max_tokens)
    return tokenizer.decode(whole[0, asked["input_ids"].shape[1] :], skip_special_tokens=True)


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
            (answer,) = await provider.complete([ask()])
            assert isinstance(answer, ProviderError)
            assert re.search(remedy, answer.remedy)
        finally:
            await provider.aclose()


async def test_a_model_that_fails_costs_its_replies_and_not_the_worker(
    provider: TransformersProvider, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_):
        raise torch.cuda.OutOfMemoryError("no more")

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "_write", broken)
        (answer,) = await provider.complete([ask()])
    assert isinstance(answer, ProviderError)
    assert "`rows`" in answer.remedy
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
    held = Worker(options)
    held.close()
    job = Job(ask(), options, "m")
    held.submit(job)
    assert isinstance(job.future.result(timeout=5), ProviderError)
