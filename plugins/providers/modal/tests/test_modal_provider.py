"""The provider against a double of Modal's calls: what is asked, what is told, what goes wrong."""

import asyncio
import json
import logging
from types import SimpleNamespace

import modal
import pytest
from lift_sys_modal import calls
from lift_sys_modal.plugin import ModalOptions
from lift_sys_modal.provider import ModalProvider
from lift_sys_modal.serving import EngineFailed
from modal import exception
from modal_doubles import FakeModal, aio, container
from pydantic import ValidationError

from lift_sys import Pipeline
from lift_sys.errors import (
    AuthenticationFailed,
    MalformedReply,
    OutOfCredit,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
    UnusableModel,
)
from lift_sys.interfaces import Grammar, JsonSchema, Message, Regex, Reply, Request, Sampling
from lift_sys.testing.samples import TASK

SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


@pytest.fixture
def world(monkeypatch) -> FakeModal:
    return FakeModal(answer=lambda body: said(*["ok"] * body["n"])).install(monkeypatch)


def request(text: str = "seen? hello", constraint=None, **sampling) -> Request:
    return Request(
        messages=(Message(role="user", content=text),),
        sampling=Sampling(**sampling),
        constraint=constraint,
    )


def said(*texts: str, logprobs=None, **usage) -> dict:
    tokens = None if logprobs is None else {"content": [{"logprob": one} for one in logprobs]}
    choices = [{"message": {"content": text}, "logprobs": tokens} for text in texts]
    told = {"prompt_tokens": 7, "completion_tokens": 3, **usage}
    return {"status": 200, "body": json.dumps({"choices": choices, "usage": told})}


def asked(*requests: Request, **options):
    async def once():
        provider = ModalProvider(ModalOptions(**{"model": "m", **options}))
        try:
            return await provider.complete(requests)
        finally:
            await provider.aclose()

    return asyncio.run(once())


@pytest.mark.filterwarnings("ignore:The Model.* executing locally")
def test_all_that_is_asked_comes_to_the_engine(world):
    """Through the declared class, and over HTTP."""
    with container(ModalOptions(model="m")) as model:
        world.answer = model.complete.local
        (reply,) = asked(
            request(
                constraint=JsonSchema(name="x", document=SCHEMA),
                n=3,
                seed=11,
                temperature=0.25,
                stop=("END",),
                logprobs=True,
            ),
            template={"enable_thinking": False},
        )
    assert isinstance(reply, Reply)
    assert world.bodies[0]["n"] == len(reply.completions) == 3
    first = json.loads(reply.completions[0].text)
    assert first["seen"] == {
        "structured_outputs": {"json": SCHEMA},
        "seed": 11,
        "temperature": 0.25,
        "stop": ["END"],
        "chat_template_kwargs": {"enable_thinking": False},
        "model": "m",
    }
    assert reply.completions[0].logprobs
    assert reply.usage.cached_tokens == 1
    assert reply.usage.output_tokens > 0
    assert not reply.usage.estimated
    assert not reply.ignored


PIPELINE = """
version: 1
providers: {served: {use: modal, model: m, price: {input: 1, output: 1}}}
stages: {specify: {provider: served}, implement: {provider: served}}
budget: {usd: 0.05}
"""


@pytest.mark.filterwarnings("ignore:The Model.* executing locally")
def test_a_pipeline_solves_a_task_with_it(world, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text(PIPELINE)
    with container(ModalOptions(model="m")) as model:
        world.answer = model.complete.local
        result = Pipeline.load("p.yaml").run(TASK)
    assert result.status == "pass"
    assert result.spend.usd > 0
    assert "json" in world.bodies[0]["structured_outputs"]


@pytest.mark.parametrize(
    ("constraint", "sent"),
    [
        (Regex(pattern="[a-z]+"), {"regex": "[a-z]+"}),
        (Grammar(lark='start: "x"'), {"grammar": 'start: "x"'}),
        (None, None),
    ],
)
def test_constraints_are_passed_on(world, constraint, sent):
    asked(request(constraint=constraint))
    assert world.bodies[0].get("structured_outputs") == sent


def test_an_adapter_is_asked_by_its_name_and_told_in_the_reply(world):
    (reply,) = asked(request(), adapter="tuned", environment="staging", app="lift-sys")
    assert (world.bodies[0]["model"], reply.model) == ("tuned", "m+tuned")
    assert world.looked_up[0][:2] == ("lift-sys", "staging")


def test_the_usage_is_the_engines_own(world):
    world.answer = lambda body: said(
        "a", prompt_tokens=100, completion_tokens=5, prompt_tokens_details={"cached_tokens": 64}
    )
    (reply,) = asked(request())
    usage = reply.usage
    assert (usage.input_tokens, usage.output_tokens, usage.cached_tokens) == (100, 5, 64)
    world.answer = lambda body: {"status": 200, "body": json.dumps({"choices": []})}
    (failed,) = asked(request())
    assert isinstance(failed, MalformedReply)


def test_fewer_completions_or_no_log_probabilities_are_told(world):
    world.answer = lambda body: said("only one")
    (reply,) = asked(request(n=4, logprobs=True))
    assert reply.ignored == {"n", "logprobs"}
    world.answer = lambda body: said("a", logprobs=[-0.5, 0.0])
    (reply,) = asked(request(logprobs=True))
    assert reply.completions[0].logprobs == (-0.5, 0.0)


def raising(error: Exception):
    def answer(body):
        raise error

    return answer


def answering(status: int, message: str, **more):
    body = json.dumps({"error": {"message": message}})
    return lambda asked: {"status": status, "body": body, **more}


@pytest.mark.parametrize(
    ("answer", "kind", "cause", "remedy"),
    [
        (
            raising(exception.InternalFailure("worker preempted")),
            ProviderUnavailable,
            "broken off",
            "come back",
        ),
        (
            raising(exception.RemoteError("task terminated")),
            ProviderUnavailable,
            "broken off",
            "come back",
        ),
        (
            raising(exception.ConnectionError("no route")),
            ProviderUnavailable,
            "no connection",
            "network",
        ),
        (
            raising(exception.FunctionTimeoutError("600s")),
            ProviderUnavailable,
            "longer than",
            "call_minutes",
        ),
        (
            raising(exception.AuthError("Token missing")),
            AuthenticationFailed,
            "does not let us in",
            "modal setup",
        ),
        (
            raising(exception.ResourceExhaustedError("too many")),
            RateLimited,
            "no more calls",
            "in_flight",
        ),
        (
            raising(exception.ResourceExhaustedError("spend limit reached")),
            OutOfCredit,
            "spend limit",
            "limit",
        ),
        (raising(exception.VersionError("too old")), UnusableModel, "too old", "--upgrade"),
        (
            raising(exception.ImageBuildError("no vllm==9", "im-1")),
            UnusableModel,
            "could not be built",
            "vllm",
        ),
        (
            raising(exception.RequestSizeError("too large")),
            RequestRejected,
            "refuses the call",
            "status",
        ),
        (
            raising(EngineFailed("ended\nCUDA out of memory")),
            UnusableModel,
            "out of memory",
            "larger `gpu`",
        ),
        (
            raising(EngineFailed("ended\nCannot access gated repo")),
            AuthenticationFailed,
            "gated",
            "HF_TOKEN",
        ),
        (
            raising(EngineFailed("ended\nRepositoryNotFoundError")),
            UnusableModel,
            "Repository",
            "mend `model`",
        ),
        (
            raising(EngineFailed("ended\nLoRA rank 128 is too large")),
            UnusableModel,
            "LoRA",
            "adapter",
        ),
        (
            raising(EngineFailed("the engine was not ready in time")),
            UnusableModel,
            "in time",
            "start_minutes",
        ),
        (raising(KeyError("what nobody thought of")), ProviderUnavailable, "KeyError", "try again"),
        (
            answering(404, "no model", served=["m", "old"]),
            UnusableModel,
            "serves m, old",
            "lift modal deploy",
        ),
        (answering(400, "Grammar error"), RequestRejected, "Grammar error", "says what is wrong"),
        (answering(503, "busy"), ProviderUnavailable, "busy", "again"),
        (lambda body: {"status": 200, "body": "<html>"}, MalformedReply, "not JSON", "deploy"),
        (lambda body: {}, ProviderUnavailable, "without a status", "deploy"),
    ],
)
def test_what_goes_wrong_is_told_with_its_cause_and_a_remedy(world, answer, kind, cause, remedy):
    world.answer = answer
    (failed,) = asked(request())
    assert type(failed) is kind
    assert cause in failed.cause
    assert remedy in failed.remedy


def test_a_call_that_may_have_been_answered_counts_as_lost(world):
    world.answer = raising(exception.InternalFailure("preempted"))
    assert asked(request())[0].lost
    world.answer = raising(exception.ConnectionError("no route"))
    assert not asked(request())[0].lost


def test_an_unknown_adapter_is_named_with_those_that_are_served(world):
    world.answer = answering(404, "none", served=["m", "tuned"])
    (failed,) = asked(request(), adapter="tunned")
    assert "no adapter 'tunned' (it serves m, tuned)" in failed.cause
    assert "--adapter tunned=FOLDER" in failed.remedy
    assert failed.fatal


def test_an_app_that_is_not_deployed_ends_the_run(world):
    world.apps.clear()
    (failed,) = asked(request())
    assert isinstance(failed, UnusableModel)
    assert "not deployed" in failed.cause
    assert "lift modal deploy" in failed.remedy


@pytest.mark.parametrize(
    ("containers", "cause", "lost"), [(0, "cold start", False), (2, "gave no answer", True)]
)
def test_a_call_that_takes_too_long_is_given_up(world, containers, cause, lost):
    world.containers = containers
    world.answer = lambda body: asyncio.sleep(60)
    (failed,) = asked(request(), timeout=0.05)
    assert isinstance(failed, ProviderUnavailable)
    assert cause in failed.cause
    assert failed.lost is lost
    assert world.cancelled == 1


def test_a_cancelled_request_is_cancelled_on_modal(world):
    async def cancelled() -> None:
        begun = asyncio.Semaphore(0)

        async def answer() -> None:
            begun.release()
            await asyncio.sleep(60)

        world.answer = lambda body: answer()
        provider = ModalProvider(ModalOptions(model="m"))
        running = asyncio.ensure_future(provider.complete([request(), request()]))
        await begun.acquire()
        await begun.acquire()
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
        await provider.aclose()

    asyncio.run(cancelled())
    assert world.cancelled == 2


def test_half_a_character_is_refused_before_it_is_sent(world):
    fine, broken = asked(request("fine"), request("half \ud800"))[0:2]
    assert isinstance(fine, Reply)
    assert isinstance(broken, RequestRejected)
    assert len(world.bodies) == 1


@pytest.mark.parametrize(
    ("change", "ok", "detail"),
    [
        ({"containers": 0}, True, "waits for a cold start"),
        ({"containers": 2}, True, "2 up, serving m"),
        ({"health": lambda: {"ok": True, "served": ["other"]}}, False, "does not serve m"),
        ({"health": lambda: {"ok": False, "served": ["m"]}}, False, "vLLM does not answer"),
        ({"health": lambda: 1 / 0, "apps": set()}, False, "not deployed"),
        ({"refuses": exception.AuthError("Token missing")}, False, "modal setup"),
    ],
)
def test_health_asks_a_container_only_where_one_is_up(world, change, ok, detail):
    for name, value in change.items():
        setattr(world, name, value)

    async def health():
        provider = ModalProvider(ModalOptions(model="m"))
        try:
            return await provider.health()
        finally:
            await provider.aclose()

    found = asyncio.run(health())
    assert found.ok is ok
    assert detail in found.detail
    assert not world.bodies


def test_where_modal_does_not_answer_it_is_not_waited_for_long(world, monkeypatch):
    async def silent():
        await asyncio.sleep(60)

    monkeypatch.setattr(modal.Client, "from_env", aio(silent))
    monkeypatch.setattr(calls, "_HELLO_SECONDS", 0.05)
    (failed,) = asked(request())
    assert isinstance(failed, ProviderUnavailable)
    assert "no connection to Modal" in failed.cause


def test_the_token_goes_to_modal_and_nowhere_else(world, monkeypatch, caplog):
    given = []

    async def from_credentials(token_id, token_secret):
        given.append((token_id, token_secret))
        return SimpleNamespace(close=aio(closed), hello=aio(hello))

    async def hello():
        pass

    async def closed():
        given.append("closed")

    monkeypatch.setattr(modal.Client, "from_credentials", aio(from_credentials))

    def tells(body):
        logging.getLogger(calls.LOGGERS[0]).warning("sent %s", "as-planted")
        raise exception.AuthError("bad token ak-planted as-planted")

    world.answer = tells
    options = {"token_id": "ak-planted", "token_secret": "as-planted"}
    (failed,) = asked(request(), **options)
    assert given == [("ak-planted", "as-planted"), "closed"]
    assert "planted" not in f"{failed} {caplog.text} {ModalOptions(model='m', **options)!r}"
    assert "***" in failed.cause
    with pytest.raises(ValidationError, match="give both"):
        ModalOptions(model="m", token_id="ak-1")
