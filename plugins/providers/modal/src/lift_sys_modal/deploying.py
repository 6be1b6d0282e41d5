"""Deploys, looks at and stops the app."""
# Modal's annotations are partial.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import Any

import modal
from modal import exception

from lift_sys.errors import ProviderError, ProviderUnavailable
from lift_sys.ir import Frozen

from .adapters import Adapter
from .app import declared
from .calls import Calls, Connection
from .failures import Failures
from .plugin import ModalOptions
from .serving import EngineFailed

Tell = Callable[[str], None]
_HEALTH_SECONDS = 30.0


class Status(Frozen):
    app: str
    deployed: bool
    containers: int | None = None
    """None: Modal did not say."""
    healthy: bool | None = None
    """None: no container is up, so none was asked."""
    serves: tuple[str, ...] = ()
    """The model and its adapters, as a container says."""
    detail: str = ""


class Deployment:
    """Of one provider's options. Its calls raise ProviderError."""

    def __init__(self, options: ModalOptions) -> None:
        self._options = options
        self._connection = Connection(options)
        self._calls = Calls(options, self._connection)
        self._failures = Failures(options, self._connection.clean)

    async def deploy(self, adapters: Sequence[Adapter], *, warm_up: bool, tell: Tell) -> None:
        """Puts the adapters on the volume and the app on Modal; warmed up, a container is up."""
        options = self._options
        with self._told():
            client = await self._connection.client()
            await self._put(adapters, client, tell)
            app, _, fetching = declared(options, adapters, client)
            await app.deploy.aio(
                name=options.app, environment_name=options.environment, client=client
            )
            tell(f"deployed: {options.app}")
            if warm_up:
                tell(f"the weights of {options.model} go to the volume {options.serve.volume}")
                await fetching.remote.aio(options.model, options.revision)
                tell(f"a container with {options.serve.gpu} starts")
                await self._warm_up()

    async def status(self) -> Status:
        options = self._options
        with self._told():
            try:
                await self._calls.find()
            except exception.NotFoundError:
                return Status(app=options.app, deployed=False)
            containers = await self._calls.runners()
            if not containers:
                return Status(app=options.app, deployed=True, containers=containers)
            try:
                told = await self._calls.health(_HEALTH_SECONDS)
            except (TimeoutError, EngineFailed) as error:
                told = {"detail": str(error) or f"no answer within {_HEALTH_SECONDS:g} s"}
        return Status(
            app=options.app,
            deployed=True,
            containers=containers,
            healthy=bool(told.get("ok")),
            serves=tuple(told.get("served") or ()),
            detail=self._connection.clean(str(told.get("detail", ""))),
        )

    async def stop(self) -> bool:
        """False: there was nothing to stop. The volume and what is on it stay."""
        options = self._options
        with self._told():
            client = await self._connection.client()
            try:
                app = await modal.App.lookup.aio(
                    options.app, environment_name=options.environment, client=client
                )
            except exception.NotFoundError:
                return False
            await app.stop.aio(client=client)
        return True

    async def aclose(self) -> None:
        await self._calls.aclose()

    async def _put(self, adapters: Sequence[Adapter], client: Any, tell: Tell) -> None:
        if not adapters:
            return
        volume = modal.Volume.from_name(
            self._options.serve.volume,
            environment_name=self._options.environment,
            create_if_missing=True,
            client=client,
        )
        there = await _places(volume)
        new = [adapter for adapter in adapters if adapter.place not in there]
        for adapter in adapters:
            state = "goes to the volume" if adapter in new else "is on the volume"
            tell(f"adapter {adapter.name} ({adapter.digest}) {state}")
        if new:
            async with volume.batch_upload() as batch:
                for adapter in new:
                    batch.put_directory(str(adapter.folder), f"/{adapter.place}")

    async def _warm_up(self) -> None:
        serve = self._options.serve
        seconds = 60 * (serve.start_minutes + serve.call_minutes)
        try:
            told = await self._calls.health(seconds)
        except TimeoutError:
            raise ProviderUnavailable(
                f"no container was up within {seconds / 60:g} minutes",
                remedy=f"see whether Modal has a free {serve.gpu}, or name another `gpu`",
            ) from None
        if not told.get("ok"):
            raise ProviderError(
                "a container is up, and vLLM does not answer in it",
                remedy="read its log with `modal app logs`",
            )

    @contextmanager
    def _told(self) -> Any:
        try:
            yield
        except (exception.Error, EngineFailed) as error:
            raise self._failures.of(error) from None


async def _places(volume: Any) -> frozenset[str]:
    try:
        entries = await volume.listdir.aio("/adapters")
    except exception.NotFoundError:
        return frozenset()
    return frozenset(entry.path.strip("/") for entry in entries)
