"""The door for Python users: `Pipeline.load(path).run(task)`."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from .. import store as stores
from ..errors import InputError
from ..interfaces import (
    Assignment,
    Event,
    Limits,
    Observer,
    RunResumed,
    RunStarted,
    Task,
)
from ..plugins import PluginManager, Policy
from .again import Replay, Resumed
from .asking import as_task
from .build import Builder
from .config import PluginRules
from .edge import run_async
from .events import EventStream, NoRecord
from .load import ResolvedPipeline, load, load_mapping, load_recorded
from .loop import Plan
from .opening import Made, Opener, Opening
from .recorded import RunRecord
from .routing import OneAttempt
from .session import Session
from .task_result import TaskResult


class _Plugins:
    """Those given, else those installed that the pipeline file itself lets in."""

    def __init__(self, given: PluginManager | None) -> None:
        self._found = given

    def __call__(self, rules: PluginRules) -> PluginManager:
        if self._found is None:
            policy = Policy.of(allow=rules.allow, deny=rules.deny)
            self._found = PluginManager.installed(policy)
        return self._found

    @property
    def manager(self) -> PluginManager:
        """Once the pipeline file is read."""
        assert self._found is not None
        return self._found


class Pipeline:
    """A pipeline file, checked and ready to be opened. Nothing has been paid for yet."""

    def __init__(
        self, resolved: ResolvedPipeline, manager: PluginManager, *, allow_unsandboxed: bool = False
    ) -> None:
        self._resolved = resolved
        self._manager = manager
        self._opener = Opener(resolved, manager, allow_unsandboxed=allow_unsandboxed)

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
        registry = _Plugins(plugins)
        if isinstance(source, Mapping):
            resolved = load_mapping(source, Path.cwd(), overrides=overrides, registry=registry)
        else:
            resolved = load(source, overrides=overrides, registry=registry)
        return cls(resolved, registry.manager, allow_unsandboxed=allow_unsandboxed)

    @classmethod
    def of_record(
        cls,
        record: RunRecord,
        *,
        providers: bool = True,
        plugins: PluginManager | None = None,
        allow_unsandboxed: bool = False,
    ) -> "Pipeline":
        """The pipeline of a recorded run. Without `providers`, it can be replayed and no more."""
        known = _Plugins(plugins)
        resolved = load_recorded(record.started, registry=known, providers=providers)
        return cls(resolved, known.manager, allow_unsandboxed=allow_unsandboxed)

    @property
    def concurrency(self) -> int:
        return self._resolved.settings.concurrency.tasks

    def tasks(self) -> Iterator[Task]:
        """Those of the pipeline's own `tasks:`."""
        source = Builder(self._resolved, self._manager).tasks()
        if source is None:
            raise _nothing_to_run()
        return source.tasks()

    @property
    def task_source(self) -> tuple[str, BaseModel]:
        """The name and options of the pipeline's own `tasks:`, which is not made. Raises
        InputError where there are none."""
        ref = self._resolved.settings.tasks
        if ref is None:
            raise _nothing_to_run()
        return ref.use, self._resolved.of(ref).options

    @property
    def engine(self) -> tuple[str, BaseModel] | None:
        """The name and options of the pipeline's own `engine:`, which is not made."""
        ref = self._resolved.settings.engine
        return None if ref is None else (ref.use, self._resolved.of(ref).options)

    @property
    def config(self) -> dict[str, Any]:
        """As runs record it."""
        return dict(self._resolved.raw)

    @property
    def file(self) -> str:
        """Its path; empty: it stands in no file."""
        files = self._resolved.files
        return str(files[0]) if files else ""

    @property
    def base(self) -> str:
        """The folder that its paths are relative to."""
        return str(self._resolved.base)

    @property
    def run_budget(self) -> Limits:
        """What a whole run may use."""
        return self._resolved.settings.run_budget

    @property
    def plugin_rules(self) -> PluginRules:
        return self._resolved.settings.plugins

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

    def run(
        self, task: Task | str, *, observers: Sequence[Observer] = (), label: str = ""
    ) -> TaskResult:
        """Solves one task. After Ctrl-C, what was reached so far, with status `cancelled`."""
        task = as_task(task)
        _refuse_inside_a_loop()

        async def solve() -> TaskResult:
            async with self.open(observers=observers, label=label) as session:
                try:
                    return await session.solve(task)
                except asyncio.CancelledError:
                    return session.interrupted[task.id]

        return run_async(solve())

    @asynccontextmanager
    async def open(
        self,
        *,
        observers: Sequence[Observer] = (),
        assignment: Assignment | None = None,
        label: str = "",
        epoch: int = 0,
        whole_source: bool = False,
        run: str | None = None,
    ) -> AsyncGenerator[Session]:
        """One run, for as many tasks as you like. `assignment`: those it is to be graded by.

        `label` is a name of your own; each `epoch` draws samples of its own. `whole_source`: the
        tasks will be all those of the pipeline's own `tasks:`, so a resumed run looks there. `run`:
        its id; None: a new one.
        """
        run = run or new_run_id()

        def begin(made: Made) -> RunStarted:
            resolved, capabilities = self._resolved, made.capabilities
            dialects = [each.dialect for each in capabilities.values()]
            return RunStarted(
                run=run,
                started=_now(),
                config=self.config,
                distributions=self.distributions,
                seed=resolved.settings.seed,
                epoch=epoch,
                pipeline=self.file,
                label=label,
                base=self.base,
                bases=dict(resolved.bases),
                providers=capabilities,
                prompts=made.builder.prompts(dialects),
                whole_source=whole_source,
                assignment=assignment,
            )

        opening = Opening(run, begin, epoch=epoch, assignment=assignment)
        async with self._opener.opened(opening, observers, self._store()) as session:
            yield session

    @asynccontextmanager
    async def apart(
        self, started: RunStarted, hear: Callable[[Event], None], *, workers: int
    ) -> AsyncGenerator[Session]:
        """For one of so many workers, each with some tasks of a run that is recorded elsewhere:
        whoever does that must `hear` all events. This pipeline is to be made by `of_record`."""
        async with self._opener.apart(started, _Heard(hear), workers) as session:
            yield session

    @contextmanager
    def _store(self) -> "Generator[stores.Store | None]":
        where = self._resolved.settings.record
        with nullcontext() if where is None else stores.Store.open(where) as store:
            yield store

    @asynccontextmanager
    async def resume(
        self, record: RunRecord, store: "stores.Store", *, observers: Sequence[Observer] = ()
    ) -> AsyncGenerator[Resumed]:
        """A run of `store` goes on, as this pipeline, which is to be made by `of_record`."""

        def begin(_: Made) -> RunResumed:
            return RunResumed(started=_now(), distributions=self.distributions)

        record = record.revealed(self._resolved.secrets.reveal_data)
        started = record.started
        opening = Opening(
            record.run, begin, epoch=started.epoch, assignment=started.assignment, past=record
        )
        async with self._opener.opened(opening, observers, nullcontext(store)) as session:
            yield Resumed(session, record)

    @asynccontextmanager
    async def replay(self, record: RunRecord) -> AsyncGenerator[Replay]:
        """A run as it was, from its record alone; this pipeline is to be made by `of_record`."""
        secrets = self._resolved.secrets
        record = record.revealed(secrets.reveal_data)
        builder = Builder(self._resolved, self._manager)
        async with AsyncExitStack() as parts:
            sandbox = self._opener.sandbox(builder, parts, EventStream(NoRecord()))
            plan = Plan(builder.routes(), OneAttempt(), sandbox)
            settings = self._opener.settings(record.started.epoch)
            replay = Replay(record, plan, settings, secrets.redact_data)
            dialects = [each.dialect for each in record.started.providers.values()]
            replay.tell_changes(self.distributions, builder.prompts(dialects))
            yield replay


@dataclass(frozen=True, slots=True)
class _Heard:
    """Implements `Recorder`."""

    hear: Callable[[Event], None]

    def record(self, event: Event) -> None:
        self.hear(event)

    def close(self) -> None:
        pass


def _nothing_to_run() -> InputError:
    return InputError(
        "there is nothing to run",
        remedy="give a request, or name a data source under `tasks:` in the pipeline",
    )


def _refuse_inside_a_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise InputError(
        "Pipeline.run() cannot wait here, where an event loop is running already",
        remedy="use `async with pipeline.open() as session: await session.solve(task)`",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_run_id() -> str:
    """Sorts by time, and two runs started at once differ."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
