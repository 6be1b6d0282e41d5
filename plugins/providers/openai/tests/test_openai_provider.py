"""Against a real HTTP server on the loopback interface; nothing of the HTTP client is replaced."""

import asyncio
import json
from itertools import count

import pytest
from lift_sys_openai.plugin import OpenAIOptions
from lift_sys_openai.provider import OpenAIProvider, create

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
    Price,
    Provider,
    Regex,
    Reply,
)
from lift_sys.pipeline.config import CallSettings
from lift_sys.testing.asking import KEY, asked, closing_each, failure, one
from lift_sys.testing.loopback import Answer, LoopbackServer, overloaded, rate_limited, refused
from lift_sys.testing.runs import make_context

STRICT = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}


@pytest.fixture
async def server():
    async with LoopbackServer() as running:
        yield running


@pytest.fixture
async def connect(server):
    given = {"model": "loopback", "base_url": server.url, "api_key": KEY}
    async with closing_each(lambda more: create(OpenAIOptions(**given | more), None)) as make:
        yield make


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
    await one(connect())
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
    assert (await one(connect())).completions[0].finish == finish


async def test_a_refusal_is_a_filtered_completion(server, connect):
    server.answer = Answer(refusal="I won't", reasoning="hm")
    (completion,) = (await one(connect())).completions
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
    assert (await one(connect())).usage.estimated, "it answered, and that is billed"


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
    assert server.counts.requests == 1, "the core retries, not the provider"


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("Unsupported parameter: 'max_completion_tokens'", "max_tokens_field to max_tokens"),
        ("Unsupported parameter: 'max_tokens', use another", "to max_completion_tokens"),
        ("'temperature' does not support 0.5 with this model", "temperature to false"),
        ("Unknown field: response_format", "structured to json_object"),
        ("the prompt is too long for the temperature", "says what is wrong"),
    ],
)
async def test_a_setting_that_is_refused_names_the_option(server, connect, message, remedy):
    server.answer = refused(400, message=message)
    error = await failure(connect())
    assert type(error) is RequestRejected
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9", "socksio"),
        ("HTTP_PROXY", "nonsense://127.0.0.1:9", "HTTP_PROXY"),
        ("HTTP_PROXY", "http://127.0.0.1:9", "the proxy that HTTP_PROXY names"),
    ],
)
async def test_a_proxy_that_does_not_work_is_named_and_none_is_asked_for_this_machine(
    server, connect, monkeypatch, variable, value, remedy
):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv(variable, value)
    error = await failure(connect(base_url="http://models.invalid/v1"))
    assert remedy in error.remedy
    assert not error.lost
    await one(connect())


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
    await one(provider)
    assert server.requests[-1].headers["authorization"] == "Bearer from-the-environment"


async def test_ones_own_server_needs_no_key(server, connect, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    await one(connect(api_key=None))
    assert "authorization" not in server.requests[-1].headers


async def test_the_account_comes_from_the_environment_where_no_option_names_it(
    server, connect, monkeypatch
):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-environment")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
    await one(connect())
    headers = server.requests[-1].headers
    assert headers["openai-organization"] == "org-of-the-environment"
    assert headers["openai-project"] == "proj-1"
    await one(connect(organization="org-1"))
    assert server.requests[-1].headers["openai-organization"] == "org-1"
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj\u00fc")
    error = await failure(connect())
    assert "OPENAI_PROJECT_ID" in error.cause


async def test_the_options_headers_replace_ours_whatever_their_case(server, connect):
    await one(connect(headers={"AUTHORIZATION": "Basic abc", "user-agent": "mine"}))
    headers = server.requests[-1].headers
    assert headers["authorization"] == "Basic abc"
    assert headers["user-agent"] == "mine"
    assert headers["accept"] == "application/json"


async def test_the_address_may_end_in_a_slash(server, connect):
    await one(connect(base_url=server.url + "/"))


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


async def test_what_to_do_about_a_server_that_gives_the_likeliest_reply_but_once(server, connect):
    server.answer = refused(message="n must be 1 when using greedy sampling, got 2.")
    error = await failure(connect(), asked(n=2, temperature=0.0))
    assert isinstance(error, RequestRejected)
    assert "`n: 1`" in error.remedy


def test_the_key_shows_in_no_repr():
    options = OpenAIOptions(model="m", api_key=KEY)
    assert KEY not in repr(options) + str(options) + options.model_dump_json()


async def test_a_server_that_ignores_n_does_not_turn_eight_draws_into_one(server, connect):
    """Through the core, which asks again for what is missing."""
    number = count()
    server.answer = Answer(text=lambda *_: f"text {next(number)}", honours_n=False)
    events = []
    ctx = make_context(connect(), events=events)
    for _ in range(2):
        (samples,) = await ctx.sample([asked("same", n=8)])
        assert len({sample.completion.text for sample in samples}) == 8
        assert len({sample.seed for sample in samples}) == 8
    assert server.counts.completions == 16
    assert [incoming.document.get("n") for incoming in server.requests] == [8, *[None] * 15]
    told = [event.message for event in events if event.kind == "noted"]
    assert len(told) == 1, "shown once"
    assert "does not honour n" in told[0]


async def test_a_server_that_is_asked_too_fast_is_asked_for_less_at_once(server, connect):
    """It takes four at once; sixteen are tried, and none is lost."""
    refusals = count()

    def answer(_):
        if server.counts.in_flight > 4:
            next(refusals)
            return rate_limited("0.01")
        return Answer(latency=0.01)

    server.answer = answer
    calls = CallSettings(attempts=60, backoff=0.005, max_backoff=0.02)
    ctx = make_context(connect(in_flight=16, n=1), calls=calls)
    answers = await ctx.sample([asked(f"question {place}") for place in range(60)])
    assert all(sample.completion for (sample,) in answers)
    assert 0 < next(refusals) < 600, "not the same refusal again and again"
