"""The completion cache: what any recorded call delivered, by the sample's identity.

Nothing is put in here: a call's record holds its samples, so both are kept together or neither.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import ConfigDict
from sqlalchemy import Dialect, Engine, PoolProxiedConnection

from ..interfaces import Call, Completion
from ..ir import Frozen
from .blobs import unpacked_pairs
from .failures import as_record_error, told
from .places import Place
from .rows import SampleRow, sample_of

_AT_ONCE = 500
"""Keys asked for in one statement."""


class StoredSample(NamedTuple):
    completion: Completion
    seed: int | None
    call: Call
    """The sample's share of the call that delivered it: what it cost the first time."""


class _Made(Frozen):
    """Of a call's body what is needed here."""

    model_config = ConfigDict(extra="ignore")

    call: Call


class Samples:
    """Shared by all runs on the store."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self._engine = engine
        self._place = place
        self._kept: PoolProxiedConnection | None = None
        self.place = str(place)
        """Stores of one place are one store."""

    def get(self, keys: Sequence[str]) -> dict[str, StoredSample]:
        """The first that was recorded of each; keys without one are missing.

        What a run delivers is found by others once it is committed.
        """
        found: dict[str, StoredSample] = {}
        with told(self._place, "read"):
            for start in range(0, len(keys), _AT_ONCE):
                wanted = keys[start : start + _AT_ONCE]
                for key, of, call, body, *texts in self._rows(wanted):
                    found[key] = _sample(SampleRow(key, body, *unpacked_pairs(texts)), call, of)
        return found

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _rows(self, keys: Sequence[str]) -> Sequence[Any]:
        """On the driver's own connection: SQLAlchemy's execution takes longer than all else that
        a hit costs."""
        connection = self._kept or self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(_sql(self._engine.dialect, len(keys)), tuple(keys))
            rows: Sequence[Any] = cursor.fetchall()
            cursor.close()
        except BaseException as error:
            # Whatever state it is in: the next one is a new one.
            self._kept = None
            connection.invalidate()
            dbapi = self._engine.dialect.dbapi
            if dbapi is not None and isinstance(error, dbapi.Error):
                raise as_record_error(error, f"read the store {self._place}") from error
            raise
        if self._place.path is None:
            connection.close()
        else:
            # Of SQLite one is kept, as it reads what is new without being asked to begin anew.
            self._kept = connection
        return rows


_QUERY = """
    WITH wanted ("key") AS (VALUES {keys})
    SELECT s."key", s."of", c.body, s.body, t.form, t.data, r.form, r.data
    FROM wanted
    CROSS JOIN samples AS s
    JOIN calls AS c ON c.run = s.run AND c.seq = s.seq
    LEFT JOIN blobs AS t ON t.digest = s.text
    LEFT JOIN blobs AS r ON r.digest = s.rest
    WHERE (s.run, s.seq, s.place) = (
        SELECT f.run, f.seq, f.place FROM samples AS f
        WHERE f."key" = wanted."key" ORDER BY f.run, f.seq LIMIT 1
    )
"""
"""By each key one row is read: every run that finds a sample here records it once more."""


@lru_cache(maxsize=64)
def _sql(dialect: Dialect, count: int) -> str:
    """For so many keys."""
    mark = "(CAST(%s AS TEXT))" if dialect.paramstyle == "format" else "(?)"
    return _QUERY.format(keys=", ".join([mark] * count))


def _sample(row: SampleRow, call: str, of: int) -> StoredSample:
    delivered = sample_of(row)
    assert delivered.completion is not None  # else it would have no key
    share = _Made.model_validate_json(call).call.share(of)
    return StoredSample(completion=delivered.completion, seed=delivered.seed, call=share)
