"""Runs and tasks as they stand: their own rows say it, no event is read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row, func, select

from ..errors import InputError
from ..interfaces import Spend
from . import tables
from .failures import told
from .owners import is_gone
from .places import Place
from .reference_runs import MARK, id_beside
from .statements import STATUS_COLUMNS
from .summaries import RunState, RunSummary, TaskSummary


class RunQueries:
    def __init__(self, engine: Engine, place: Place) -> None:
        self._engine = engine
        self._place = place

    def runs(
        self,
        *,
        state: RunState | None,
        status: str | None,
        label: str | None,
        pipeline: str | None,
        since: str | None,
        until: str | None,
        limit: int | None,
        offset: int,
        beside: bool,
    ) -> list[RunSummary]:
        c = tables.runs.c
        query = select(tables.runs).where(c.events > 0).order_by(c.started.desc(), c.key.desc())
        if not beside:
            query = query.where(~c.id.startswith(MARK, autoescape=True))
        if since is not None:
            query = query.where(c.started >= since)
        if until is not None:
            query = query.where(c.started < until)
        if label is not None:
            query = query.where(c.label == label)
        if pipeline is not None:
            query = query.where(c.pipeline.contains(pipeline, autoescape=True))
        if status is not None:
            query = query.where(c[STATUS_COLUMNS[status]] > 0)
        if state is not None:
            query = query.where(c.ended == int(state == "ended"))
        in_database = state in (None, "ended")
        if in_database:
            query = query.limit(limit).offset(offset)
        with told(self._place, "read"), self._engine.connect() as connection:
            found = [_run_summary(row) for row in connection.execute(query)]
        if in_database:
            return found
        # Whose process is gone no database knows, and runs without an end are few.
        matching = [run for run in found if run.state == state]
        return matching[offset:] if limit is None else matching[offset : offset + limit]

    def run(self, run: str) -> RunSummary:
        return _run_summary(self.row(run))

    def beside(self, run: str) -> RunSummary | None:
        c = tables.runs.c
        query = select(tables.runs).where(c.events > 0, c.id == id_beside(run))
        with told(self._place, "read"), self._engine.connect() as connection:
            found = connection.execute(query).first()
        return None if found is None else _run_summary(found)

    def tasks(
        self, run: str, *, status: str | None, limit: int | None, offset: int
    ) -> list[TaskSummary]:
        row = self.row(run)
        c = tables.tasks.c
        query = select(tables.tasks).where(c.run == row.key).order_by(c.number)
        if status is not None:
            query = query.where(c.status == status)
        with told(self._place, "read"), self._engine.connect() as connection:
            found = connection.execute(query.limit(limit).offset(offset))
            return [_task_summary(row.id, each) for each in found]

    def candidates_by_task(self, run: str) -> dict[str, int]:
        key = self.row(run).key
        t, c = tables.tasks.c, tables.candidates.c
        counts = (
            select(c.task, func.count().label("n")).where(c.run == key).group_by(c.task).subquery()
        )
        query = select(t.id, counts.c.n).where(t.run == key, t.number == counts.c.task)
        with told(self._place, "read"), self._engine.connect() as connection:
            return {row.id: row.n for row in connection.execute(query)}

    def row(self, run: str) -> Row[Any]:
        """By its id, or by a beginning of it that no other run shares."""
        c = tables.runs.c
        query = select(tables.runs).where(c.events > 0)
        with told(self._place, "read"), self._engine.connect() as connection:
            exact = connection.execute(query.where(c.id == run)).first()
            if exact is not None:
                return exact
            begins = query.where(c.id.startswith(run, autoescape=True)).order_by(c.id).limit(2)
            # Nothing is no beginning of an id: an empty variable of a shell names no run.
            found: Sequence[Row[Any]] = connection.execute(begins).all() if run else []
        if not found:
            raise InputError(f"there is no run {run!r} in {self._place}", remedy="see `lift runs`")
        if len(found) > 1:
            raise InputError(
                f"several runs begin with {run!r}, such as {found[0].id} and {found[1].id}",
                remedy="give more of its id",
            )
        return found[0]


def _run_summary(row: Row[Any]) -> RunSummary:
    state: RunState = "ended"
    if not row.ended:
        state = "broken off" if is_gone(row.owner, row.written) else "running"
    counts = {status: getattr(row, column) for status, column in STATUS_COLUMNS.items()}
    return RunSummary(
        id=row.id,
        state=state,
        started=row.started,
        written=row.written,
        why=row.why,
        pipeline=row.pipeline,
        label=row.label,
        seed=row.seed,
        epoch=row.epoch,
        events=row.events,
        tasks=row.tasks,
        statuses={status: count for status, count in counts.items() if count},
        candidates=row.candidates,
        spend=_spend(row),
        seconds=row.seconds,
    )


def _task_summary(run: str, row: Row[Any]) -> TaskSummary:
    return TaskSummary(
        run=run,
        id=row.id,
        number=row.number,
        request=row.request,
        category=row.category,
        difficulty=row.difficulty,
        status=row.status,
        why=row.why,
        failure=row.failure,
        spend=_spend(row),
        seconds=row.seconds,
    )


def _spend(row: Row[Any]) -> Spend:
    return Spend(
        calls=row.calls,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        usd=row.usd,
        unpriced_calls=row.unpriced_calls,
        seconds=row.call_seconds,
        cached_calls=row.cached_calls,
        cached_usd=row.cached_usd,
    )
