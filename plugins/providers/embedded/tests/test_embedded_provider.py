import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from asked_cases import (
    ASKED,
    CODE_OF,
    REQUEST,
    SIGNATURE,
    SOURCE,
    SPECIFICATION_OF,
    request_of,
)
from lift_sys_embedded import provider as provider_module
from lift_sys_embedded.drawing import Cancelled, Drawn, Wanted
from lift_sys_embedded.files import load
from lift_sys_embedded.plugin import EmbeddedOptions
from lift_sys_embedded.provider import EmbeddedProvider
from tiny_model import write_model

from lift_sys.checking.assembly import assemble
from lift_sys.data.dialect import (
    Asked,
    ask_again,
    ask_code,
    ask_specification,
    code_answer,
    specification_answer,
)
from lift_sys.data.dialect.marks import CODE, SPECIFICATION
from lift_sys.errors import RequestRejected, UnusableModel
from lift_sys.interfaces import Message, Reply, Request
from lift_sys.ir import read


def embedded(folder: Path, **options: Any) -> EmbeddedProvider:
    return EmbeddedProvider(EmbeddedOptions.model_validate({"path": folder, **options}))


async def replied(provider: EmbeddedProvider, request: Request) -> Reply:
    (reply,) = await provider.complete([request])
    assert isinstance(reply, Reply), reply
    return reply


@pytest.fixture
def recites(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Sequence[str]]]:
    """The network says just these words; what it was asked is kept."""
    heard: list[Sequence[str]] = []
    vocabulary = load(tiny).vocabulary

    def told(words: Sequence[str]) -> list[Sequence[str]]:
        def draw(network: object, wanted: Sequence[Wanted], *_: object) -> list[Drawn]:
            heard.extend(vocabulary.decode(one.prompt) for one in wanted)
            tokens = tuple(vocabulary.encode([SPECIFICATION, *words])[1:])
            return [Drawn(tokens, (-0.5,) * len(tokens), True) for _ in wanted]

        monkeypatch.setattr(provider_module, "draw", draw)
        return heard

    return told


async def test_slots_are_made_and_undone_inside(tiny: Path, recites):
    prompt = ask_specification(REQUEST, SIGNATURE)
    heard = recites(specification_answer(prompt, SPECIFICATION_OF))
    reply = await replied(embedded(tiny), request_of(ASKED["specify"]))
    assert "<s1>" in heard[0]
    assert "short" not in heard[0]
    reading = read(reply.completions[0].text)
    assert reading.ir == SPECIFICATION_OF
    assert not reading.repairs, "it is plain JSON"
    heard = recites(code_answer(ask_code(REQUEST, SPECIFICATION_OF), CODE_OF)[:-1])
    reply = await replied(embedded(tiny), request_of(ASKED["implement"]))
    assert assemble(reply.completions[0].text, SIGNATURE) == CODE_OF
    assert heard[-1][-1] == CODE


async def test_without_a_signature_it_finds_one_and_keeps_a_pinned_name(tiny: Path, recites):
    prompt = ask_specification(REQUEST)
    words = specification_answer(prompt, SPECIFICATION_OF)
    heard = recites(words)
    reply = await replied(embedded(tiny), request_of(Asked(stage="specify", request=REQUEST)))
    assert read(reply.completions[0].text).ir == SPECIFICATION_OF
    heard = recites(words[2:])
    asked = Asked(stage="specify", request=REQUEST, function="check_password")
    reply = await replied(embedded(tiny), request_of(asked))
    assert heard[-1][-2:] == ["check", "password"], "the answer begins with it"
    assert read(reply.completions[0].text).ir.signature == SIGNATURE


@pytest.mark.parametrize("stage", ["specify", "implement"])
async def test_an_answer_that_says_nothing_is_given_as_it_is(stage: str, tiny: Path, recites):
    words = ["<bad>", "return", "<s9>"] if stage == "implement" else ["<e>", "<s9>"]
    recites(words)
    reply = await replied(embedded(tiny), request_of(ASKED[stage]))
    assert reply.completions[0].text.split() == words


async def test_an_earlier_answer_and_its_failure_are_told_as_they_were_taught(tiny: Path, recites):
    prompt = ask_specification(REQUEST, SIGNATURE)
    words = specification_answer(prompt, SPECIFICATION_OF)
    heard = recites(words)
    told = [("assistant", SPECIFICATION_OF.model_dump_json()), ("user", "assertion invalid")]
    await replied(embedded(tiny), request_of(ASKED["specify"], *told))
    again = ask_again(prompt, words, "specification", SPECIFICATION)
    assert tuple(heard[-1]) == again.words
    prompt = ask_code(REQUEST, SPECIFICATION_OF)
    right = code_answer(prompt, CODE_OF)[:-1]
    heard = recites(right)
    for category, why in (("assertion", "assertion"), ("timeout", "wrong_output")):
        told = [("assistant", f"Here:\n```python\n{SOURCE}```"), ("user", category)]
        await replied(embedded(tiny), request_of(ASKED["implement"], *told))
        assert tuple(heard[-1]) == ask_again(prompt, right, why, CODE).words


async def test_it_is_asked_what_code_returns(tiny: Path, recites):
    heard = recites(["<s1>"])
    asked = ASKED["implement"].model_copy(
        update={"stage": "output", "code": SOURCE, "call": "check_password('abc')"}
    )
    reply = await replied(embedded(tiny), request_of(asked))
    assert reply.completions[0].text == "'too short'"
    assert heard[-1][-1] == "<out>"


@pytest.mark.parametrize("stage", ["specify", "implement"])
async def test_it_never_writes_what_has_no_meaning_in_its_answer(stage: str, tiny: Path):
    asked = request_of(ASKED[stage], n=24, temperature=3, seed=1, max_tokens=60)
    reply = await replied(embedded(tiny), asked)
    marks = {word for one in reply.completions for word in one.text.split() if word[0] == "<"}
    assert marks, "random words"
    assert not marks & {"<s3>", "<n2>", "<p2>", "<i1>", "<req>", "<bad>", "<pad>", "<unk>"}


@pytest.mark.parametrize(
    "request_",
    [
        Request(messages=(Message(role="user", content="Say hello."),)),
        request_of(Asked(stage="implement", request=REQUEST)),
        request_of(Asked(stage="specify", request="word " * 2000)),
    ],
    ids=["chat", "no specification", "too long"],
)
async def test_what_it_cannot_answer_is_refused_with_a_way_out(request_: Request, tiny: Path):
    (answer,) = await embedded(tiny).complete([request_])
    assert isinstance(answer, RequestRejected)
    assert "openai, anthropic, transformers or vllm" in answer.remedy


async def test_a_request_unlike_what_was_taught_is_refused_and_no_guess(tmp_path: Path):
    doubting = {"bias": -0.5, "unknown": 1.0, "logprob": 0.0}
    folder = write_model(tmp_path / "doubting", domain=doubting)
    strange = Asked(stage="specify", request="Qwxyz zxqwv vqxzw kjqxz")
    provider = embedded(folder)
    refused, answered = await provider.complete(
        [request_of(strange), request_of(ASKED["specify"], max_tokens=8)]
    )
    assert isinstance(refused, RequestRejected)
    assert "100% of its words are unknown" in str(refused)
    assert "openai, anthropic, transformers or vllm" in str(refused)
    assert isinstance(answered, Reply)
    reply = await replied(embedded(folder, refuse=False), request_of(strange, max_tokens=8))
    assert reply.completions


async def test_a_sample_is_the_same_in_whatever_batch_it_is_drawn(tiny: Path):
    provider = embedded(tiny)
    five = request_of(ASKED["specify"], n=5, seed=3, max_tokens=24)
    three = request_of(ASKED["specify"], n=3, seed=3, max_tokens=24)
    other = request_of(ASKED["implement"], n=4, seed=9, max_tokens=24)
    alone = await replied(provider, three)
    mixed = await provider.complete([other, five])
    assert isinstance(mixed[1], Reply)
    assert mixed[1].completions[:3] == alone.completions
    assert len({one.text for one in mixed[1].completions}) == 5
    again = await replied(provider, request_of(ASKED["specify"], n=3, seed=4, max_tokens=24))
    assert again.completions != alone.completions


async def test_what_is_asked_of_the_sampling_is_kept_to(tiny: Path):
    provider = embedded(tiny)
    reply = await replied(
        provider, request_of(ASKED["specify"], n=2, seed=1, max_tokens=9, logprobs=True)
    )
    for one in reply.completions:
        assert one.finish == "length"
        assert one.logprobs is not None
        assert len(one.logprobs) == 9
        assert all(value <= 0 for value in one.logprobs)
    assert reply.usage.output_tokens == 18
    assert reply.usage.input_tokens > 20
    cut = reply.completions[0].text[3:6]
    stopped = await replied(
        provider, request_of(ASKED["specify"], n=2, seed=1, max_tokens=9, stop=(cut,))
    )
    assert stopped.completions[0].finish == "stop"
    assert stopped.completions[0].text == reply.completions[0].text.partition(cut)[0]
    assert stopped.completions[0].logprobs is None
    greedy = await replied(provider, request_of(ASKED["specify"], n=2, temperature=0, max_tokens=9))
    assert greedy.completions[0] == greedy.completions[1]


async def test_a_cancel_ends_the_thread_too(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    began, heard = threading.Event(), threading.Event()

    def draw(network: object, wanted: object, is_cancelled: Callable[[], bool]) -> list[Drawn]:
        began.set()
        while not is_cancelled():
            pass
        heard.set()
        raise Cancelled

    monkeypatch.setattr(provider_module, "draw", draw)
    running = asyncio.ensure_future(embedded(tiny).complete([request_of(ASKED["specify"])]))
    await asyncio.to_thread(began.wait)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await asyncio.to_thread(heard.wait, 30)


async def test_a_broken_model_ends_the_run_with_its_reason(tiny: Path, tmp_path: Path):
    folder = write_model(tmp_path / "broken")
    provider = embedded(folder)
    (folder / "weights.npz").write_bytes(b"")
    (answer,) = await provider.complete([request_of(ASKED["specify"])])
    assert isinstance(answer, UnusableModel)
    assert answer.fatal
    health = await provider.health()
    assert not health.ok
    assert "is not the file that its card describes" in health.detail
    assert (await embedded(tiny).health()).ok


def test_other_weights_have_another_name_in_the_record(tiny: Path, tmp_path: Path):
    other = write_model(tmp_path / "tiny", spread=0.3)
    assert embedded(other).capabilities().model != embedded(tiny).capabilities().model
    files = json.loads((tiny / "card.json").read_text())["files"]
    assert embedded(tiny).capabilities().model.endswith(files["weights.npz"][:8])
