"""Opening a run: its parts are made, its record is begun, and both are closed whatever happens."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import (
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    closing,
    contextmanager,
)
from dataclasses import dataclass
from pathlib import Path

from .. import store as stores
from ..checking.sandbox import default_sandbox
from ..errors import ConfigError
from ..interfaces import (
    Assignment,
    Capabilities,
    Engine,
    Noted,
    Observer,
    Provider,
    Recorder,
    RunResumed,
    RunStarted,
    Sandbox,
)
from ..plugins import PluginManager
from .build import Builder
from .definitions import provider_identity
from .events import EventStream, NoRecord
from .gateway import Gateway
from .learnt import refuse_learnt
from .load import ResolvedPipeline
from .loop import Plan
from .prices import tell_unpriced
from .pricing import PriceList
from .recorded import RunRecord
from .session import RunSettings, Session


@dataclass(frozen=True, slots=True)
class Made:
    """A run's parts."""

    session: Session
    builder: Builder
    capabilities: dict[str, Capabilities]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a run is opened for."""

    run: str
    begin: Callable[[Made], RunStarted | RunResumed]
    """Its first event."""
    epoch: int = 0
    assignment: Assignment | None = None
    past: RunRecord | None = None
    """Of a run that goes on."""


class Opener:
    def __init__(
        self, resolved: ResolvedPipeline, manager: PluginManager, *, allow_unsandboxed: bool
    ) -> None:
        self._resolved = resolved
        self._manager = manager
        self._allow_unsandboxed = allow_unsandboxed

    @asynccontextmanager
    async def opened(
        self,
        opening: Opening,
        observers: Sequence[Observer],
        opened_store: "AbstractContextManager[stores.Store | None]",
    ) -> AsyncGenerator[Session]:
        stream = EventStream(NoRecord(), [(type(each).__name__, each) for each in observers])
        with closing(stream), opened_store as store, self._recording(opening, store) as recorder:
            stream.record_with(recorder)
            async with AsyncExitStack() as parts:
                made = self._made(opening, store, stream, parts)
                session = made.session
                session.begin(opening.begin(made))
                why = "an error ended it"
                try:
                    yield session
                    why = "cancelled" if session.interrupted else "all tasks done"
                except asyncio.CancelledError:
                    why = "cancelled"
                    raise
                finally:
                    # First, as what breaks in it is noted, and a run's end is its last event.
                    try:
                        await parts.aclose()
                    finally:
                        session.end(why)

    @asynccontextmanager
    async def apart(
        self, started: RunStarted, recorder: Recorder, workers: int
    ) -> AsyncGenerator[Session]:
        """A part of a run that is recorded in another process: this one only tells its events."""
        stream = EventStream(recorder)
        async with AsyncExitStack() as parts:
            cache = parts.enter_context(self._cache())
            opening = Opening(started.run, lambda _: started, epoch=started.epoch)
            yield self._made(opening, cache, stream, parts, workers=workers).session

    @contextmanager
    def _cache(self) -> "Generator[stores.Store | None]":
        """The run's store, where it can be reached from here."""
        settings = self._resolved.settings
        where = None if settings.cache == "off" else settings.record
        if where is None or not ("://" in where or Path(where).exists()):
            yield None
            return
        with stores.Store.open(where, create=False) as store:
            yield store

    @contextmanager
    def _recording(self, opening: Opening, store: "stores.Store | None") -> Generator[Recorder]:
        if store is None:
            yield NoRecord()
            return
        redact, resume = self._resolved.secrets.redact_data, opening.past is not None
        with closing(store.recorder(opening.run, redact, resume=resume)) as recorder:
            yield recorder

    def _made(
        self,
        opening: Opening,
        store: "stores.Store | None",
        stream: EventStream,
        parts: AsyncExitStack,
        workers: int | None = None,
    ) -> Made:
        """`parts` closes what was made, also where the rest could not be made. `workers`: this is
        one of so many, who share what a vendor allows; the run is told elsewhere."""
        settings = self._resolved.settings
        builder = Builder(self._resolved, self._manager)
        parts.push_async_callback(_close_providers, builder, stream)
        engine = None
        if workers is None:
            for name, observer in builder.observers():
                stream.watch(name, observer)
            engine = self._engine(builder, parts, stream)
        sandbox = self.sandbox(builder, parts, stream)
        cache = None if store is None or settings.cache == "off" else store.samples
        prices = PriceList.over_shipped(settings.prices)
        gateways = {
            name: Gateway(
                name,
                provider,
                settings.calls,
                stream.emit,
                identity=provider_identity(self._resolved, name),
                cache=cache,
                rate=self._resolved.providers[name].rate.among(workers or 1),
                prices=prices,
            )
            for name, provider in builder.providers().items()
        }
        for gateway in gateways.values():
            parts.push_async_callback(gateway.idle)
        capabilities = {name: each.capabilities for name, each in gateways.items()}
        unpriced = tell_unpriced(self._resolved, capabilities)
        if unpriced:
            raise ConfigError(unpriced)
        plan = Plan(builder.routes(), builder.router(), sandbox)
        if opening.assignment is not None:
            refuse_learnt(builder.made, opening.assignment)
        run_settings = self.settings(opening.epoch)
        session = Session(opening.run, plan, gateways, stream, run_settings, opening.past, engine)
        return Made(session, builder, capabilities)

    def sandbox(self, builder: Builder, parts: AsyncExitStack, stream: EventStream) -> Sandbox:
        sandbox = builder.sandbox() or default_sandbox(allow_unsandboxed=self._allow_unsandboxed)
        parts.push_async_callback(_close, "the sandbox", sandbox, stream)
        return sandbox

    def _engine(
        self, builder: Builder, parts: AsyncExitStack, stream: EventStream
    ) -> Engine | None:
        engine = builder.engine()
        if engine is not None:
            parts.push_async_callback(_close, "the engine", engine, stream)
        return engine

    def settings(self, epoch: int) -> RunSettings:
        settings = self._resolved.settings
        return RunSettings(
            seed=settings.seed,
            epoch=epoch,
            task_budget=settings.budget,
            run_budget=settings.run_budget,
            concurrency=settings.concurrency.tasks,
            allow_unsandboxed=self._allow_unsandboxed,
        )


async def _close_providers(builder: Builder, stream: EventStream) -> None:
    for name, provider in builder.made_providers().items():
        await _close(f"provider {name}", provider, stream)


async def _close(name: str, part: Engine | Provider | Sandbox, stream: EventStream) -> None:
    """What was found is not lost because something breaks afterwards."""
    try:
        await part.aclose()
    except Exception as error:  # noqa: BLE001 - a plugin's own
        told = f"{name} broke when it was closed: {type(error).__name__}: {error}"
        stream.emit(Noted(level="warning", message=told))
