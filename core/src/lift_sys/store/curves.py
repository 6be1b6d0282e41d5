"""Curves of trainings, kept beside the runs: what each measured, by step."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, delete, func, select

from ..errors import InputError
from ..training_journal import Point
from .engines import make_engine, writing
from .failures import told
from .places import Place, find_place
from .statements import compile_insert
from .tables import curves
from .times import utc_now
from .versions import make_ready


class TrainingSummary(NamedTuple):
    training: str
    trials: int
    step: int
    """The last one that anything was told of."""
    at: str
    """When that was recorded: ISO 8601, UTC."""


class Curves:
    """Made by `Curves.open`, of the same place as the store."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self._engine = engine
        self._place = place

    @classmethod
    def open(cls, where: str | Path, *, create: bool = False) -> "Curves":
        place = find_place(where)
        if place.path is not None and not place.path.exists():
            if not create:
                raise InputError(
                    f"there is no store {place}", remedy="train with `--store`, or name another one"
                )
            with told(place, "make"):
                place.path.parent.mkdir(parents=True, exist_ok=True)
        with told(place, "open"):
            make_ready(place)
        return cls(make_engine(place), place)

    def __enter__(self) -> "Curves":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    def put(self, training: str, points: Sequence[Point]) -> None:
        """All that is known of it: what was there before gives way."""
        at = utc_now()
        rows = [(training, one.trial, one.name, one.step, one.value, at) for one in points]
        sql = compile_insert(curves, self._engine.dialect, replace=True)
        with told(self._place, "write"), writing(self._engine).begin() as connection:
            connection.execute(delete(curves).where(curves.c.training == training))
            if rows:
                connection.exec_driver_sql(sql, rows)

    def of(self, training: str) -> list[Point]:
        """By trial, name and step."""
        c = curves.c
        columns = (c.trial, c.step, c.name, c.value)
        query = select(*columns).where(c.training == training).order_by(c.trial, c.name, c.step)
        with told(self._place, "read"), self._engine.connect() as connection:
            return [Point(*row) for row in connection.execute(query)]

    def trainings(self) -> list[TrainingSummary]:
        """The latest first."""
        c = curves.c
        at = func.max(c.at)
        trials = func.count(c.trial.distinct())
        query = select(c.training, trials, func.max(c.step), at).group_by(c.training)
        with told(self._place, "read"), self._engine.connect() as connection:
            found = connection.execute(query.order_by(at.desc(), c.training))
            return [TrainingSummary(*row) for row in found]
