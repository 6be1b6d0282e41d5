"""Keys planted wherever one may come from, and a server that tells them back at every turn."""

import json
import logging

import pytest
from lift_sys_anthropic.plugin import AnthropicOptions
from lift_sys_anthropic.provider import create

from lift_sys.errors import ProviderError
from lift_sys.interfaces import Message, Request
from lift_sys.testing.loopback import Answer, LoopbackServer, MessageBatches

KEY = "sk-ant-planted-1111"
HEADER = 'sk-planted-"header"-2222'
CUSTOM = "sk-planted-by-the-environment-3333"
ASKED = Request(messages=(Message(role="user", content="hi"),))


class Telltale:
    """Says all the headers back: as an error, in a header, in garbage and in a stream."""

    def __init__(self) -> None:
        self.turn = 0

    def __call__(self, incoming) -> Answer:
        seen = " ".join(incoming.headers.values())
        said = json.dumps({"type": "error", "error": {"type": "api_error", "message": seen}})
        headers = {"x-seen": seen, "content-type": "text/event-stream"}
        faults = (
            Answer(status=401, message=f"wrong key: {seen}", headers={"x-seen": seen}),
            Answer(status=400, message="x" * 490 + seen),
            Answer(body=said.encode()),
            Answer(body=f"data: {said}\n\n".encode(), headers=headers),
            Answer(body=f"<html>{seen}".encode()),
            Answer(body=json.dumps({"content": seen}).encode()),
            Answer(body=("data:" + "x" * 110 + seen).encode(), headers=headers),
        )
        self.turn += 1
        return faults[self.turn % len(faults)]


@pytest.fixture
async def server():
    async with LoopbackServer(Telltale(), dialects=MessageBatches().dialects) as running:
        yield running


@pytest.mark.parametrize("batch", [False, True])
async def test_no_key_is_in_errors_logs_or_health(server, caplog, monkeypatch, batch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", f"X-Custom: {CUSTOM}")
    given = {"model": "m", "base_url": server.origin, "headers": {"x-extra": HEADER}}
    quick = {"batch": True, "gather": 0, "poll": 0.01} if batch else {}
    provider = create(AnthropicOptions(**given, **quick), None)
    told = []
    for _ in range(14):
        (error,) = await provider.complete([ASKED])
        assert isinstance(error, ProviderError)
        told.append(f"{error!r} {error} {error.__cause__!r} {(await provider.health()).detail}")
    await provider.aclose()
    sent = " ".join(server.requests[0].headers.values())
    assert all(secret in sent for secret in (KEY, HEADER, CUSTOM)), "each was used"
    assert "***" in " ".join(told)
    assert "HTTP Response" in caplog.text, "logs are looked at, or this tests little"
    everything = " ".join([*told, caplog.text])
    for secret in (KEY, HEADER, CUSTOM):
        assert secret not in everything
        assert json.dumps(secret)[1:-1] not in everything
    assert "sk-" not in everything, "nor a part of one"
