"""The provider: one HTTP call for each request, or a place in a batch."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2

from lift_sys.errors import ProviderError, RequestRejected
from lift_sys.interfaces import Capabilities, Health, Parts, Price, Reply, Request
from lift_sys.pipeline.pricing import PriceList

from .batches import Batches
from .calls import BatchCalls, failure
from .channel import Channel
from .journal import Journal
from .plugin import ANTHROPIC_URL, AnthropicOptions
from .stream import told
from .wire import Encoder, reply_of

_HALF = 0.5


def create(options: AnthropicOptions, parts: Parts) -> "AnthropicProvider":
    return AnthropicProvider(options)


class AnthropicProvider:
    def __init__(self, options: AnthropicOptions) -> None:
        self._options = options
        self._encoder = Encoder(options)
        self._channel = Channel(options)
        self._batches = Batches(
            BatchCalls(self._channel, poll=options.poll),
            Journal(options.journal, options.base_url),
            gather=options.gather,
        )
        self._price = _price(options)

    def capabilities(self) -> Capabilities:
        options = self._options
        return Capabilities(
            model=options.model,
            in_flight=options.at_once,
            temperature=options.temperature,
            constraints=frozenset(
                {"json_schema"} if options.structured == "json_schema" else set()
            ),
            reasoning=options.thinking not in (None, "disabled"),
            dialect=options.dialect,
            price=self._price,
            vendor=_vendor(options),
        )

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        if len(requests) == 1:
            return [await self._one(requests[0])]
        return await asyncio.gather(*map(self._one, requests))

    async def health(self) -> Health:
        where, model = self._channel.where, self._options.model
        try:
            response = await self._channel.get(f"/v1/models/{quote(model, safe='')}")
            self._channel.failures.document(response.content)
        except RequestRejected as error:
            # Gateways of one's own need not know the list of models.
            own = self._options.base_url != ANTHROPIC_URL
            detail = f"{where} answers; it does not know of {model}" if own else str(error)
            return Health(ok=own, detail=detail)
        except ProviderError as error:
            return Health(ok=False, detail=str(error))
        return Health(ok=True, detail=f"{where} serves {model}")

    async def aclose(self) -> None:
        await self._batches.aclose()
        await self._channel.aclose()

    async def _one(self, request: Request) -> Reply | ProviderError:
        try:
            body, ignored = self._encoder.encode(request)
            if self._options.batch:
                message = await self._from_batch(body)
            else:
                message = self._message(await self._channel.post("/v1/messages", body))
        except ProviderError as error:
            return error
        try:
            return reply_of(message, request, ignored, self._options.model, self._price)
        except ValueError as error:
            return self._channel.failures.garbled(str(error), json.dumps(message).encode())

    async def _from_batch(self, body: bytes) -> Mapping[str, Any]:
        result = await self._batches.ask(body)
        if result.get("type") != "succeeded":
            raise failure(result, self._channel.failures)
        return result.get("message") or {}

    def _message(self, response: httpx2.Response) -> Mapping[str, Any]:
        failures = self._channel.failures
        if not response.headers.get("content-type", "").startswith("text/event-stream"):
            document = failures.document(response.content)
            if document.get("type") == "error":
                raise failures.told(document)
            return document
        try:
            stream = told(response.content)
        except ValueError as error:
            raise failures.garbled(str(error), response.content) from None
        if stream.error is not None:
            raise failures.told(stream.error, lost=bool(stream.message.get("id")))
        if not stream.whole:
            raise failures.cut()
        return stream.message


def _vendor(options: AnthropicOptions) -> str:
    return urlsplit(options.base_url).hostname or ""


def _price(options: AnthropicOptions) -> Price | None:
    """With `batch`, that of a batch: the core's list says what calls of their own cost."""
    price = options.price
    if not options.batch:
        return price
    if price is None:
        listed = PriceList().find(_vendor(options), options.model)
        return None if listed is None else listed.in_batch()
    stated = "batch" in price.model_fields_set
    return (price if stated else price.model_copy(update={"batch": _HALF})).in_batch()
