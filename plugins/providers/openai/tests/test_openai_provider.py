"""Against a real HTTP server on the loopback interface; nothing of the SDK is replaced."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from lift_sys_openai.plugin import OpenAIOptions
from lift_sys_openai.provider import OpenAIProvider, create

from lift_sys.errors import (
    AuthenticationFailed,
    MalformedReply,
    OutOfCredit,
    ProviderError,
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
    Reply,
    Request,
    Sampling,
)
from lift_sys.testing.loopback import Answer, LoopbackServer, overloaded, rate_limited, refused

KEY = "sk-verysecretkey-0123456789"
MESSAGES = (Message(role="system", content="be brief"), Message(role="user", content="hi \u00fc"))
STRICT = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}


def asked(*, constraint=None, **sampling) -> Request:
    return Request(messages=MESSAGES, sampling=Sampling(**sampling), constraint=constraint)


@pytest.fixture
async def server():
    async with LoopbackServer() as running:
        yield running


@pytest.fixture
async def connect(server):
    made = []

    def make(**options) -> OpenAIProvider:
        given = {"model": "loopback", "base_url": server.url, "api_key": KEY, **options}
        made.append(create(OpenAIOptions(**given), None))
        return made[-1]

    yield make
    for provider in made:
        await provider.aclose()


async def one(provider: OpenAIProvider, request: Request) -> Reply:
    (reply,) = await provider.complete([request])
    assert isinstance(reply, Reply), reply
    return reply


async def failure(provider: OpenAIProvider, request: Request | None = None) -> ProviderError:
    (error,) = await provider.complete([request or asked()])
    assert isinstance(error, ProviderError), error
    return error


def sent(server) -> dict:
    return dict(server.requests[-1].document)


async def test_it_is_a_provider_with_the_capabilities_of_its_options(connect):
    provider = connect(n=3, seed=False, structured="none", price={"input": 1, "output": 2})
    assert isinstance(provider, Provider)
    capabilities = provider.capabilities()
    assert capabilities.model == "loopback"
    assert (capabilities.n, capabilities.seed, capabilities.logprobs) == (3, False, True)
    assert capabilities.constraints == frozenset()
    assert capabilities.price == Price(input=1, output=2)
    assert connect().capabilities().constraints == {"json_schema"}


async def test_every_setting_is_sent(server, connect):
    server.answer = Answer(text=["one", "two", "three"])
    request = asked(n=3, max_tokens=77, temperature=0.5, stop=("END",), seed=7, logprobs=True)
    reply = await one(connect(), request)
    assert [completion.text for completion in reply.completions] == ["one", "two", "three"]
    assert reply.completions[0].logprobs == (-0.25,)
    assert reply.model == "loopback"
    assert reply.ignored == frozenset()
    assert sent(server) == {
        "model": "loopback",
        "messages": [
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": "hi \u00fc"},
        ],
        "max_completion_tokens": 77,
        "n": 3,
        "stop": ["END"],
        "temperature": 0.5,
        "seed": 7,
        "logprobs": True,
    }
    headers = server.requests[-1].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["content-type"] == "application/json"


async def test_what_is_not_asked_for_is_not_sent(server, connect):
    await one(connect(), asked())
    assert set(sent(server)) == {"model", "messages", "max_completion_tokens"}


async def test_what_the_server_does_not_know_is_left_out_and_told(server, connect):
    provider = connect(
        n=2, seed=False, logprobs=False, temperature=False, max_tokens_field="max_tokens"
    )
    request = asked(n=4, seed=1, logprobs=True, temperature=0.0, constraint=Regex(pattern="a+"))
    reply = await one(provider, request)
    assert reply.ignored == {"n", "seed", "logprobs", "temperature", "constraint"}
    assert sent(server) == {
        "model": "loopback",
        "messages": sent(server)["messages"],
        "max_tokens": 1024,
        "n": 2,
    }


async def test_a_server_that_ignores_n_and_logprobs_is_told_of(server, connect):
    server.answer = Answer(honours_n=False, logprob=None)
    reply = await one(connect(), asked(n=4, logprobs=True))
    assert len(reply.completions) == 1
    assert reply.ignored == {"n", "logprobs"}


async def test_extra_body_and_headers_and_organization(server, connect):
    schema = JsonSchema(name="a", document=STRICT)
    provider = connect(
        extra_body={"top_k": 3, "max_completion_tokens": 5, "response_format": {"type": "text"}},
        headers={"X-Gateway": "secret-header-value"},
        organization="org-1",
    )
    reply = await one(provider, asked(constraint=schema))
    assert sent(server)["top_k"] == 3
    assert sent(server)["max_completion_tokens"] == 5
    assert sent(server)["response_format"] == {"type": "text"}
    assert server.requests[-1].headers["x-gateway"] == "secret-header-value"
    assert server.requests[-1].headers["openai-organization"] == "org-1"
    assert "secret-header-value" not in repr(provider.capabilities()) + repr(provider._options)
    assert reply.ignored == {"constraint"}, "the server was not given our schema"


@pytest.mark.parametrize(
    ("document", "strict"), [(STRICT, True), ({**STRICT, "required": []}, False)]
)
async def test_a_schema_is_sent_as_it_is(server, connect, document, strict):
    provider = connect()
    for _ in range(2):
        reply = await one(provider, asked(constraint=JsonSchema(name="spec", document=document)))
        assert reply.ignored == frozenset()
        assert sent(server)["response_format"] == {
            "type": "json_schema",
            "json_schema": {"name": "spec", "strict": strict, "schema": document},
        }


async def test_another_schema_is_not_taken_for_the_one_before(server, connect):
    provider = connect()
    for name in ("first", "second", "first"):
        await one(provider, asked(constraint=JsonSchema(name=name, document=STRICT)))
        assert sent(server)["response_format"]["json_schema"]["name"] == name


@pytest.mark.parametrize(
    ("structured", "sent_format"), [("json_object", {"type": "json_object"}), ("none", None)]
)
async def test_servers_without_schemas(server, connect, structured, sent_format):
    constraint = JsonSchema(name="spec", document=STRICT)
    reply = await one(connect(structured=structured), asked(constraint=constraint))
    assert sent(server).get("response_format") == sent_format
    assert reply.ignored == {"constraint"}


@pytest.mark.parametrize(
    ("said", "finish"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("content_filter", "filtered"),
        ("abort", "cut"),
        ("tool_calls", "stop"),
        ("a_new_reason", "stop"),
    ],
)
async def test_finish_reasons(server, connect, said, finish):
    server.answer = Answer(finish=said)
    assert (await one(connect(), asked())).completions[0].finish == finish


async def test_a_refusal_is_a_filtered_completion(server, connect):
    server.answer = Answer(refusal="I won't", reasoning="hm")
    (completion,) = (await one(connect(), asked())).completions
    assert (completion.text, completion.finish) == ("I won't", "filtered")
    assert completion.reasoning == "hm"


async def test_usage_is_the_servers_or_is_marked_as_estimated(server, connect):
    server.answer = Answer(text="12345678", cached_tokens=2)
    usage = (await one(connect(), asked(n=2))).usage
    assert (usage.input_tokens, usage.output_tokens, usage.cached_tokens) == (4, 4, 2)
    assert not usage.estimated
    server.answer = Answer(text="12345678", usage=False)
    usage = (await one(connect(), asked(n=2))).usage
    assert (usage.input_tokens, usage.output_tokens, usage.estimated) == (4, 4, True)
    body = b'{"choices": [{"message": {"content": "a"}}], "usage": {"prompt_tokens": "many"}}'
    server.answer = Answer(body=body)
    assert (await one(connect(), asked())).usage.estimated, "it answered, and that is billed"


async def test_several_requests_come_back_in_order_and_one_failure_is_its_own(server, connect):
    def answer(incoming):
        text = incoming.document["messages"][0]["content"]
        if text == "bad":
            return refused(400)
        return Answer(text=text, latency=0.02 if text == "first" else 0)

    server.answer = answer
    requests = [
        Request(messages=(Message(role="user", content=text),)) for text in ("first", "bad", "last")
    ]
    first, bad, last = await connect().complete(requests)
    assert first.completions[0].text == "first"
    assert isinstance(bad, RequestRejected)
    assert last.completions[0].text == "last"
    assert await connect().complete([]) == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRejected),
        (401, AuthenticationFailed),
        (402, OutOfCredit),
        (403, AuthenticationFailed),
        (404, RequestRejected),
        (405, RequestRejected),
        (408, ProviderUnavailable),
        (409, ProviderUnavailable),
        (413, RequestRejected),
        (422, RequestRejected),
        (429, RateLimited),
        (500, ProviderUnavailable),
        (502, ProviderUnavailable),
        (503, ProviderUnavailable),
        (504, ProviderUnavailable),
    ],
)
async def test_every_status_has_its_error(server, connect, status, kind):
    server.answer = refused(status, message=f"told why, with {KEY} in it")
    error = await failure(connect())
    assert type(error) is kind
    assert str(status) in error.cause
    assert "told why, with *** in it" in error.cause
    assert error.remedy
    assert KEY not in str(error) + repr(error)
    assert server.counts.requests == 1, "the core retries, not the SDK"


async def test_a_wrong_key_names_the_variable(connect):
    async with LoopbackServer(api_key="another") as strict:
        error = await failure(connect(base_url=strict.url))
    assert isinstance(error, AuthenticationFailed)
    assert "OPENAI_API_KEY" in error.remedy


async def test_an_empty_purse_is_not_worth_a_retry(server, connect):
    server.answer = rate_limited(code="insufficient_quota")
    error = await failure(connect())
    assert isinstance(error, OutOfCredit)
    assert not error.retryable
    assert "credit" in error.remedy


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
    ],
)
async def test_retry_after(server, connect, headers, seconds):
    server.answer = Answer(status=429, headers=headers)
    assert (await failure(connect())).retry_after == seconds


async def test_retry_after_as_a_date(server, connect):
    later = datetime.now(UTC) + timedelta(hours=1)
    server.answer = Answer(status=503, headers={"retry-after": format_datetime(later, usegmt=True)})
    waits = (await failure(connect())).retry_after
    assert waits is not None
    assert 0 < waits <= 3600


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>not an API</html>",
        b"[1, 2]",
        b"\xff\xfe",
        b"{}",
        b'{"choices": null}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": {"content": [1]}}]}',
        b'{"choices": [{"message": {"content": "a"}}], "usage": {}',
        b"[" * 100_000,
    ],
)
async def test_garbage_is_a_malformed_reply(server, connect, body):
    server.answer = Answer(body=body)
    error = await failure(connect())
    assert type(error) is MalformedReply
    assert error.retryable
    assert len(str(error)) < 600


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ({"message": "no", "code": 429}, RateLimited),
        ({"message": "no", "code": 401}, AuthenticationFailed),
        ({"message": "no", "code": "strange"}, ProviderUnavailable),
        ("just text", ProviderUnavailable),
    ],
)
async def test_an_error_sent_with_status_200(server, connect, inside, kind):
    server.answer = Answer(body=json.dumps({"error": inside}).encode())
    assert type(await failure(connect())) is kind


@pytest.mark.parametrize("cut_after", [0, 20, 200])
async def test_a_cut_connection_may_be_tried_again(server, connect, cut_after):
    server.answer = Answer(text="x" * 500, cut_after=cut_after)
    error = await failure(connect())
    assert type(error) is ProviderUnavailable
    assert KEY not in str(error)


async def test_a_server_that_sends_nothing(server, connect):
    server.answer = Answer(latency=30)
    error = await failure(connect(timeout=0.05))
    assert type(error) is ProviderUnavailable
    assert "timeout" in error.remedy


async def test_a_slow_body_is_read_to_its_end(server, connect):
    server.answer = Answer(text="x" * 500, drip=0.001)
    assert (await one(connect(), asked())).completions[0].text == "x" * 500


async def test_nobody_listens(connect):
    async with LoopbackServer() as gone:
        url = gone.url
    error = await failure(connect(base_url=url))
    assert type(error) is ProviderUnavailable
    assert "base_url" in error.remedy


async def test_a_lone_surrogate_is_refused_before_it_is_sent(server, connect):
    request = Request.model_construct(
        messages=(Message.model_construct(role="user", content="\ud800"),),
        sampling=Sampling(),
        constraint=None,
    )
    error = await failure(connect(), request)
    assert type(error) is RequestRejected
    assert server.counts.requests == 0


async def test_cancelling_ends_the_http_request(server, connect):
    reached = asyncio.Event()

    def answer(_):
        reached.set()
        return Answer(latency=3600)

    server.answer = answer
    task = asyncio.create_task(connect().complete([asked(), asked()]))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await server.idle()
    assert server.counts.abandoned >= 1


async def test_32_at_once_share_their_connections(server, connect):
    server.answer = Answer(latency=0.001)
    provider = connect()
    for _ in range(3):
        replies = await asyncio.gather(*(provider.complete([asked(n=2)]) for _ in range(32)))
        assert all(isinstance(reply, Reply) for (reply,) in replies)
    assert server.counts.requests == 96
    assert server.counts.completions == 192
    assert server.counts.connections <= 32


async def test_the_key_comes_from_the_environment_at_the_first_call(server, connect, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    provider = connect(api_key=None)
    monkeypatch.setenv("OPENAI_API_KEY", "from-the-environment\n")
    await one(provider, asked())
    assert server.requests[-1].headers["authorization"] == "Bearer from-the-environment"


async def test_ones_own_server_needs_no_key(server, connect, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    await one(connect(api_key=None), asked())
    assert server.counts.requests == 1


@pytest.mark.parametrize("key", ["", "with \u201cquotes\u201d", "two\nlines"])
async def test_openai_without_a_usable_key_is_never_called(connect, monkeypatch, key):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    provider = OpenAIProvider(OpenAIOptions(model="m"))
    error = await failure(provider)
    assert type(error) is AuthenticationFailed
    assert "OPENAI_API_KEY" in error.remedy
    health = await provider.health()
    assert not health.ok
    assert "OPENAI_API_KEY" in health.detail


async def test_health_costs_nothing(server, connect):
    provider = connect()
    health = await provider.health()
    assert health.ok
    assert "serves loopback" in health.detail
    unlisted = await connect(model="other").health()
    assert unlisted.ok
    assert "other is not listed" in unlisted.detail
    assert server.counts.requests == 0
    for answer, ok in (
        (overloaded(), False),
        (refused(401), False),
        (refused(404), True),
    ):
        server.script.append(answer)
        assert (await provider.health()).ok is ok


async def test_closing_twice_and_using_it_again(server, connect):
    provider = connect()
    await one(provider, asked())
    await provider.aclose()
    await provider.aclose()
    await one(provider, asked())


def test_the_key_shows_in_no_repr():
    options = OpenAIOptions(model="m", api_key=KEY)
    assert KEY not in repr(options) + str(options) + options.model_dump_json()
