"""A small HTTP/1.1 server over asyncio: keep-alive, scripted, quick enough to be no bottleneck."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from http import HTTPStatus
from types import TracebackType
from typing import Any, cast

from .answers import Answer, Counts, Dialect, Incoming, Spoken
from .chat import chat_completion
from .messages import message

_DRIPS = 10
_MUCH = 2**20
_REQUESTS_KEPT = 1000
_HEAD_END = b"\r\n\r\n"
_MODELS = "/v1/models"
_PHRASED = frozenset(map(int, HTTPStatus))
"""Vendors send others too, such as 529."""


class LoopbackServer:
    """Answers by `script` while it lasts, then by `answer`; both may be changed at any time."""

    def __init__(
        self,
        answer: Answer | Callable[[Incoming], Answer] | None = None,
        *,
        script: Iterable[Answer] = (),
        models: tuple[str, ...] = ("loopback",),
        api_key: str | None = None,
        dialects: Mapping[str, Dialect] | None = None,
        port: int = 0,
    ) -> None:
        self.answer = Answer() if answer is None else answer
        self.script = deque(script)
        self.models = models
        self.api_key = api_key
        self.dialects = {
            "/v1/chat/completions": chat_completion,
            "/v1/messages": message,
            **(dialects or {}),
        }
        self.counts = Counts()
        self.requests: deque[Incoming] = deque(maxlen=_REQUESTS_KEPT)
        self._port = port
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    async def __aenter__(self) -> "LoopbackServer":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self, self._connections), "127.0.0.1", self._port, backlog=1024
        )
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        works = [connection.abort() for connection in self._connections]
        await asyncio.gather(*filter(None, works), return_exceptions=True)
        await asyncio.sleep(0)  # the transports close one turn of the loop after their abort
        await self._server.wait_closed()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """Base URL as OpenAI clients want it."""
        return f"{self.origin}/v1"

    async def idle(self) -> None:
        """Waits until no request is under way."""
        await self._idle.wait()

    def begin(self) -> None:
        self.counts.in_flight += 1
        self.counts.peak = max(self.counts.peak, self.counts.in_flight)
        self._idle.clear()

    def end(self) -> None:
        self.counts.in_flight -= 1
        if not self.counts.in_flight:
            self._idle.set()

    def respond(self, incoming: Incoming) -> tuple[Answer, bytes]:
        """The answer to a request and the body it is given in."""
        if incoming.path == "/stats":
            return _say(asdict(self.counts))
        if self._stranger(incoming):
            return self._refuse(incoming, 401, "Incorrect API key provided", "invalid_api_key")
        if incoming.path.startswith(_MODELS) and incoming.method == "GET":
            return self._models(incoming)
        dialect = self._dialect(incoming.path)
        if dialect is None:
            return self._refuse(incoming, 404, f"no such path: {incoming.path}", "not_found")
        self.counts.requests += 1
        self.requests.append(incoming)
        answer = self._next(incoming)
        spoken = dialect(incoming, answer)
        self._bill(spoken)
        if answer.body is not None:
            return answer, answer.body
        headers = {"content-type": spoken.content_type, **answer.headers}
        answer = replace(answer, status=spoken.status or answer.status, headers=headers)
        return answer, spoken.encoded()

    def _models(self, incoming: Incoming) -> tuple[Answer, bytes]:
        answer = self._next(incoming)
        if answer.status >= 400:
            return self._refuse(incoming, answer.status, answer.message, answer.code)
        rows = [{"id": model, "object": "model"} for model in self.models]
        named = incoming.path.removeprefix(_MODELS).removeprefix("/")
        if not named:
            return _say({"object": "list", "data": rows})
        if named not in self.models:
            return self._refuse(incoming, 404, f"no such model: {named}", "not_found")
        return _say(rows[self.models.index(named)])

    def _dialect(self, path: str) -> Dialect | None:
        """Of this path, or of the folder that it is in."""
        return self.dialects.get(path) or next(
            (
                dialect
                for folder, dialect in self.dialects.items()
                if folder.endswith("/") and path.startswith(folder)
            ),
            None,
        )

    def _next(self, incoming: Incoming) -> Answer:
        if self.script:
            return self.script.popleft()
        return self.answer(incoming) if callable(self.answer) else self.answer

    def _stranger(self, incoming: Incoming) -> bool:
        if self.api_key is None:
            return False
        given = incoming.headers.get("authorization", incoming.headers.get("x-api-key", ""))
        return given.removeprefix("Bearer ") != self.api_key

    def _refuse(
        self, incoming: Incoming, status: int, message: str, code: str | None
    ) -> tuple[Answer, bytes]:
        answer = Answer(status=status, message=message, code=code)
        dialect = self._dialect(incoming.path) or chat_completion
        return answer, json.dumps(dialect(incoming, answer).document).encode()

    def _bill(self, spoken: Spoken) -> None:
        self.counts.completions += spoken.completions
        self.counts.input_tokens += spoken.input_tokens
        self.counts.output_tokens += spoken.output_tokens


def _say(document: Mapping[str, Any]) -> tuple[Answer, bytes]:
    return Answer(), json.dumps(document).encode()


class _Connection(asyncio.Protocol):
    """One client: takes requests one after another, as HTTP/1.1 has it."""

    def __init__(self, server: LoopbackServer, peers: "set[_Connection]") -> None:
        self._server = server
        self._peers = peers
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._work: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._peers.add(self)
        self._server.counts.connections += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self._peers.discard(self)
        if self._work is not None:
            self._server.counts.abandoned += 1
            self._work.cancel()

    def abort(self) -> asyncio.Task[None] | None:
        """Closes the connection; the task to wait for, where it was serving a request."""
        if self._transport is not None:
            self._transport.abort()
        return self._work

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._advance()

    def _advance(self) -> None:
        if self._work is not None or self._transport is None:
            return
        end = self._buffer.find(_HEAD_END)
        if end < 0:
            return
        lines = self._buffer[:end].decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        pairs = (line.partition(":") for line in lines[1:])
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        start = end + len(_HEAD_END)
        length = int(headers.get("content-length", "0"))
        if len(self._buffer) < start + length:
            return
        body = bytes(self._buffer[start : start + length])
        del self._buffer[: start + length]
        incoming = Incoming(method, path.partition("?")[0], headers, _document(body))
        self._work = asyncio.get_running_loop().create_task(self._serve(self._transport, incoming))

    async def _serve(self, transport: asyncio.Transport, incoming: Incoming) -> None:
        self._server.begin()
        try:
            answer, body = self._server.respond(incoming)
            if answer.until is not None:
                await answer.until.wait()
            if answer.latency:
                await asyncio.sleep(answer.latency)
            await _send(transport, answer, body)
        except Exception:
            transport.abort()  # a test's own function raised: its client must not wait for ever
            raise
        finally:
            self._server.end()
        self._work = None
        self._advance()


async def _send(transport: asyncio.Transport, answer: Answer, body: bytes) -> None:
    head = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}"]
    headers = {"content-type": "application/json"}
    if not answer.endless:
        headers["content-length"] = str(len(body))
    head += [f"{name}: {value}" for name, value in {**headers, **answer.headers}.items()]
    data = "\r\n".join(head).encode("latin-1") + _HEAD_END + body
    if answer.cut_after is not None:
        transport.write(data[: answer.cut_after])
        transport.close()
    elif answer.endless:
        transport.write(data)
        while not transport.is_closing():
            if transport.get_write_buffer_size() < _MUCH:
                transport.write(body)
            await asyncio.sleep(0)
    elif answer.drip:
        size = max(1, -(-len(data) // _DRIPS))
        for start in range(0, len(data), size):
            transport.write(data[start : start + size])
            await asyncio.sleep(answer.drip)
    else:
        transport.write(data)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in _PHRASED else "Overloaded"


def _document(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    return cast("Mapping[str, Any]", document) if isinstance(document, dict) else {}
