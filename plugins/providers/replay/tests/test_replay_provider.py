import json
from pathlib import Path

import pytest
from lift_sys_replay.lines import Asked
from lift_sys_replay.plugin import QUICKSTART_REQUEST, ReplayOptions, lift_sys_providers
from lift_sys_replay.provider import create
from pydantic import ValidationError

from lift_sys.errors import InputError, ProviderUnavailable, RecordError, UnknownRequest
from lift_sys.interfaces import (
    Capabilities,
    JsonSchema,
    Message,
    Price,
    Provider,
    Regex,
    Reply,
    Request,
    Sampling,
    Usage,
)
from lift_sys.testing.providers import FailingProvider, IgnoringProvider, ScriptedProvider


def asked(text="hi", constraint=None, **sampling) -> Request:
    messages = (Message(role="system", content="s"), Message(role="user", content=text))
    return Request(messages=messages, sampling=Sampling(**sampling), constraint=constraint)


def line(text="hi", completions=("hello",), **more) -> str:
    messages = [{"role": "system", "content": "s"}, {"role": "user", "content": text}]
    request = {"messages": messages, **more.pop("request", {})}
    said = [{"text": one} for one in completions]
    return json.dumps({"request": request, "completions": said, "model": "m-1", **more})


class Wraps:
    """Parts that know one provider."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def wrapped(self, ref) -> Provider:
        assert ref.root == "strong"
        return self._provider


@pytest.fixture
def replaying(tmp_path):
    def make(*lines: str, **options):
        path = tmp_path / "replies.jsonl"
        path.write_text("".join(one + "\n" for one in lines), "utf-8")
        return create(ReplayOptions(path=path, **options), None)

    return make


def recording(path, provider):
    options = ReplayOptions(path=path, record={"provider": "strong"})
    return create(options, Wraps(provider))


async def texts(provider, request) -> list[str]:
    (reply,) = await provider.complete([request])
    assert isinstance(reply, Reply), reply
    return [completion.text for completion in reply.completions]


async def unknown(provider, request) -> UnknownRequest:
    (error,) = await provider.complete([request])
    assert isinstance(error, UnknownRequest), error
    return error


def test_the_component():
    (component,) = lift_sys_providers()
    assert (component.name, component.options) == ("replay", ReplayOptions)


async def test_what_is_recorded_is_replayed(replaying):
    usage = {"input_tokens": 5, "output_tokens": 7}
    provider = replaying(line(completions=("a", "b"), usage=usage), line("other"))
    assert isinstance(provider, Provider)
    replies = await provider.complete([asked("other"), asked(n=2)])
    assert [reply.completions[0].text for reply in replies] == ["hello", "a"]
    assert replies[1].model == "m-1"
    assert replies[1].usage == Usage(input_tokens=5, output_tokens=7)
    assert replies[0].usage.estimated
    assert (await provider.health()).ok
    await provider.aclose()


async def test_written_by_hand_it_claims_everything_and_costs_nothing(replaying):
    capabilities = replaying(line()).capabilities()
    assert capabilities.model == "m-1"
    assert capabilities.n > 1
    assert capabilities.seed
    assert "json_schema" in capabilities.constraints
    assert capabilities.price == Price(input=0, output=0)
    assert replaying(line(), price={"input": 1, "output": 2}).capabilities().price == Price(
        input=1, output=2
    )


async def test_recorded_capabilities_come_back(replaying):
    recorded = Capabilities(model="m-1", n=1, dialect="tiny", price=Price(input=3, output=4))
    head = json.dumps({"capabilities": recorded.model_dump(mode="json")})
    assert replaying(head, line()).capabilities() == recorded.model_copy(
        update={"seed": True, "price": Price(input=0, output=0)}
    )
    with pytest.raises(InputError, match=r"replies\.jsonl:2: other capabilities"):
        replaying(head, head.replace("tiny", "huge"))


async def test_the_same_seed_gives_the_same_samples_and_another_seed_others(replaying):
    provider = replaying(line(completions=("a", "b", "c", "d")))
    assert await texts(provider, asked(seed=1)) == ["a"]
    assert await texts(provider, asked(seed=2)) == ["b"]
    assert await texts(provider, asked(seed=1)) == ["a"]
    assert await texts(provider, asked(seed=1, n=2)) == ["a", "c"]
    assert await texts(provider, asked()) == ["d"]
    error = await unknown(provider, asked(seed=3))
    assert "has 4 completions" in error.cause


async def test_samples_come_first_from_their_own_seed(replaying):
    lines = [line(completions=(text,), seed=seed) for text, seed in (("a", 1), ("b", 2))]
    provider = replaying(*lines)
    assert await texts(provider, asked(seed=2)) == ["b"]
    assert await texts(provider, asked(seed=9)) == ["a"]
    assert await texts(replaying(*lines), asked(n=2, seed=2)) == ["b", "a"]


async def test_a_reply_in_parts_counts_in_proportion(replaying):
    usage = {"input_tokens": 10, "output_tokens": 40}
    provider = replaying(line(completions=tuple("abcd"), usage=usage))
    (part,) = await provider.complete([asked(seed=1)])
    assert part.usage == Usage(input_tokens=10, output_tokens=10, estimated=True)


async def test_asking_for_more_than_recorded(replaying):
    error = await unknown(replaying(line(completions=("a", "b"))), asked(n=3))
    assert "2 completions" in error.cause
    assert "record" in error.remedy


async def test_an_unknown_request_shows_the_nearest(replaying):
    lines = [line("sort a list of numbers"), line("count the words of a text, please" + "!" * 300)]
    error = await unknown(replaying(*lines), asked("count the words of a test, please" + "!" * 300))
    assert "'count the words of a test" in error.cause
    assert "'count the words of a text" in error.cause
    assert len(error.cause) < 600
    assert "record" in error.remedy


async def test_the_nearest_is_sought_among_first_requests_of_the_same_stage(replaying):
    first = {"role": "system", "content": "s"}
    feedback = [
        first,
        {"role": "user", "content": "sort the words"},
        {"role": "assistant", "content": "no"},
        {"role": "user", "content": "count the words, and mend what is wrong"},
    ]
    other_stage = [{"role": "system", "content": "t"}, {"role": "user", "content": "count words"}]
    lines = [
        line("sort the words"),
        *(line(request={"messages": messages}) for messages in (feedback, other_stage)),
    ]
    error = await unknown(replaying(*lines), asked("count the words"))
    assert "the nearest recorded one is 'sort the words'" in error.cause
    assert "replay answers only what was recorded" in error.cause
    assert "lift-sys-openai" in error.remedy


async def test_the_quick_start_comes_with_the_plugin():
    provider = create(ReplayOptions(), None)
    error = await unknown(provider, asked("Classify an age"))
    assert "quickstart.jsonl" in error.cause
    readme = Path(__file__).parents[1] / "README.md"
    assert f'lift run pipeline.yaml "{QUICKSTART_REQUEST}"' in readme.read_text(encoding="utf-8")


def test_a_recording_names_its_file():
    with pytest.raises(ValidationError, match="name the file to record to"):
        ReplayOptions(record={"provider": "strong"})


async def test_an_unknown_request_shows_where_a_long_one_departs(replaying):
    error = await unknown(replaying(line("x" * 900 + "end")), asked("x" * 900 + "END"))
    assert "xEND'" in error.cause
    assert "xend'" in error.cause


@pytest.mark.parametrize(
    ("request_now", "told"),
    [
        (asked(temperature=0.5), "recorded with temperature None instead of 0.5"),
        (asked(max_tokens=7), "recorded with max_tokens 1024 instead of 7"),
        (asked(constraint=Regex(pattern="a")), "constraint None instead of 'regex a'"),
    ],
)
async def test_an_unknown_request_shows_other_settings(replaying, request_now, told):
    error = await unknown(replaying(line("another"), line("hi")), request_now)
    assert told in error.cause


async def test_an_unknown_request_with_other_messages_before(replaying):
    provider = replaying(line())
    error = await unknown(provider, Request(messages=(Message(role="user", content="hi"),)))
    assert "other messages before" in error.cause


async def test_an_empty_recording(replaying):
    error = await unknown(replaying(), asked())
    assert "nothing is recorded" in error.cause


def test_keys_tell_requests_apart_and_not_samples():
    schema = JsonSchema(name="ir", document={"type": "object"})
    reworded = JsonSchema(name="ir", document={"type": "object", "description": "x"})
    distinct = [
        asked(),
        asked("hi "),
        asked(temperature=0.0),
        asked(max_tokens=5),
        asked(stop=("a",)),
        asked(logprobs=True),
        asked(constraint=schema),
        asked(constraint=Regex(pattern="ir")),
    ]
    assert len({Asked.of(request).key() for request in distinct}) == len(distinct)
    assert Asked.of(asked(n=3, seed=4)).key() == Asked.of(asked()).key()
    assert Asked.of(asked(constraint=reworded)).key() == Asked.of(asked(constraint=schema)).key()


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("hello", "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "request: Field required"),
        (line(completions=()), "completions"),
        (line(extra=1), "extra"),
        (line(key="0" * 32), "the key is not that of the request"),
    ],
)
def test_bad_lines_are_located(replaying, bad, told):
    with pytest.raises(InputError) as caught:
        replaying(line(), bad)
    assert "replies.jsonl:2: " in caught.value.cause
    assert told in caught.value.cause


def test_a_missing_file_or_an_empty_folder(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*nothing\.jsonl") as missing:
        create(ReplayOptions(path=tmp_path / "nothing.jsonl"), None)
    assert "record it: " in missing.value.remedy
    with pytest.raises(InputError, match=r"holds no \.jsonl file"):
        create(ReplayOptions(path=tmp_path), None)


async def test_a_folder_is_all_its_files(tmp_path):
    (tmp_path / "a.jsonl").write_text(line("one") + "\n")
    (tmp_path / "b.jsonl").write_text(line("two"))
    provider = create(ReplayOptions(path=tmp_path), None)
    assert await texts(provider, asked("one")) == await texts(provider, asked("two")) == ["hello"]


async def test_recording_and_replaying(tmp_path):
    path = tmp_path / "new" / "replies.jsonl"
    inner = ScriptedProvider(["a", "b", "c"])
    provider = recording(path, inner)
    assert provider.capabilities() == inner.capabilities()
    assert await texts(provider, asked(seed=1, n=2)) == ["a", "b"]
    assert await texts(provider, asked("other")) == ["c"]
    assert await texts(provider, asked(seed=1, n=2)) == ["a", "b"], "the same samples, not new ones"
    assert inner.calls == 2
    await provider.aclose()
    assert not inner.closed, "the pipeline that made it closes it"

    replayed = create(ReplayOptions(path=path), None)
    assert replayed.capabilities() == inner.capabilities()
    assert await texts(replayed, asked(seed=1, n=2)) == ["a", "b"]
    assert await texts(replayed, asked("other")) == ["c"]


async def test_recording_goes_on_where_it_stopped(tmp_path):
    path = tmp_path / "replies.jsonl"
    await texts(recording(path, ScriptedProvider(["a"])), asked("one", seed=1))
    inner = ScriptedProvider(["b"])
    provider = recording(path, inner)
    replies = await provider.complete([asked("one", seed=1), asked("one", seed=2)])
    assert [reply.completions[0].text for reply in replies] == ["a", "b"]
    assert len(inner.requests) == 1
    assert len(path.read_text().splitlines()) == 3, "one head, two replies"


async def test_draws_without_a_seed_are_never_copies(tmp_path):
    path = tmp_path / "replies.jsonl"
    provider = recording(path, ScriptedProvider(["a", "b"]))
    assert await texts(provider, asked()) == ["a"]
    assert await texts(provider, asked()) == ["b"]
    replayed = create(ReplayOptions(path=path), None)
    assert await texts(replayed, asked(seed=5)) == ["a"]
    assert await texts(replayed, asked(seed=6)) == ["b"]


async def test_more_samples_of_one_seed_take_the_place_of_fewer(tmp_path):
    path = tmp_path / "replies.jsonl"
    provider = recording(path, ScriptedProvider(["a", "a", "b"]))
    assert await texts(provider, asked(seed=1)) == ["a"]
    assert await texts(provider, asked(seed=1, n=2)) == ["a", "b"]
    replayed = create(ReplayOptions(path=path), None)
    assert await texts(replayed, asked(seed=1, n=2)) == ["a", "b"]
    await unknown(replayed, asked(seed=2))


async def test_failures_and_short_replies_while_recording(tmp_path):
    path = tmp_path / "replies.jsonl"
    failing = FailingProvider(IgnoringProvider(ScriptedProvider(["a"])))
    provider = recording(path, failing)
    assert not (await provider.health()).ok
    (error,) = await provider.complete([asked()])
    assert isinstance(error, ProviderUnavailable)
    assert not path.exists()
    assert await texts(provider, asked(n=3)) == ["a"]
    assert path.exists()


async def test_recording_another_model_into_the_file_is_refused(tmp_path):
    path = tmp_path / "replies.jsonl"
    await texts(recording(path, ScriptedProvider(["a"])), asked())
    other = ScriptedProvider(["a"], capabilities=Capabilities(model="other"))
    with pytest.raises(InputError, match="was recorded with scripted, not with other"):
        recording(path, other)


async def test_a_recording_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    provider = recording(tmp_path / "file" / "replies.jsonl", ScriptedProvider(["a"]))
    with pytest.raises(RecordError, match="cannot record"):
        await provider.complete([asked()])
