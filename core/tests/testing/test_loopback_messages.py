"""The Messages and Message Batches protocols, asked over HTTP."""

import json
import urllib.request
from asyncio import to_thread

from lift_sys.testing.loopback import Answer, LoopbackServer, MessageBatches, refused

ASKED = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "12345678"}]}


async def ask(server, path="/v1/messages", document=None) -> tuple[int, bytes]:
    def send():
        body = None if document is None else json.dumps(document).encode()
        try:
            with urllib.request.urlopen(server.origin + path, body) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    return await to_thread(send)


async def test_a_message_whole_and_as_a_stream():
    text = "seventeen letters"
    async with LoopbackServer(Answer(text=text, cached_tokens=1)) as server:
        status, body = await ask(server, document=ASKED)
        message = json.loads(body)
        assert (status, message["content"]) == (200, [{"type": "text", "text": text}])
        assert message["usage"]["input_tokens"] + message["usage"]["cache_read_input_tokens"] == 2
        _, body = await ask(server, document={**ASKED, "stream": True})
        events = [json.loads(line[6:]) for line in body.splitlines() if line.startswith(b"data: ")]
        assert (events[0]["type"], events[-1]["type"]) == ("message_start", "message_stop")
        deltas = [e["delta"]["text"] for e in events if e["type"] == "content_block_delta"]
        assert len(deltas) > 1
        assert "".join(deltas) == text
        assert server.counts.output_tokens == 2 * message["usage"]["output_tokens"]
        server.answer = refused(529, "busy", "overloaded_error")
        status, body = await ask(server, document=ASKED)
        assert (status, json.loads(body)["error"]["type"]) == (529, "overloaded_error")


async def test_a_batch_from_its_making_to_its_results():
    batches = MessageBatches(polls=1, outcome=lambda params: params["outcome"])
    answer = Answer(text=lambda incoming, _: incoming.document["outcome"])
    async with LoopbackServer(answer, dialects=batches.dialects) as server:
        outcomes = ("succeeded", "errored", "expired")
        requests = [{"custom_id": one, "params": {**ASKED, "outcome": one}} for one in outcomes]
        _, body = await ask(server, "/v1/messages/batches", {"requests": requests})
        path = f"/v1/messages/batches/{json.loads(body)['id']}"
        for status in ("in_progress", "ended", "ended"):
            assert json.loads((await ask(server, path))[1])["processing_status"] == status
        _, body = await ask(server, f"{path}/results")
        rows = {row["custom_id"]: row["result"] for row in map(json.loads, body.splitlines())}
        assert {name: row["type"] for name, row in rows.items()} == {one: one for one in outcomes}
        assert rows["succeeded"]["message"]["content"][0]["text"] == "succeeded"
        assert server.counts.completions == 1, "the others are not billed"
        await ask(server, f"{path}/cancel", {})
        _, body = await ask(server, f"{path}/results")
        assert {json.loads(line)["result"]["type"] for line in body.splitlines()} == {"canceled"}
        assert (await ask(server, "/v1/messages/batches/msgbatch_9"))[0] == 404
        assert (await ask(server, "/v1/models/loopback"))[0] == 200
        assert (await ask(server, "/v1/models/other"))[0] == 404
