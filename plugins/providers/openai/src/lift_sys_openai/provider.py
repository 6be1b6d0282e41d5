"""The provider: one HTTP call for each request."""

import asyncio
import os
from collections.abc import Sequence
from urllib.parse import urlsplit

from lift_sys.errors import ProviderError, RequestRejected
from lift_sys.interfaces import Capabilities, Health, Parts, Reply, Request
from lift_sys.secrecy import Blotter, CleanLogs, sendable

from .exchange import FIXED, Server, Way
from .failures import Failures
from .plugin import OPENAI_URL, OpenAIOptions
from .remedies import remedied
from .ways import way_to
from .wire import Encoder, NoReply, reply_of

_CONNECT_SECONDS = 30.0
LOGGERS = (
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
)
_ACCOUNT = {"openai-organization": "OPENAI_ORG_ID", "openai-project": "OPENAI_PROJECT_ID"}
"""Headers and the variables that they are read from, by the names that the vendor gave them."""


def create(options: OpenAIOptions, parts: Parts) -> "OpenAIProvider":
    return OpenAIProvider(options)


class OpenAIProvider:
    def __init__(self, options: OpenAIOptions) -> None:
        self._options = options
        self._where = urlsplit(options.base_url).netloc
        self._encoder = Encoder(options)
        self._way: Way | None = None
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
            answer = await self._connected().ask("GET", "/models")
            if answer.status == 404:
                return Health(ok=True, detail=f"{self._where} answers; it lists no models")
            if not answer.fine:
                return Health(ok=False, detail=str(self._failures.refused(*answer)))
            listed = [str(row["id"]) for row in self._failures.document(answer.content)["data"]]
        except ProviderError as error:
            return Health(ok=False, detail=str(error))
        except (KeyError, TypeError):
            return Health(ok=False, detail=f"{self._where} sent what is no list of models")
        if self._options.model in listed:
            return Health(ok=True, detail=f"{self._where} serves {self._options.model}")
        # Not an error: gateways and aliases serve models that they do not list.
        return Health(ok=True, detail=f"{self._where} answers; {self._options.model} is not listed")

    async def aclose(self) -> None:
        way, self._way = self._way, None
        if way is not None:
            await way.aclose()
            self._logs.end()

    async def _one(self, request: Request) -> Reply | ProviderError:
        try:
            return await self._asked(request)
        except ProviderError as error:
            return error

    async def _asked(self, request: Request) -> Reply | ProviderError:
        body, ignored = self._encoder.encode(request)
        answer = await self._connected().ask("POST", "/chat/completions", body)
        if not answer.fine:
            return remedied(self._failures.refused(*answer))
        document = self._failures.document(answer.content)
        error = self._failures.in_document(document)
        if error is not None:
            return error
        try:
            return reply_of(document, request, ignored, self._options.model, self._failures.blot)
        except NoReply:
            return self._failures.garbled("no chat completion", answer.content)

    def _connected(self) -> Way:
        """Made at the first use: that is when the key is looked up."""
        if self._way is None:
            options = self._options
            given = options.api_key
            key = given.get_secret_value() if given else _variable("OPENAI_API_KEY")
            headers = {
                name.lower(): value.get_secret_value() for name, value in options.headers.items()
            }
            clean = Blotter((key, *headers.values()))
            self._failures = Failures(self._where, clean)
            if not key and options.base_url == OPENAI_URL:
                raise self._failures.no_key("there is no key")
            if not sendable(key):
                raise self._failures.no_key("OPENAI_API_KEY holds what is no key")
            server = Server(
                options.base_url.rstrip("/"),
                {**FIXED, **self._account(key), **headers},
                min(_CONNECT_SECONDS, options.timeout),
                options.timeout,
            )
            self._way = way_to(server, self._failures)
            self._logs = CleanLogs(clean, LOGGERS)
            self._logs.begin()
        return self._way

    def _account(self, key: str) -> dict[str, str]:
        said = {header: _variable(name) for header, name in _ACCOUNT.items()}
        if self._options.organization:
            said["openai-organization"] = self._options.organization
        if key:  # servers of one's own ask for none
            said["authorization"] = f"Bearer {key}"
        for header, value in said.items():
            if not sendable(value):
                raise RequestRejected(
                    f"{_ACCOUNT[header]} holds what no HTTP header can carry",
                    remedy="set the variable anew, or unset it",
                )
        return {header: value for header, value in said.items() if value}


def _variable(name: str) -> str:
    return os.environ.get(name, "").strip()
