"""Local servers: asked, and never waited for."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing

import pytest

from lift_sys.health import servers
from lift_sys.health.servers import Server
from lift_sys.testing.loopback import LoopbackServer


def port_of(server: LoopbackServer) -> int:
    return int(server.origin.rpartition(":")[2])


async def found(*ports: int):
    asked = [Server(f"server {port}", port, "start it") for port in ports]
    return await asyncio.to_thread(lambda: list(servers.find(asked)))


async def test_a_server_is_told_with_its_models_and_how_to_use_it():
    async with LoopbackServer(models=("one", "two", "three", "four")) as server:
        (finding,) = await found(port_of(server))
    assert finding.state == "ok"
    assert finding.detail == "serves one, two, three and 1 more"
    assert f"base_url: {server.url}, model: one" in finding.remedy


@asynccontextmanager
async def saying(body: bytes, cut_after: int | None) -> AsyncGenerator[int]:
    """The port of a server that says this to whatever it is asked."""
    said = (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)[:cut_after]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    ("body", "cut_after", "told"),
    [
        (b"<html>", None, "something else listens there"),
        (b"[1]", None, "something else listens there"),
        (b'{"data": 3}', None, "something else listens there"),
        (b'{"object": "list", "data": null}', None, "it answers, and has no model"),
        (b'{"data": []}', 10, "what listens there does not answer"),
        (b'{"data": []}', -4, "something else listens there"),
    ],
)
async def test_what_serves_no_model_is_told_with_how_to_start_one(
    body: bytes, cut_after: int | None, told: str
):
    async with saying(body, cut_after) as port:
        (finding,) = await found(port)
    assert finding.state == "absent"
    assert told in finding.detail
    assert finding.remedy == "start it"


async def test_nobody_waits_for_one_that_says_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(servers, "_SECONDS", 0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        with closing(socket.create_server(("127.0.0.1", 0))) as gone:
            closed = gone.getsockname()[1]
        first, second = await found(silent.getsockname()[1], closed)
    assert "not answer" in first.detail
    assert second.detail == "nothing listens there"
    assert {first.state, second.state} == {"absent"}
