"""Grades of hidden tests: written and read by whoever grades, after the run.

Nothing that takes part in a run may import this module, nor reach the table: the connections of
`Store` refuse to read it.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field
from sqlalchemy import Engine, select

from ..interfaces import Verdict
from ..ir import Frozen
from .engines import make_engine, writing
from .failures import told
from .grading_tables import grades
from .places import Place, find_place
from .run_queries import RunQueries
from .statements import compile_insert
from .times import utc_now
from .versions import make_ready

WINNER = "winner"


class Grade(Frozen):
    """What the hidden tests of a task say of one solution."""

    task: str
    grader: str
    """What graded: a name, and a digest of its tests, so that changed tests grade anew."""
    subject: str = WINNER
    """What was graded: the winner, or what a stage drew, as `stage:digest` of its value."""
    verdict: Verdict
    passed: Annotated[int, Field(ge=0)] = 0
    """Of `total` hidden tests."""
    total: Annotated[int, Field(ge=0)] = 0
    seconds: float = 0.0
    notes: dict[str, str] = {}


class Grades:
    """Made by `Grades.open`, of the same place as the store."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self._engine = engine
        self._place = place
        self._runs = RunQueries(engine, place)

    @classmethod
    def open(cls, where: str | Path) -> "Grades":
        """The place of an existing store."""
        place = find_place(where)
        with told(place, "open"):
            make_ready(place)
        return cls(make_engine(place, grades=True), place)

    def __enter__(self) -> "Grades":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    def put(self, run: str, found: Sequence[Grade]) -> None:
        """All of them or none; one of the same task, grader and subject gives way."""
        key = self._runs.row(run).key
        at = utc_now()
        rows = [
            (
                *(key, each.task, each.grader, each.subject, at),
                *(each.verdict.status, each.verdict.category, each.passed, each.total),
                *(each.seconds, each.model_dump_json()),
            )
            for each in found
        ]
        sql = compile_insert(grades, self._engine.dialect, replace=True)
        if rows:
            with told(self._place, "write"), writing(self._engine).begin() as connection:
                connection.exec_driver_sql(sql, rows)

    def of(
        self,
        run: str,
        *,
        grader: str | None = None,
        task: str | None = None,
        tasks: Collection[str] | None = None,
        subject: str | None = None,
    ) -> list[Grade]:
        """By task, grader and subject."""
        c = grades.c
        key = self._runs.row(run).key
        query = select(c.body).where(c.run == key).order_by(c.task, c.grader, c.subject)
        for column, value in ((c.grader, grader), (c.task, task), (c.subject, subject)):
            if value is not None:
                query = query.where(column == value)
        if tasks is not None:
            query = query.where(c.task.in_(tasks))
        with told(self._place, "read"), self._engine.connect() as connection:
            return [Grade.model_validate_json(body) for body in connection.scalars(query)]
