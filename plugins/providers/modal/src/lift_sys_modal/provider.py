"""The provider: one call of the deployed class for each request."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from modal import exception

from lift_sys.errors import ProviderError
from lift_sys.interfaces import Capabilities, Health, Parts, Reply, Request
from lift_sys.model_http import document_of

from .calls import Calls, Connection
from .failures import Failures
from .plugin import ModalOptions
from .serving import EngineFailed
from .wire import REMEDY, body_of, reply_of

_HEALTH_SECONDS = 20.0
_TO_CONNECT_AND_GIVE_UP = 60.0


def create(options: ModalOptions, parts: Parts) -> "ModalProvider":
    return ModalProvider(options)


class ModalProvider:
    def __init__(self, options: ModalOptions) -> None:
        self._options = options
        connection = Connection(options)
        self._calls = Calls(options, connection)
        self._failures = Failures(options, connection.clean)
        adapter = f"+{options.adapter}" if options.adapter else ""
        self._model = options.model + adapter

    def capabilities(self) -> Capabilities:
        options = self._options
        return Capabilities(
            model=self._model,
            n=options.n,
            in_flight=options.in_flight,
            seed=True,
            logprobs=True,
            constraints=frozenset({"json_schema", "regex", "grammar"}),
            dialect=options.dialect,
            price=options.price,
            timeout=options.timeout + _TO_CONNECT_AND_GIVE_UP,
        )

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        return await asyncio.gather(*map(self._one, requests))

    async def health(self) -> Health:
        """A container is asked only where one is up: to start one costs money."""
        try:
            await self._calls.find()
            runners = await self._calls.runners()
            if not runners:
                detail = "deployed; no container is up, so the first call waits for a cold start"
                return Health(ok=True, detail=f"{self._options.app}: {detail}")
            told = await self._calls.health(_HEALTH_SECONDS)
        except TimeoutError:
            return Health(ok=False, detail=f"{self._options.app}: its container does not answer")
        except (exception.Error, EngineFailed) as error:
            return Health(ok=False, detail=str(self._failures.of(error)))
        return self._told(told, runners)

    async def aclose(self) -> None:
        await self._calls.aclose()

    async def _one(self, request: Request) -> Reply | ProviderError:
        try:
            answer = await self._calls.complete(body_of(request, self._options))
            failed = self._failures.in_answer(answer)
            if failed is not None:
                return failed
            document = document_of(str(answer["body"]).encode(), remedy=REMEDY)
            return reply_of(document, request, self._model)
        except TimeoutError:
            return self._failures.no_answer(await self._calls.runners())
        except ProviderError as error:
            return error
        except Exception as error:  # noqa: BLE001 - what the container raised comes out here
            return self._failures.of(error)

    def _told(self, told: Mapping[str, Any], runners: int) -> Health:
        wanted = self._options.adapter or self._options.model
        served = told.get("served") or ()
        if not told.get("ok"):
            return Health(ok=False, detail=f"{self._options.app}: vLLM does not answer")
        if wanted not in served:
            failed = self._failures.in_answer({"status": 404, "served": served})
            return Health(ok=False, detail=str(failed))
        return Health(ok=True, detail=f"{self._options.app}: {runners} up, serving {wanted}")
