"""To the server and back: a body out, an answer in, or one of our errors.

Every connection has an HTTP client of its own: what a call costs grows with the pool of connections
that it is sent through, and with 300 in one it took 4 ms of processor time, most of it there.
"""

import ssl
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import httpx2

from lift_sys.model_http import PLAIN, content_of

from .failures import Failures

_ONE = httpx2.Limits(max_connections=1, max_keepalive_connections=1)
_FIXED = {
    **PLAIN,
    "accept": "application/json",
    "content-type": "application/json",
    "user-agent": "lift-sys",
}


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300


class Connections:
    """Made as they are needed, and the one used last is used next: it is warm."""

    def __init__(
        self,
        base_url: str,
        headers: httpx2.Headers,
        failures: Failures,
        *,
        timeout: httpx2.Timeout,
        environment: bool,
    ) -> None:
        """`environment`: whether the variables hold that name proxies and certificates."""
        self._base = base_url.rstrip("/")
        self._headers = httpx2.Headers(_FIXED)
        self._headers.update(headers)
        self._failures = failures
        self._timeout = timeout
        self._environment = environment
        self._urls: dict[str, httpx2.URL] = {}
        self._clients: list[httpx2.AsyncClient] = []
        self._idle: list[httpx2.AsyncClient] = []
        self._trust: ssl.SSLContext | None = None

    async def ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """The answer, whatever its status. Raises ProviderError where none came."""
        with self._client() as client:
            request = httpx2.Request(method, self._to(path), headers=self._headers, content=body)
            try:
                response = await client.send(request, stream=True)
                content = await content_of(response)
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
        try:
            if self._trust is None:
                # Reading the certificates takes longer than a call: once is enough.
                secure = self._base.startswith("https:")
                self._trust = httpx2.create_ssl_context(verify=secure)
            client = httpx2.AsyncClient(
                limits=_ONE,
                timeout=self._timeout,
                verify=self._trust,
                trust_env=self._environment,
                follow_redirects=False,  # the key goes to no other server
            )
        except (ImportError, OSError, ValueError) as error:
            raise self._failures.no_client(error) from None
        self._clients.append(client)
        return client

    def _to(self, path: str) -> httpx2.URL:
        if path not in self._urls:
            try:
                self._urls[path] = httpx2.URL(self._base + path)
            except httpx2.InvalidURL as error:
                raise self._failures.no_client(error) from None
        return self._urls[path]
