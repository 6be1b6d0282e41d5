"""Past the proxies that the environment names, by httpx2's client.

Every connection has a client of its own: what a call costs grows with the pool of connections that
it is sent through, and with 300 in one it took 4 ms of processor time, most of it there.
"""

import ssl
from collections.abc import Generator
from contextlib import contextmanager

import httpx2

from lift_sys.model_http import content_of

from .exchange import Answer, Server
from .failures import Failures

_ONE = httpx2.Limits(max_connections=1, max_keepalive_connections=1)


class Proxied:
    def __init__(self, server: Server, failures: Failures) -> None:
        self._server = server
        self._failures = failures
        self._headers = httpx2.Headers(dict(server.headers))
        self._clients: list[httpx2.AsyncClient] = []
        self._idle: list[httpx2.AsyncClient] = []
        self._trust: ssl.SSLContext | None = None

    async def ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        with self._client() as client:
            url = self._server.base_url + path
            try:
                request = httpx2.Request(method, url, headers=self._headers, content=body)
                response = await client.send(request, stream=True)
                content = await content_of(response)
            except httpx2.InvalidURL as error:
                raise self._failures.no_client(error) from None
            except httpx2.TimeoutException as error:
                raise self._failures.silent(error) from None
            except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
                raise self._failures.unconnected(error) from None
        return Answer(response.status_code, response.headers, content)

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    @contextmanager
    def _client(self) -> Generator[httpx2.AsyncClient]:
        client = self._idle.pop() if self._idle else self._one_more()
        try:
            yield client
        finally:
            self._idle.append(client)

    def _one_more(self) -> httpx2.AsyncClient:
        server = self._server
        try:
            if self._trust is None:
                # Reading the certificates takes longer than a call: once is enough.
                self._trust = httpx2.create_ssl_context(verify=server.secure)
            client = httpx2.AsyncClient(
                limits=_ONE,
                timeout=httpx2.Timeout(server.silent_seconds, connect=server.connect_seconds),
                verify=self._trust,
                follow_redirects=False,  # the key goes to no other server
            )
        except (ImportError, OSError, ValueError) as error:
            raise self._failures.no_client(error) from None
        self._clients.append(client)
        return client
