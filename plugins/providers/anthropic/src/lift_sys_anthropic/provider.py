"""The provider: one HTTP call for each request, or a place in a batch."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2

from lift_sys.errors import ProviderError, RequestRejected
from lift_sys.interfaces import Capabilities, Health, Parts, Price, Reply, Request

from .batches import Batches
from .calls import BatchCalls, failure
from .channel import Channel
from .journal import Journal
from .plugin import ANTHROPIC_URL, AnthropicOptions
from .stream import told
from .wire import Encoder, reply_of

_HALF = 0.5
_TO_MAKE_AND_READ = 600.0
"""Seconds for a batch beside those in which it is waited for."""


def create(options: AnthropicOptions, parts: Parts) -> "AnthropicProvider":
    return AnthropicProvider(options)


class AnthropicProvider:
    def __init__(self, options: AnthropicOptions) -> None:
        self._options = options
        self._encoder = Encoder(options)
        self._channel = Channel(options)
        self._batches = Batches(
            BatchCalls(self._channel, poll=options.poll, wait=options.wait),
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
            vendor=urlsplit(options.base_url).hostname or "",
            batch=options.batch,
            timeout=_longest(options) if options.batch else None,
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
            blot = self._channel.failures.blot
            reply = reply_of(message, request, ignored, self._options.model, blot)
            return reply.model_copy(update={"batch": True}) if self._options.batch else reply
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


def _price(options: AnthropicOptions) -> Price | None:
    """The vendor's batches cost half, where a person says nothing else."""
    price = options.price
    if price is None or not options.batch or "batch" in price.model_fields_set:
        return price
    return price.model_copy(update={"batch": _HALF})


def _longest(options: AnthropicOptions) -> float:
    """A batch is given up by itself before that, with a better word than the core's."""
    return options.gather + options.wait + 2 * options.poll + _TO_MAKE_AND_READ
