"""A run that is killed in the middle of a batch, and the one that goes on."""

import asyncio
import json
import sys
from collections import Counter

import pytest
from lift_sys_anthropic.plugin import AnthropicOptions
from lift_sys_anthropic.provider import create

from lift_sys.errors import RequestRejected
from lift_sys.interfaces import Message, Reply, Request
from lift_sys.testing.asking import closing_each
from lift_sys.testing.loopback import Answer, LoopbackServer, MessageBatches, refused

MAKE = "/v1/messages/batches"
ASKING = """
import asyncio, sys
from lift_sys_anthropic.plugin import AnthropicOptions
from lift_sys_anthropic.provider import create
from lift_sys.interfaces import Message, Request

async def main(url, journal, *texts):
    given = {"model": "m", "base_url": url, "api_key": "any", "journal": journal}
    provider = create(AnthropicOptions(**given, batch=True, gather=0, poll=0.05), None)
    await provider.complete([Request(messages=(Message(role="user", content=t),)) for t in texts])

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def batches():
    return MessageBatches()


@pytest.fixture
async def server(batches):
    def echo(incoming, _):
        return f"to {incoming.document['messages'][0]['content']}"

    async with LoopbackServer(Answer(text=echo), dialects=batches.dialects) as running:
        yield running


@pytest.fixture
async def connect(server, tmp_path):
    def made(_):
        given = {"model": "m", "base_url": server.origin, "api_key": "any", "batch": True}
        journal = tmp_path / "deep" / "journal.jsonl"
        options = AnthropicOptions(**given, gather=0.05, poll=0.01, journal=journal)
        return create(options, None)

    async with closing_each(made) as make:
        yield make


async def asked(provider, *texts):
    requests = [Request(messages=(Message(role="user", content=text),)) for text in texts]
    return await provider.complete(requests)


def said(replies):
    return [reply.completions[0].text for reply in replies]


def paths(server) -> Counter:
    return Counter(incoming.path for incoming in server.requests)


async def test_what_a_killed_run_had_under_way_is_not_paid_for_again(
    server, batches, connect, tmp_path
):
    batches.polls = 1_000_000
    looked, fine = asyncio.Event(), server.answer

    def answer(incoming):
        if incoming.path.endswith("/msgbatch_0"):
            looked.set()
        return fine

    server.answer = answer
    journal = tmp_path / "deep" / "journal.jsonl"
    texts = ("a", "b", "a")
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ASKING, server.origin, str(journal), *texts)
    )
    await looked.wait()
    killed.kill()
    await killed.wait()
    assert batches.cancelled == []
    batches.batches["msgbatch_0"].polls = batches.polls = 0

    going_on = connect()
    replies = await asked(going_on, "a", "new", "a", "b", "a")
    assert said(replies) == ["to a", "to new", "to a", "to b", "to a"]
    assert paths(server)[MAKE] == 2
    made = [incoming.document["requests"] for incoming in server.requests if incoming.path == MAKE]
    assert len(made[1]) == 2, "only what is new: one of them, and the third a"

    (error,) = await asked(connect(), "a")
    assert type(error) is RequestRejected
    assert "journal" in error.cause
    await going_on.aclose()
    assert journal.read_text() == "", "all is handed over"
    assert said(await asked(connect(), "a")) == ["to a"]
    assert paths(server)[MAKE] == 3, "a later run draws for itself"


async def test_a_batch_that_is_gone_or_gave_nothing_is_made_anew(
    server, batches, connect, tmp_path
):
    first = connect()
    batches.outcome = lambda _: "expired"
    journal = tmp_path / "deep" / "journal.jsonl"
    digest = first._batches._journal.digest
    body = first._encoder.encode(Request(messages=(Message(role="user", content="a"),)))[0]
    await asked(first, "a")
    batches.outcome = lambda _: "succeeded"
    await first.aclose()
    left = [{"made": name, "digests": [digest(body)]} for name in ("msgbatch_0", "msgbatch_99")]
    lines = [json.dumps(each) for each in left]
    journal.write_text("\n".join([*lines, "null", '{"made": "msgb']))
    (reply,) = await asked(connect(), "a")
    assert isinstance(reply, Reply), reply
    assert paths(server)[f"{MAKE}/msgbatch_99"] == 1
    assert paths(server)[MAKE] == 2


async def test_a_batch_outlives_a_wrong_key(server, batches, connect, tmp_path):
    provider = connect()
    server.script += [server.answer, refused(401)]
    await asked(provider, "a")
    await provider.aclose()
    assert "msgbatch_0" in (tmp_path / "deep" / "journal.jsonl").read_text()
    assert said(await asked(connect(), "a")) == ["to a"]
    assert paths(server)[MAKE] == 1


async def test_a_journal_that_cannot_be_written(server, tmp_path):
    given = {"model": "m", "base_url": server.origin, "batch": True, "journal": tmp_path}
    provider = create(AnthropicOptions(**given), None)
    (error,) = await asked(provider, "a")
    assert type(error) is RequestRejected
    assert str(tmp_path) in error.cause
    await provider.aclose()
    assert server.counts.requests == 0
