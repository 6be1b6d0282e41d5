"""The store: one place for the records of many runs, and the cache of their samples.

with Store.open(".lift/store.db") as store:
    recorder = store.recorder("20260101-120000-abcdef")
    recorder.record(event)
    recorder.close()
    [run] = store.runs()
    [recorded.event for recorded in store.events(run.id)]
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from ..errors import RecordError
from .engines import make_engine, writing
from .event_queries import Wanted, read_events
from .failures import told
from .outlines import Outline, read_outlines
from .places import Place, find_place
from .pruning import Which, prune
from .recorder import StoreRecorder
from .rows import Redact
from .run_queries import RunQueries
from .samples import Samples
from .starting import begin_run, take_up_run
from .summaries import Pruned, Recorded, RunState, RunSummary, TaskSummary
from .versions import make_ready
from .writer import Writer

DEFAULT_PLACE = ".lift/store.db"


def _as_it_is(data: Any) -> Any:
    return data


class Store:
    """Made by `Store.open`. All errors of the database are RecordErrors with a remedy."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self._engine = engine
        self._place = place
        self._runs = RunQueries(engine, place)
        self._writer: Writer | None = None
        self.samples = Samples(engine, place)

    @classmethod
    def open(cls, where: str | Path = DEFAULT_PLACE, *, create: bool = True) -> "Store":
        """`where`: the path of a SQLite file, or a `postgresql://` URL.

        Reads the store's version: an older one is upgraded (a file is copied to
        `NAME.VERSION.bak` before), a newer one refused. Without `create`, a file must be there.
        """
        place = find_place(where)
        if place.path is not None and not place.path.exists():
            if not create:
                raise RecordError(
                    f"there is no store {place}",
                    remedy="run a pipeline first, or name the store with --store",
                )
            with told(place, "make"):
                place.path.parent.mkdir(parents=True, exist_ok=True)
        with told(place, "open"):
            make_ready(place)
        return cls(make_engine(place), place)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __str__(self) -> str:
        """Where it is; a password in its URL is masked."""
        return str(self._place)

    def close(self) -> None:
        """Commits what is left to commit."""
        if self._writer is not None:
            self._writer.close()
        self.samples.close()
        self._engine.dispose()

    def recorder(
        self, run: str, redact: Redact = _as_it_is, *, resume: bool = False
    ) -> StoreRecorder:
        """For a run that is new; or, to `resume`, for one that is broken off or has ended.

        `redact` hides secrets, in a text and in plain data. Resumed, `seq` and `at` go on where
        the record ends, and the counts with them. A run that is under way is refused.
        """
        start = take_up_run if resume else begin_run
        with told(self._place, "write"), writing(self._engine).begin() as connection:
            row, tasks = start(connection, run)
        return StoreRecorder(self._writing(), row, tasks, redact)

    def runs(
        self,
        *,
        state: RunState | None = None,
        status: str | None = None,
        label: str | None = None,
        pipeline: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int | None = 50,
        offset: int = 0,
        beside: bool = False,
    ) -> list[RunSummary]:
        """The latest first. `status`: those in which a task ended so; `pipeline`: a part of the
        file's name; `since` <= started < `until`, in ISO 8601, UTC, of which a beginning such as
        `2026-11` is enough; `beside`: also those that were given the specifications of a suite."""
        return self._runs.runs(
            state=state,
            status=status,
            label=label,
            pipeline=pipeline,
            since=since,
            until=until,
            limit=limit,
            offset=offset,
            beside=beside,
        )

    def run(self, run: str) -> RunSummary:
        """By its id, or by a beginning of it that no other run shares; else InputError."""
        return self._runs.run(run)

    def beside(self, run: str) -> RunSummary | None:
        """The run of this one's tasks that was given the specifications of their suite."""
        return self._runs.beside(run)

    def tasks(
        self, run: str, *, status: str | None = None, limit: int | None = None, offset: int = 0
    ) -> list[TaskSummary]:
        """In the order in which they began."""
        return self._runs.tasks(run, status=status, limit=limit, offset=offset)

    def candidates_by_task(self, run: str) -> dict[str, int]:
        """How many each task drew; those without any are missing. No event is read for it."""
        return self._runs.candidates_by_task(run)

    def events(
        self,
        run: str,
        *,
        task: str | None = None,
        tasks: Collection[str] | None = None,
        after: int = 0,
        kinds: Collection[str] = (),
    ) -> Iterator[Recorded]:
        """What was emitted, in order: of the whole run, of one task or of some, from `seq` >
        `after` on, of all kinds or of those named (`candidate_drawn`). Read in parts, as it is
        asked for."""
        row = self._runs.row(run)
        named = tasks if task is None else (task,)
        return read_events(
            self._engine, self._place, Wanted(row.key, row.events, named, after, kinds)
        )

    def outlines(
        self, run: str, kinds: Collection[str], tasks: Collection[str] | None = None
    ) -> Iterator[Outline]:
        """The same of its tasks, of the kinds named, without what candidates and calls said."""
        row = self._runs.row(run)
        return read_outlines(self._engine, self._place, row.key, row.events, kinds, tasks)

    def prune(
        self,
        *,
        before: str | None = None,
        keep: int | None = None,
        runs: Collection[str] = (),
        dry_run: bool = False,
    ) -> Pruned:
        """Takes out runs: those named, those started before a time, all but the latest `keep`. A
        run under way stays. What is in the cache for a run, and its grades, go with it."""
        named = [self.run(each).id for each in runs]
        which = Which(before, keep, named)
        return prune(self._place, which, dry_run=dry_run)

    def _writing(self) -> Writer:
        if self._writer is None:
            self._writer = Writer(writing(self._engine), str(self._place))
        return self._writer
