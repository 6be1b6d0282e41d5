"""Straight to the server: HTTP/1.1 by h11 over asyncio, one request after another on a connection.

An HTTP client's layers around the same parser cost four times as much of the processor.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

import h11

from lift_sys.model_http import Bounded, refuse_packed

from .exchange import Answer, Server
from .failures import Failures

_KEPT_SECONDS = 5.0
"""For which an idle connection is used again; servers close theirs some time later."""
_LONGEST_HEAD = 100 * 1024
_STAGGER_SECONDS = 0.25


class _Cut(OSError):
    """The connection ended before the answer did."""


class _Wire(asyncio.Protocol):
    """A connection. What comes while nothing was asked ends it."""

    def __init__(self) -> None:
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        self._transport: asyncio.Transport | None = None
        self._news: asyncio.Future[None] | None = None
        self._lost: Exception | None = None
        self._asked = False
        self._until = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._asked:
            self._state.receive_data(data)
            self._wake()
        else:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is None and self._asked:
            self._state.receive_data(b"")
        self._lost = exc or _Cut("the server closed the connection")
        self._wake()

    @property
    def warm(self) -> bool:
        """Whether another request may be sent on it."""
        free = not self._asked and self._lost is None and not self._closing
        return free and time.monotonic() < self._until

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    async def ask(self, request: h11.Request, body: bytes | None, seconds: float) -> Answer:
        """`seconds`: for which the server may be silent. Afterwards see whether it is `warm`."""
        self._asked = True
        assert self._transport is not None
        self._transport.write(self._sent(request, body))
        status, headers, content = 0, dict[str, str](), Bounded()
        while True:
            event = await self._event(seconds)
            if isinstance(event, h11.Response):
                status, headers = event.status_code, _told(event)
                refuse_packed(headers)
            elif isinstance(event, h11.Data):
                content.add(event.data)
            elif isinstance(event, h11.EndOfMessage):
                break
            elif not isinstance(event, h11.InformationalResponse):
                raise _Cut("the server closed the connection")
        self._rest()
        return Answer(status, headers, content.whole)

    def _sent(self, request: h11.Request, body: bytes | None) -> bytes:
        events = (request, *(() if body is None else (h11.Data(body),)), h11.EndOfMessage())
        return b"".join(self._state.send(event) or b"" for event in events)

    async def _event(self, seconds: float) -> object:
        while (event := self._state.next_event()) is h11.NEED_DATA:
            if self._lost is not None:
                raise self._lost
            self._news = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(seconds):
                await self._news
        return event

    def _rest(self) -> None:
        """Until the next request, if the server bears one."""
        done = self._state.our_state is self._state.their_state is h11.DONE
        if done and not self._state.trailing_data[0]:
            self._state.start_next_cycle()
            self._asked = False
            self._until = time.monotonic() + _KEPT_SECONDS

    @property
    def _closing(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


class Direct:
    def __init__(
        self, server: Server, failures: Failures, trust: ssl.SSLContext | None = None
    ) -> None:
        """`trust`: whose certificates are believed, for a server by https."""
        self._server = server
        self._failures = failures
        self._trust = trust
        self._wires: set[_Wire] = set()
        self._idle: list[_Wire] = []
        try:
            self._host, self._port, authority, self._path = _address(server)
        except ValueError as error:
            raise failures.no_client(error) from None
        self._headers = {"host": authority, **server.headers}

    async def ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        headers = (
            self._headers if body is None else self._headers | {"content-length": str(len(body))}
        )
        request = h11.Request(
            method=method, target=self._path + path, headers=list(headers.items())
        )
        wire = self._warm() or await self._connect()
        try:
            answer = await wire.ask(request, body, self._server.silent_seconds)
        except TimeoutError as error:
            raise self._failures.silent(error) from None
        except (OSError, h11.ProtocolError) as error:
            raise self._failures.unconnected(error) from None
        finally:
            if wire.warm:
                self._idle.append(wire)
            else:
                self._end(wire)
        return answer

    async def aclose(self) -> None:
        for wire in tuple(self._wires):
            self._end(wire)
        await asyncio.sleep(0)  # sockets are closed one turn of the loop later

    def _warm(self) -> _Wire | None:
        """The last one used: if that is cold, so are the others."""
        while self._idle:
            wire = self._idle.pop()
            if wire.warm:
                return wire
            self._end(wire)
        return None

    def _end(self, wire: _Wire) -> None:
        wire.abort()
        self._wires.discard(wire)

    async def _connect(self) -> _Wire:
        try:
            async with asyncio.timeout(self._server.connect_seconds):
                _, wire = await asyncio.get_running_loop().create_connection(
                    _Wire,
                    self._host,
                    self._port,
                    ssl=self._trust,
                    happy_eyeballs_delay=_STAGGER_SECONDS,
                )
        except TimeoutError as error:
            raise self._failures.silent(error, sent=False) from None
        except OSError as error:
            raise self._failures.unconnected(error, sent=False) from None
        self._wires.add(wire)
        return wire


def _address(server: Server) -> tuple[str, int, str, str]:
    """Host and port, how the host is named in a request, and the path before that of a call."""
    parts = urlsplit(server.base_url)
    host = (parts.hostname or "").encode("idna").decode()
    port = parts.port or (443 if server.secure else 80)
    named = f"[{host}]" if ":" in host else host
    authority = named if parts.port is None else f"{named}:{parts.port}"
    return host, port, authority, quote(parts.path, safe="/%:@!$&'()*+,;=~")


def _told(event: h11.Response) -> Mapping[str, str]:
    return {name.decode("ascii"): value.decode("latin-1") for name, value in event.headers}
