"""The provider: one HTTP call for each request, through the SDK's client.

Bodies and replies are turned by us and not by the SDK's models: half the processor time a call.
"""

import asyncio
import os
from collections.abc import Sequence
from urllib.parse import urlsplit

import httpx2
import openai

from lift_sys.errors import ProviderError
from lift_sys.interfaces import Capabilities, Health, Parts, Reply, Request
from lift_sys.model_http import is_here
from lift_sys.secrecy import Blotter, CleanLogs, sendable

from .failures import Failures
from .plugin import OPENAI_URL, OpenAIOptions
from .pools import NoClient, Pools
from .remedies import remedied
from .wire import Encoder, NoReply, reply_of

_CONNECT_SECONDS = 30.0
LOGGERS = (
    "openai",
    "openai._base_client",
    "openai._response",
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
)
_NO_KEY = "no-key"  # the SDK insists on one; servers of one's own ask for none


def create(options: OpenAIOptions, parts: Parts) -> "OpenAIProvider":
    return OpenAIProvider(options)


class OpenAIProvider:
    def __init__(self, options: OpenAIOptions) -> None:
        self._options = options
        self._where = urlsplit(options.base_url).netloc
        self._encoder = Encoder(options)
        self._pools: Pools | None = None
        self._failures = Failures(self._where, Blotter())
        self._logs = CleanLogs(Blotter(), LOGGERS)

    def capabilities(self) -> Capabilities:
        options = self._options
        return Capabilities(
            model=options.model,
            n=options.n,
            in_flight=options.in_flight,
            seed=options.seed,
            logprobs=options.logprobs,
            temperature=options.temperature,
            reasoning=options.reasoning,
            constraints=frozenset(
                {"json_schema"} if options.structured == "json_schema" else set()
            ),
            dialect=options.dialect,
            price=options.price,
            vendor=urlsplit(options.base_url).hostname or "",
        )

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        if len(requests) == 1:
            return [await self._one(requests[0])]
        return await asyncio.gather(*map(self._one, requests))

    async def health(self) -> Health:
        try:
            with self._connected().client() as client:
                response = await client.get("/models", cast_to=httpx2.Response)
            listed = [str(row["id"]) for row in self._failures.document(response.content)["data"]]
        except openai.NotFoundError:
            return Health(ok=True, detail=f"{self._where} answers; it lists no models")
        except openai.OpenAIError as error:
            return Health(ok=False, detail=str(self._failures.of(error)))
        except ProviderError as error:
            return Health(ok=False, detail=str(error))
        except NoClient as error:
            return Health(ok=False, detail=str(self._failures.no_client(error)))
        except (KeyError, TypeError):
            return Health(ok=False, detail=f"{self._where} sent what is no list of models")
        if self._options.model in listed:
            return Health(ok=True, detail=f"{self._where} serves {self._options.model}")
        # Not an error: gateways and aliases serve models that they do not list.
        return Health(ok=True, detail=f"{self._where} answers; {self._options.model} is not listed")

    async def aclose(self) -> None:
        pools, self._pools = self._pools, None
        if pools is not None:
            await pools.aclose()
            self._logs.end()

    async def _one(self, request: Request) -> Reply | ProviderError:
        try:
            return await self._asked(request)
        except openai.OpenAIError as error:
            return remedied(self._failures.of(error))
        except NoClient as error:
            return self._failures.no_client(error)
        except ProviderError as error:
            return error

    async def _asked(self, request: Request) -> Reply | ProviderError:
        body, ignored = self._encoder.encode(request)
        with self._connected().client() as client:
            response = await client.post("/chat/completions", cast_to=httpx2.Response, content=body)
        document = self._failures.document(response.content)
        error = self._failures.in_document(document)
        if error is not None:
            return error
        try:
            return reply_of(document, request, ignored, self._options.model, self._failures.blot)
        except NoReply:
            return self._failures.garbled("no chat completion", response.content)

    def _connected(self) -> Pools:
        """Made at the first use: that is when the key is looked up."""
        if self._pools is None:
            options = self._options
            given = options.api_key
            key = (
                given.get_secret_value() if given else os.environ.get("OPENAI_API_KEY", "").strip()
            )
            headers = {name: value.get_secret_value() for name, value in options.headers.items()}
            clean = Blotter((key, *headers.values()))
            self._failures = Failures(self._where, clean)
            if not key and options.base_url == OPENAI_URL:
                raise self._failures.no_key("there is no key")
            if not sendable(key):
                raise self._failures.no_key("OPENAI_API_KEY holds what is no key")
            timeout = httpx2.Timeout(
                options.timeout, connect=min(_CONNECT_SECONDS, options.timeout)
            )

            def connect(http: httpx2.AsyncClient) -> openai.AsyncOpenAI:
                return openai.AsyncOpenAI(
                    api_key=key or _NO_KEY,
                    base_url=options.base_url,
                    organization=options.organization,
                    timeout=timeout,
                    max_retries=0,
                    default_headers=headers,
                    http_client=http,
                )

            self._logs = CleanLogs(clean, LOGGERS)
            self._logs.begin()
            self._pools = Pools(
                connect,
                secure=options.base_url.startswith("https:"),
                environment=not is_here(options.base_url),
            )
        return self._pools
