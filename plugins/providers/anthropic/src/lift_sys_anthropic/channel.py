"""To the server and back through the SDK's client: bytes, or one of our errors.

Bodies and replies are turned by us and not by the SDK's models: less processor time a call, and
its Messages class no longer takes all that older models know. The SDK takes seconds to import, so
that waits for the first call.
"""

import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2

from lift_sys.model_http import PLAIN, is_here, received
from lift_sys.secrecy import Blotter, CleanLogs, sendable

from .failures import Failures
from .plugin import ANTHROPIC_URL, AnthropicOptions

if TYPE_CHECKING:
    import anthropic

LOGGERS = (
    "anthropic",
    "anthropic._base_client",
    "anthropic._response",
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
)
_CONNECT_SECONDS = 30.0
_MOST_CONNECTIONS = 100
_RESULTS = "/results"
_MOST_RESULTS = 2**30
"""Bytes of all the replies of a batch."""
_NO_KEY = "no-key"  # the SDK would look for one elsewhere; servers of one's own ask for none


class _Client(httpx2.AsyncClient):
    async def send(self, request: httpx2.Request, **how: Any) -> httpx2.Response:
        if request.url.path.endswith(_RESULTS):
            return await received(super().send, request, how, _MOST_RESULTS)
        return await received(super().send, request, how)


class Channel:
    def __init__(self, options: AnthropicOptions) -> None:
        self._options = options
        self.where = urlsplit(options.base_url).netloc
        self.failures = Failures(self.where, Blotter())
        self._client: anthropic.AsyncAnthropic | None = None
        self._logs = CleanLogs(Blotter(), LOGGERS)

    async def post(self, path: str, body: bytes) -> httpx2.Response:
        return await self._answer(
            lambda client: client.post(path, cast_to=httpx2.Response, content=body)
        )

    async def get(self, path: str) -> httpx2.Response:
        return await self._answer(lambda client: client.get(path, cast_to=httpx2.Response))

    async def aclose(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()
            self._logs.end()

    async def _answer(
        self, call: "Callable[[anthropic.AsyncAnthropic], Awaitable[httpx2.Response]]"
    ) -> httpx2.Response:
        import anthropic

        try:
            return await call(self._connected())
        except anthropic.AnthropicError as error:
            raise self.failures.of(error) from None

    def _connected(self) -> "anthropic.AsyncAnthropic":
        """Made at the first use: that is when the key is looked up."""
        import anthropic

        if self._client is None:
            options = self._options
            given = options.api_key
            key = (
                given.get_secret_value()
                if given
                else os.environ.get("ANTHROPIC_API_KEY", "").strip()
            )
            headers = {name: value.get_secret_value() for name, value in options.headers.items()}
            clean = Blotter((key, *headers.values(), *_headers_of_the_sdk()))
            self.failures = Failures(self.where, clean)
            if not key and options.base_url == ANTHROPIC_URL:
                raise self.failures.no_key("there is no key")
            if not sendable(key):
                raise self.failures.no_key("ANTHROPIC_API_KEY holds what is no key")
            at_once = min(options.at_once, _MOST_CONNECTIONS)
            timeout = httpx2.Timeout(
                options.timeout,
                connect=min(_CONNECT_SECONDS, options.timeout),
                pool=None,
            )
            limits = httpx2.Limits(max_connections=at_once, max_keepalive_connections=at_once)
            try:
                http = _Client(
                    limits=limits,
                    verify=options.base_url.startswith("https:"),
                    trust_env=not is_here(options.base_url),
                    headers=PLAIN,
                    follow_redirects=False,  # the key goes to no other server
                )
            except (ImportError, OSError, ValueError) as error:
                raise self.failures.no_client(error) from None
            self._client = anthropic.AsyncAnthropic(
                api_key=key or _NO_KEY,
                base_url=options.base_url,
                timeout=timeout,
                max_retries=0,
                default_headers=headers,
                open_telemetry=False,  # the core's observers trace calls, once for all providers
                http_client=http,
            )
            self._logs = CleanLogs(clean, LOGGERS)
            self._logs.begin()
        return self._client


def _headers_of_the_sdk() -> list[str]:
    """It adds them by itself, and a server may tell them back."""
    lines = os.environ.get("ANTHROPIC_CUSTOM_HEADERS", "").split("\n")
    return [line.partition(":")[2].strip() for line in lines]
