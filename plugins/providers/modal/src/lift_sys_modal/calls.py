"""The one place where Modal is called: by the names of the app and of its class."""
# Modal's annotations are partial.
# pyright: reportUnknownMemberType=false

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import modal
from modal import exception

from lift_sys.secrecy import Blotter, CleanLogs

from .plugin import ModalOptions

CLASS = "Model"
LOGGERS = ("modal-client", "grpclib", "hpack")
_HELLO_SECONDS = 30.0
_PATIENCE = 5.0
"""Seconds for what is asked beside a call: what runs, and that a call be given up."""


class Connection:
    """To a workspace; opened at the first use, as `modal setup` or the options say."""

    def __init__(self, options: ModalOptions) -> None:
        self._options = options
        self._client: Any = None
        self._opening = asyncio.Lock()
        self._own: Any = None
        """The one that is ours to close; else it is that of the process."""
        secrets = [
            one.get_secret_value() for one in (options.token_id, options.token_secret) if one
        ]
        self.clean = Blotter(secrets)
        self._logs = CleanLogs(self.clean, LOGGERS)

    async def client(self) -> Any:
        """Raises what Modal does, also where it does not answer: by itself it tries for ever."""
        async with self._opening:
            if self._client is None:
                self._client = await self._greeted()
        return self._client

    async def aclose(self) -> None:
        own, self._own = self._own, None
        self._client = None
        if own is not None:
            await own.close.aio()
        self._logs.end()

    async def _greeted(self) -> Any:
        self._logs.begin()
        try:
            async with asyncio.timeout(_HELLO_SECONDS):
                client = await self._opened()
                await client.hello.aio()
        except TimeoutError:
            told = f"it did not answer within {_HELLO_SECONDS:g} s"
            raise exception.ConnectionError(told) from None
        return client

    async def _opened(self) -> Any:
        options = self._options
        if options.token_id is None or options.token_secret is None:
            return await modal.Client.from_env.aio()
        if self._own is None:
            self._own = await modal.Client.from_credentials.aio(
                options.token_id.get_secret_value(), options.token_secret.get_secret_value()
            )
        return self._own


class Calls:
    """Of one deployed class."""

    def __init__(self, options: ModalOptions, connection: Connection) -> None:
        self._options = options
        self._connection = connection
        self._model: Any = None
        self._ending = set[asyncio.Task[None]]()

    async def complete(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises TimeoutError, and whatever Modal raises.

        Spawned and not `.remote`: that would leave the container at work when it is cancelled.
        """
        model = await self._found()
        spawned = asyncio.ensure_future(model.complete.spawn.aio(body))
        try:
            async with asyncio.timeout(self._options.timeout):
                call = await asyncio.shield(spawned)
                return await call.get.aio()
        except (asyncio.CancelledError, TimeoutError):
            ending = asyncio.ensure_future(_end(spawned))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
            raise

    async def runners(self) -> int | None:
        """How many containers are up, which costs nothing; None: it cannot be told."""
        model = await self._found()
        with suppress(TimeoutError, modal.Error):
            async with asyncio.timeout(_PATIENCE):
                return (await model.complete.get_current_stats.aio()).num_total_runners
        return None

    async def find(self) -> None:
        """Raises NotFoundError where there is no such app or class."""
        await (await self._class()).hydrate.aio()

    async def health(self, patience: float) -> Mapping[str, Any]:
        """From a container, which is started where none is up."""
        async with asyncio.timeout(patience):
            return await (await self._found()).health.remote.aio()

    async def aclose(self) -> None:
        if self._ending:
            await asyncio.wait(self._ending, timeout=_PATIENCE)
        self._model = None
        await self._connection.aclose()

    async def _class(self) -> Any:
        options = self._options
        return modal.Cls.from_name(
            options.app,
            CLASS,
            environment_name=options.environment,
            client=await self._connection.client(),
        )

    async def _found(self) -> Any:
        if self._model is None:
            self._model = (await self._class())()
        return self._model


async def _end(spawned: "asyncio.Future[Any]") -> None:
    """A call that nobody waits for any more; at worst it runs to its end."""
    with suppress(Exception):
        async with asyncio.timeout(_PATIENCE):
            await (await spawned).cancel.aio()
