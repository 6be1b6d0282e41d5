"""The door for Python users: `Pipeline.load(path).run(task)`."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Generator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from .. import store as stores
from ..checking.sandbox import default_sandbox
from ..errors import ConfigError, InputError
from ..interfaces import (
    Assignment,
    DataSource,
    Noted,
    Observer,
    Provider,
    Recorder,
    RunStarted,
    Sandbox,
    Task,
)
from ..plugins import PluginManager, Policy
from .build import Builder
from .config import PluginRules
from .edge import run_async
from .events import EventStream, NoRecord
from .gateway import Gateway
from .identity import digest
from .learnt import refuse_learnt
from .load import ResolvedPipeline, load, load_mapping
from .loop import Plan, TaskResult
from .prices import tell_unpriced
from .session import RunSettings, Session


class TaskSource(NamedTuple):
    use: str
    options: BaseModel
    source: DataSource


class Pipeline:
    """A pipeline file, checked and ready to be opened. Nothing has been paid for yet."""

    def __init__(
        self, resolved: ResolvedPipeline, manager: PluginManager, *, allow_unsandboxed: bool = False
    ) -> None:
        self._resolved = resolved
        self._manager = manager
        self._allow_unsandboxed = allow_unsandboxed

    @classmethod
    def load(
        cls,
        source: Path | str | Mapping[str, Any],
        *,
        overrides: Sequence[str] = (),
        plugins: PluginManager | None = None,
        allow_unsandboxed: bool = False,
    ) -> "Pipeline":
        """From a file, or from the same thing as a mapping. Raises ConfigError, all mistakes told.

        `overrides` are what `--set` takes: `stages.specify.strategy.n=5`.
        """
        managers: list[PluginManager] = [] if plugins is None else [plugins]

        def registry(rules: PluginRules) -> PluginManager:
            if not managers:
                managers.append(
                    PluginManager.installed(Policy.of(allow=rules.allow, deny=rules.deny))
                )
            return managers[0]

        if isinstance(source, Mapping):
            resolved = load_mapping(source, Path.cwd(), overrides=overrides, registry=registry)
        else:
            resolved = load(source, overrides=overrides, registry=registry)
        return cls(resolved, managers[0], allow_unsandboxed=allow_unsandboxed)

    @property
    def concurrency(self) -> int:
        return self._resolved.settings.concurrency.tasks

    def tasks(self) -> Iterator[Task]:
        """Those of the pipeline's own `tasks:`."""
        return self.task_source().source.tasks()

    def task_source(self) -> TaskSource:
        """The pipeline's own `tasks:`. Raises InputError where there are none."""
        ref = self._resolved.settings.tasks
        source = Builder(self._resolved, self._manager).tasks()
        if ref is None or source is None:
            raise InputError(
                "there is nothing to run",
                remedy="give a request, or name a data source under `tasks:` in the pipeline",
            )
        return TaskSource(ref.use, self._resolved.of(ref).options, source)

    @property
    def distributions(self) -> dict[str, str]:
        """Those that were asked for components so far, with their versions."""
        return {"lift-sys": version("lift-sys"), **self._manager.used()}

    def redact(self, text: str) -> str:
        """The text without the secrets that this pipeline was given."""
        return self._resolved.secrets.redact(text)

    def redact_data(self, data: Any) -> Any:
        """As `redact`, of all text in plain data."""
        return self._resolved.secrets.redact_data(data)

    @property
    def record(self) -> str | None:
        """The store that runs are recorded in, without secrets; None: they are not."""
        record = self.record_place
        return None if record is None else self.redact(record)

    @property
    def record_place(self) -> str | None:
        """The same as it is, to open it."""
        return self._resolved.settings.record

    def run(self, task: Task | str, *, observers: Sequence[Observer] = ()) -> TaskResult:
        """Solves one task. After Ctrl-C, what was reached so far, with status `cancelled`."""
        task = as_task(task)
        _refuse_inside_a_loop()

        async def solve() -> TaskResult:
            async with self.open(observers=observers) as session:
                try:
                    return await session.solve(task)
                except asyncio.CancelledError:
                    return session.interrupted[task.id]

        return run_async(solve())

    @asynccontextmanager
    async def open(
        self, *, observers: Sequence[Observer] = (), assignment: Assignment | None = None
    ) -> AsyncGenerator[Session]:
        """One run, for as many tasks as you like. `assignment`: those it is to be graded by."""
        run = new_run_id()
        stream = EventStream(NoRecord(), [(type(each).__name__, each) for each in observers])
        with closing(stream), self._recording(run) as recorder:
            stream.record_with(recorder)
            async with AsyncExitStack() as parts:
                session = self._session(run, stream, parts, assignment)
                session.begin(
                    RunStarted(
                        run=run,
                        started=_now(),
                        config=dict(self._resolved.raw),
                        distributions=self.distributions,
                        seed=self._resolved.settings.seed,
                        assignment=assignment,
                    )
                )
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

    def _session(
        self,
        run: str,
        stream: EventStream,
        parts: AsyncExitStack,
        assignment: Assignment | None = None,
    ) -> Session:
        """`parts` closes what was made, also where the rest could not be made."""
        settings = self._resolved.settings
        builder = Builder(self._resolved, self._manager)
        parts.push_async_callback(_close_providers, builder, stream)
        for name, observer in builder.observers():
            stream.watch(name, observer)
        sandbox = builder.sandbox() or default_sandbox(allow_unsandboxed=self._allow_unsandboxed)
        parts.push_async_callback(_close, "the sandbox", sandbox, stream)
        gateways = {
            name: Gateway(name, provider, settings.calls, stream.emit)
            for name, provider in builder.providers().items()
        }
        for gateway in gateways.values():
            parts.push_async_callback(gateway.idle)
        unpriced = tell_unpriced(
            self._resolved, {name: each.capabilities for name, each in gateways.items()}
        )
        if unpriced:
            raise ConfigError(unpriced)
        plan = Plan(builder.routes(), builder.router(), sandbox)
        if assignment is not None:
            refuse_learnt(builder.made, assignment)
        return Session(
            run,
            plan,
            gateways,
            stream,
            RunSettings(
                seed=settings.seed, task_budget=settings.budget, run_budget=settings.run_budget
            ),
        )

    @contextmanager
    def _recording(self, run: str) -> Generator[Recorder]:
        where = self._resolved.settings.record
        if where is None:
            yield NoRecord()
            return
        with (
            stores.Store.open(where) as store,
            closing(store.recorder(run, self.redact_data)) as recorder,
        ):
            yield recorder


def _refuse_inside_a_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise InputError(
        "Pipeline.run() cannot wait here, where an event loop is running already",
        remedy="use `async with pipeline.open() as session: await session.solve(task)`",
    )


async def _close_providers(builder: Builder, stream: EventStream) -> None:
    for name, provider in builder.made_providers().items():
        await _close(f"provider {name}", provider, stream)


async def _close(name: str, part: Provider | Sandbox, stream: EventStream) -> None:
    """What was found is not lost because something breaks afterwards."""
    try:
        await part.aclose()
    except Exception as error:  # noqa: BLE001 - a plugin's own
        told = f"{name} broke when it was closed: {type(error).__name__}: {error}"
        stream.emit(Noted(level="warning", message=told))


def as_task(request: Task | str) -> Task:
    """A bare request as a task; raises InputError for what no model could be asked."""
    if isinstance(request, Task):
        return request
    try:
        return Task(id=digest(request)[:12], request=request)
    except ValidationError as error:
        cause = error.errors()[0]["msg"].removeprefix("Value error, ")
        said, _, remedy = cause.partition(": ")
        raise InputError(said, remedy=remedy) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_run_id() -> str:
    """Sorts by time, and two runs started at once differ."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
