"""Against a real HTTP server on the loopback interface; nothing of the SDK is replaced."""

import json

import pytest
from lift_sys_anthropic.plugin import ANTHROPIC_URL, AnthropicOptions
from lift_sys_anthropic.provider import AnthropicProvider, create

from lift_sys.errors import (
    AuthenticationFailed,
    MalformedReply,
    OutOfCredit,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from lift_sys.interfaces import (
    JsonSchema,
    Message,
    Price,
    Provider,
    Regex,
    Usage,
)
from lift_sys.testing.asking import KEY, asked, closing_each, failure, one
from lift_sys.testing.loopback import Answer, LoopbackServer, overloaded, refused
from lift_sys.testing.loopback.messages import message

SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string", "maxLength": 9}},
    "required": ["a"],
    "additionalProperties": False,
}
KEPT = {"type": "ephemeral"}


@pytest.fixture
async def server():
    async with LoopbackServer() as running:
        yield running


@pytest.fixture
async def connect(server):
    given = {"model": "loopback", "base_url": server.origin, "api_key": KEY}
    async with closing_each(lambda more: create(AnthropicOptions(**given | more), None)) as make:
        yield make


def sent(server) -> dict:
    return dict(server.requests[-1].document)


async def test_it_is_a_provider_with_the_capabilities_of_its_options(connect):
    provider = connect(temperature=True, structured="none", price={"input": 1, "output": 2})
    assert isinstance(provider, Provider)
    capabilities = provider.capabilities()
    assert capabilities.model == "loopback"
    assert (capabilities.n, capabilities.requests, capabilities.in_flight) == (1, 1, 32)
    assert (capabilities.seed, capabilities.logprobs, capabilities.temperature) == (0, 0, 1)
    assert capabilities.constraints == frozenset()
    assert capabilities.price == Price(input=1, output=2)
    assert connect().capabilities().constraints == {"json_schema"}
    assert connect().capabilities().temperature is False
    for thinking, thinks in (("adaptive", True), (2000, True), ("disabled", False), (None, False)):
        assert connect(thinking=thinking).capabilities().reasoning is thinks


@pytest.mark.parametrize("stream", [True, False])
async def test_what_is_sent_and_what_comes_back(server, connect, stream):
    text = "a text in several pieces, with \u00fc and \U0001f600 in it"
    server.answer = Answer(text=text, reasoning="hm, let me see", cached_tokens=1, written_tokens=2)
    reply = await one(connect(stream=stream, temperature=True), asked(temperature=0.5, stop=("X",)))
    (completion,) = reply.completions
    assert (completion.text, completion.reasoning) == (text, "hm, let me see")
    assert (reply.model, reply.ignored) == ("loopback", frozenset())
    counts = server.counts
    assert reply.usage == Usage(
        input_tokens=counts.input_tokens,
        output_tokens=counts.output_tokens,
        cached_tokens=1,
        written_tokens=2,
    )
    streaming = {"stream": True} if stream else {}
    assert sent(server) == {
        "model": "loopback",
        "max_tokens": 1024,
        "system": [{"type": "text", "text": "be brief", "cache_control": KEPT}],
        "messages": [{"role": "user", "content": "hi \u00fc"}],
        "stop_sequences": ["X"],
        "temperature": 0.5,
        **streaming,
    }
    headers = server.requests[-1].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["anthropic-version"]
    assert headers["content-type"] == "application/json"


async def test_the_shared_beginning_is_kept_and_its_cost_is_right(server, connect):
    """System and examples are the same for every task; only the request itself differs."""
    told = ("system", "rules"), ("user", "example"), ("assistant", "answer"), ("user", "request")
    messages = tuple(Message(role=role, content=content) for role, content in told)
    server.answer = Answer(text="1234", cached_tokens=4)
    price = Price(input=2, output=8, cached=0.2, written=2.5)
    reply = await one(connect(price=price), asked(messages=messages))
    assert sent(server)["system"][-1]["cache_control"] == KEPT
    turns = sent(server)["messages"]
    assert [isinstance(turn["content"], str) for turn in turns] == [True, False, True]
    assert turns[1]["content"] == [{"type": "text", "text": "answer", "cache_control": KEPT}]
    assert (reply.usage.input_tokens, reply.usage.cached_tokens) == (8, 4)
    assert price.of(reply.usage) == pytest.approx((4 * 2 + 4 * 0.2 + 1 * 8) / 1e6)

    await one(connect(cache=False), asked(messages=messages))
    assert "cache_control" not in json.dumps(sent(server))
    assert sent(server)["system"] == "rules"


async def test_what_the_vendor_does_not_know_is_left_out_and_told(server, connect):
    request = asked(
        n=2,
        seed=1,
        logprobs=True,
        temperature=0.4,
        stop=(" ", "END"),
        constraint=Regex(pattern="a"),
    )
    reply = await one(connect(), request)
    assert reply.ignored == {"n", "seed", "logprobs", "temperature", "stop", "constraint"}
    assert len(reply.completions) == 1
    assert set(sent(server)) == {"model", "max_tokens", "system", "messages", "stop_sequences"} | {
        "stream"
    }
    assert sent(server)["stop_sequences"] == ["END"]


async def test_a_temperature_only_within_its_limits_and_without_thoughts(server, connect):
    for options, heat in (({}, 1.5), ({"thinking": "adaptive"}, 0.5)):
        reply = await one(connect(temperature=True, **options), asked(temperature=heat))
        assert reply.ignored == {"temperature"}
        assert "temperature" not in sent(server)


async def test_thinking_and_effort(server, connect):
    await one(connect(thinking="adaptive", effort="low"))
    assert sent(server)["thinking"] == {"type": "adaptive"}
    assert sent(server)["output_config"] == {"effort": "low"}
    await one(connect(thinking="disabled"))
    assert sent(server)["thinking"] == {"type": "disabled"}
    await one(connect(thinking=2000), asked(max_tokens=4000))
    assert sent(server)["thinking"] == {"type": "enabled", "budget_tokens": 2000}
    assert sent(server)["max_tokens"] == 4000, "thoughts are within it: no budget is overrun"
    error = await failure(connect(thinking=2000), asked(max_tokens=2000))
    assert type(error) is RequestRejected
    assert "max_tokens" in error.remedy


async def test_a_schema_is_enforced_as_far_as_the_vendor_takes_it(server, connect):
    provider = connect(effort="high")
    for name in ("first", "second"):
        document = {**SCHEMA, "properties": {name: SCHEMA["properties"]["a"]}, "required": [name]}
        for _ in range(2):
            reply = await one(provider, asked(constraint=JsonSchema(name=name, document=document)))
            assert reply.ignored == frozenset()
            properties = {name: {"type": "string"}}
            assert sent(server)["output_config"] == {
                "effort": "high",
                "format": {
                    "type": "json_schema",
                    "schema": {**document, "properties": properties},
                },
            }
    free = JsonSchema(name="map", document={"type": "object", "additionalProperties": True})
    reply = await one(connect(), asked(constraint=free))
    assert reply.ignored == {"constraint"}
    assert "output_config" not in sent(server)
    constraint = JsonSchema(name="a", document=SCHEMA)
    assert (await one(connect(structured="none"), asked(constraint=constraint))).ignored == {
        "constraint"
    }


async def test_extra_body_and_headers(server, connect):
    provider = connect(
        extra_body={"top_k": 3, "max_tokens": 5, "output_config": {"effort": "max"}},
        headers={"X-Gateway": "secret-header-value"},
    )
    reply = await one(provider, asked(constraint=JsonSchema(name="a", document=SCHEMA)))
    assert (sent(server)["top_k"], sent(server)["max_tokens"]) == (3, 5)
    assert sent(server)["output_config"] == {"effort": "max"}
    assert reply.ignored == {"constraint"}, "the server was not given our schema"
    assert server.requests[-1].headers["x-gateway"] == "secret-header-value"
    assert "secret-header-value" not in repr(provider.capabilities()) + repr(provider._options)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("said", "finish"),
    [
        ("stop", "stop"),
        ("stop_sequence", "stop"),
        ("length", "length"),
        ("model_context_window_exceeded", "length"),
        ("pause_turn", "cut"),
        ("a_new_reason", "stop"),
    ],
)
async def test_stop_reasons(server, connect, said, finish, stream):
    server.answer = Answer(finish=said)
    assert (await one(connect(stream=stream))).completions[0].finish == finish


@pytest.mark.parametrize("stream", [True, False])
async def test_a_refusal_is_a_filtered_completion(server, connect, stream):
    server.answer = Answer(refusal="not this")
    (completion,) = (await one(connect(stream=stream))).completions
    assert (completion.text, completion.finish) == ("not this", "filtered")


@pytest.mark.parametrize("stream", [True, False])
async def test_a_reply_without_usage_is_estimated(server, connect, stream):
    server.answer = Answer(text="12345678", usage=False)
    usage = (await one(connect(stream=stream))).usage
    assert (usage.input_tokens, usage.output_tokens, usage.estimated) == (4, 2, True)


@pytest.mark.parametrize(
    ("status", "kind", "remedy"),
    [
        (400, RequestRejected, ""),
        (401, AuthenticationFailed, "ANTHROPIC_API_KEY"),
        (402, OutOfCredit, "credit"),
        (403, AuthenticationFailed, "ANTHROPIC_API_KEY"),
        (404, RequestRejected, "model"),
        (408, ProviderUnavailable, ""),
        (413, RequestRejected, "shorten"),
        (429, RateLimited, "in_flight"),
        (500, ProviderUnavailable, ""),
        (504, ProviderUnavailable, ""),
        (529, ProviderUnavailable, "later"),
    ],
)
async def test_every_status_has_its_error(server, connect, status, kind, remedy):
    server.answer = refused(status, message=f"told why, with {KEY} in it")
    error = await failure(connect())
    assert type(error) is kind
    assert str(status) in error.cause
    assert "told why, with *** in it" in error.cause
    assert error.remedy
    assert remedy in error.remedy
    assert not error.lost
    assert KEY not in str(error) + repr(error)
    assert server.counts.requests == 1, "the core retries, not the SDK"


@pytest.mark.parametrize(
    ("message", "kind", "remedy"),
    [
        ("Your credit balance is too low to access the API", OutOfCredit, "credit"),
        ("output_config.format.schema: too complex", RequestRejected, "structured to none"),
    ],
)
async def test_what_the_vendor_says_with_status_400(server, connect, message, kind, remedy):
    server.answer = refused(400, message=message, code="invalid_request_error")
    error = await failure(connect())
    assert type(error) is kind
    assert remedy in error.remedy


ERROR = b'{"type": "error", "error": {"type": "%s", "message": "no"}}'
SSE = {"content-type": "text/event-stream"}


def stream_of(text: str) -> bytes:
    """As the loopback server writes it."""
    incoming = type("Asked", (), {"document": {"stream": True, "model": "m"}})
    return message(incoming, Answer(text=text)).body


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (b"overloaded_error", ProviderUnavailable),
        (b"rate_limit_error", RateLimited),
        (b"invalid_request_error", RequestRejected),
        (b"billing_error", OutOfCredit),
        (b"a_new_error", ProviderUnavailable),
    ],
)
async def test_an_error_in_place_of_a_message(server, connect, kind, error):
    document = ERROR % kind
    server.answer = Answer(body=document)
    told = await failure(connect())
    assert (type(told), told.lost) == (error, False)
    server.answer = Answer(body=b"event: error\ndata: " + document + b"\n\n", headers=SSE)
    told = await failure(connect())
    assert (type(told), told.lost) == (error, False)
    begun = stream_of("x" * 99).partition(b"event: content_block_stop")[0]
    server.answer = Answer(body=begun + b"event: error\ndata: " + document + b"\n\n", headers=SSE)
    told = await failure(connect())
    assert (type(told), told.lost) == (error, True), "what it had begun may be billed"


async def test_a_stream_that_ends_too_early_is_lost(server, connect):
    whole = stream_of("x" * 99)
    for end in (
        b"event: message_start",
        b"event: ping",
        b"event: message_delta",
        b"event: message_stop",
    ):
        server.answer = Answer(body=whole.partition(end)[0], headers=SSE)
        error = await failure(connect())
        assert type(error) is ProviderUnavailable
        assert error.lost
    server.answer = Answer(body=whole, headers=SSE)
    assert (await one(connect())).completions[0].text == "x" * 99


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"<html>not an API</html>", {}),
        (b"[1, 2]", {}),
        (b"{}", {}),
        (b'{"content": null}', {}),
        (b'{"content": [{"type": "text", "text": 7}]}', {}),
        (b"[" * 100_000, {}),
        (b"<html>not an API</html>", SSE),
        (b"data: {\n\n", SSE),
        (b"data: 7\n\n", SSE),
        (b'data: {"type": "content_block_delta", "index": 0}\n\n', SSE),
        (b"data: " + b"[" * 100_000, SSE),
        (b'data: {"type": "message_start", "message": {}}\n\ndata: {"type": "x"', SSE),
    ],
)
async def test_garbage_is_a_malformed_reply(server, connect, body, headers):
    server.answer = Answer(body=body, headers=headers)
    error = await failure(connect())
    assert type(error) is MalformedReply
    assert error.retryable
    assert error.lost
    assert len(str(error)) < 600


async def test_the_key_comes_from_the_environment_at_the_first_call(server, connect, monkeypatch):
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    provider = connect(api_key=None)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "from-the-environment\n")
    await one(provider)
    assert server.requests[-1].headers["authorization"] == "Bearer from-the-environment"


@pytest.mark.parametrize("key", ["", "with \u201cquotes\u201d", "two\nlines"])
async def test_the_vendor_without_a_usable_key_is_never_called(monkeypatch, key):
    monkeypatch.setenv("ANTHROPIC_API_KEY", key)
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "not-asked-for")
    provider = AnthropicProvider(AnthropicOptions(model="m"))
    error = await failure(provider)
    assert type(error) is AuthenticationFailed
    assert "ANTHROPIC_API_KEY" in error.remedy
    assert not (await provider.health()).ok


async def test_health_costs_nothing(server, connect):
    provider = connect()
    health = await provider.health()
    assert health.ok
    assert "serves loopback" in health.detail
    assert "does not know of other" in (await connect(model="other").health()).detail
    assert server.counts.requests == 0
    for answer, ok in ((overloaded(529), False), (refused(401), False), (refused(404), True)):
        server.script.append(answer)
        assert (await provider.health()).ok is ok


def test_the_key_shows_in_no_repr():
    options = AnthropicOptions(model="m", api_key=KEY)
    assert KEY not in repr(options) + str(options) + options.model_dump_json()
    assert options.base_url == ANTHROPIC_URL
