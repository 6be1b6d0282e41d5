import asyncio
import json
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

import pytest

from lift_sys.testing.loopback import (
    Answer,
    LoopbackServer,
    Spoken,
    overloaded,
    rate_limited,
    refused,
)
from lift_sys.testing.samples import SPECIFIES


class Client:
    """HTTP by hand over one connection, so that the bytes are seen as they are."""

    def __init__(self, server: LoopbackServer) -> None:
        self._port = int(server.origin.rpartition(":")[2])

    async def __aenter__(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_):
        self.writer.close()

    def send(self, document=None, path="/v1/chat/completions", method="POST", **headers):
        body = b"" if document is None else json.dumps(document).encode()
        lines = [f"{method} {path} HTTP/1.1", "host: x", f"content-length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def read(self) -> tuple[int, dict, dict]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await self.reader.readexactly(int(headers["content-length"]))
        return int(head[0].split()[1]), headers, json.loads(body)

    async def ask(self, document=None, **more) -> dict:
        self.send(document, **more)
        status, _, answer = await self.read()
        assert status == 200, answer
        return answer


def chat(n=1, **more):
    return {"model": "m", "messages": [{"role": "user", "content": "12345678"}], "n": n, **more}


async def test_a_completion_over_a_kept_connection():
    async with LoopbackServer(Answer(text=["a", "b"])) as server, Client(server) as client:
        answer = await client.ask(chat(3))
        assert [choice["message"]["content"] for choice in answer["choices"]] == ["a", "b", "a"]
        assert answer["model"] == "m"
        assert answer["usage"]["prompt_tokens"] == 2
        assert answer["choices"][0]["logprobs"] is None
        await client.ask(chat())
        counts = server.counts
        assert (counts.connections, counts.requests, counts.completions) == (1, 2, 4)
        assert (counts.input_tokens, counts.output_tokens) == (4, 4)
        assert server.requests[0].document["n"] == 3
        assert await client.ask(path="/stats", method="GET") == {
            "requests": 2,
            "completions": 4,
            "input_tokens": 4,
            "output_tokens": 4,
            "connections": 1,
            "abandoned": 0,
            "in_flight": 1,
            "peak": 1,
        }


async def test_requests_sent_at_once_and_in_pieces_are_answered_in_order():
    answer = Answer(text=lambda incoming, index: f"{incoming.document['seed']}/{index}")
    async with LoopbackServer(answer) as server, Client(server) as client:
        for seed in range(3):
            client.send(chat(seed=seed))
        for seed in range(3):
            _, _, document = await client.read()
            assert document["choices"][0]["message"]["content"] == f"{seed}/0"
        body = json.dumps(chat(seed=9))
        whole = f"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        for start in range(0, len(whole), 7):
            client.writer.write(whole[start : start + 7].encode())
            await client.writer.drain()
            await asyncio.sleep(0)
        _, _, document = await client.read()
        assert document["choices"][0]["message"]["content"] == "9/0"


async def test_the_script_comes_before_the_answer():
    script = [rate_limited("2"), overloaded(502), refused(422, "why"), Answer(text="scripted")]
    async with LoopbackServer(script=script) as server, Client(server) as client:
        seen = []
        for _ in range(5):
            client.send(chat())
            seen.append(await client.read())
        assert [status for status, _, _ in seen] == [429, 502, 422, 200, 200]
        assert seen[0][1]["retry-after"] == "2"
        assert seen[2][2]["error"]["message"] == "why"
        assert seen[3][2]["choices"][0]["message"]["content"] == "scripted"
        assert seen[4][2]["choices"][0]["message"]["content"] == "ok"


async def test_what_the_completion_looks_like_is_scripted():
    answer = Answer(
        text="two words",
        honours_n=False,
        usage=False,
        logprob=-0.5,
        finish="length",
        reasoning="because",
    )
    async with LoopbackServer(answer) as server, Client(server) as client:
        document = await client.ask(chat(4, logprobs=True))
        (choice,) = document["choices"]
        assert choice["finish_reason"] == "length"
        assert choice["message"]["reasoning_content"] == "because"
        assert [(t["token"], t["logprob"]) for t in choice["logprobs"]["content"]] == [
            ("two", -0.5),
            (" words", -0.5),
        ]
        assert "usage" not in document
        server.answer = Answer(refusal="no", cached_tokens=2)
        document = await client.ask(chat())
        assert document["choices"][0]["message"] == {
            "role": "assistant",
            "content": None,
            "refusal": "no",
        }
        assert document["usage"]["prompt_tokens_details"] == {"cached_tokens": 2}


async def test_bodies_as_they_are_and_slow_ones():
    async with LoopbackServer(Answer(body=b"7")) as server, Client(server) as client:
        assert await client.ask(chat()) == 7
        server.answer = Answer(text="x" * 100, drip=0.001)
        assert (await client.ask(chat()))["choices"][0]["message"]["content"] == "x" * 100


@pytest.mark.parametrize("length", [0, 10])
async def test_a_cut_connection(length):
    async with LoopbackServer(Answer(cut_after=length)) as server, Client(server) as client:
        client.send(chat())
        assert len(await client.reader.read()) == length


async def test_clients_that_go_away_are_counted():
    async with LoopbackServer(Answer(latency=3600)) as server:
        async with Client(server) as client:
            client.send(chat())
            while not server.requests:  # noqa: ASYNC110 - seen from the client's side
                await asyncio.sleep(0.001)
        await server.idle()
        assert server.counts.abandoned == 1


async def test_closing_ends_what_is_under_way():
    async with LoopbackServer(Answer(latency=3600)) as server:
        client = await Client(server).__aenter__()
        client.send(chat())
        while not server.requests:  # noqa: ASYNC110 - seen from the client's side
            await asyncio.sleep(0.001)
    assert await client.reader.read() == b""
    client.writer.close()


async def test_keys_paths_and_models():
    async with LoopbackServer(api_key="k", models=("a", "b")) as server, Client(server) as client:
        for headers, status in (
            ({}, 401),
            ({"authorization": "Bearer x"}, 401),
            ({"authorization": "Bearer k"}, 200),
            ({"x-api-key": "k"}, 200),
        ):
            client.send(chat(), **headers)
            assert (await client.read())[0] == status
        client.send(path="/v2/nothing", authorization="Bearer k")
        assert (await client.read())[0] == 404
        models = await client.ask(path="/v1/models", method="GET", authorization="Bearer k")
        assert [row["id"] for row in models["data"]] == ["a", "b"]
        assert server.counts.requests == 2


async def test_another_protocol_on_another_path():
    def messages(incoming, answer):
        return Spoken({"content": answer.text_of(incoming, 0)}, 3, 4, 1)

    dialects = {"/v1/messages": messages}
    async with LoopbackServer(dialects=dialects) as server, Client(server) as client:
        assert await client.ask(chat(), path="/v1/messages") == {"content": "ok"}
        assert (server.counts.input_tokens, server.counts.output_tokens) == (3, 4)


@contextmanager
def in_a_process(*arguments):
    """A function that gives the texts for a request to a server of its own."""
    command = [sys.executable, "-m", "lift_sys.testing.loopback", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()

        def said(document):
            request = urllib.request.Request(
                f"{url}/chat/completions", json.dumps(document).encode()
            )
            with urllib.request.urlopen(request) as response:
                choices = json.load(response)["choices"]
            return [choice["message"]["content"] for choice in choices]

        yield said
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


def test_in_a_process_of_its_own():
    with in_a_process("--text", "hi", "--ignore-n") as said:
        assert said(chat(3)) == ["hi"]


def test_texts_go_on_from_one_request_to_the_next():
    with in_a_process("--text", "a", "--text", "b", "--text", "c") as said:
        assert [said(chat(2)), said(chat(2))] == [["a", "b"], ["c", "a"]]


def test_each_stage_has_texts_of_its_own(tmp_path):
    for name in ("spec", "first", "second"):
        (tmp_path / name).write_text(name)
    codes = [part for name in ("first", "second") for part in ("--code-file", tmp_path / name)]
    specify = {"messages": [{"role": "system", "content": f"You turn it {SPECIFIES}, so"}]}
    with in_a_process("--specification-file", tmp_path / "spec", *codes) as said:
        assert [said(chat()), said(specify), said(specify), said(chat()), said(chat())] == [
            ["first"],
            ["spec"],
            ["spec"],
            ["second"],
            ["first"],
        ]
