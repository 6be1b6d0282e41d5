"""The writer: a thread that commits what was put in, several rows at once.

What is not committed yet is never more than `WINDOW_ROWS` rows nor, while the database answers,
older than `WINDOW_SECONDS`: that much a killed process loses. Whoever puts in more waits.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ..errors import RecordError
from .blobs import Blob
from .engines import BEGIN_WRITING
from .failures import as_record_error
from .statements import AGAIN, BLOBS, RUNS, compiled

WINDOW_ROWS = 50
WINDOW_SECONDS = 0.1
_COLLECTING = 0.8 * WINDOW_SECONDS
"""The rest is for the commit itself."""

PATIENCE_SECONDS = 30.0
"""How long a lost connection is tried again."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0
_HOPELESS = ("53", "28", "3D")
"""SQLSTATE classes: no room, no right, no such database."""

Parameters = tuple[Any, ...]


class Entry(NamedTuple):
    """What is written together: all of it is there after a kill, or nothing."""

    writes: Sequence[tuple[str, Parameters]]
    """A statement's name and its parameters."""
    texts: Sequence[Blob] = ()
    state: Callable[[], Parameters] | None = None
    """How the run stands, asked for when all entries of a transaction are made."""


MakeEntry = Callable[[], Entry]
"""Called in the writer's thread, in the order in which they were put in."""


class Writer:
    """Takes entries from any thread, and makes them in its own. After an error it takes no more,
    and says why each time."""

    def __init__(
        self,
        engine: Engine,
        place: str,
        *,
        patience: float = PATIENCE_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._engine = engine
        self._place = place
        self._patience = patience if engine.dialect.name == "postgresql" else 0.0
        self._sleep = sleep
        self._sql = compiled(engine.dialect)
        self._order = {name: place for place, name in enumerate(self._sql)}
        lock = threading.Lock()
        self._work = threading.Condition(lock)
        self._room = threading.Condition(lock)
        self._waiting: list[MakeEntry] = []
        self._first_at = 0.0
        self._under_way = 0
        self._hurry = False
        self._closed = False
        self._failed: RecordError | None = None
        self._thread: threading.Thread | None = None

    def put(self, entry: MakeEntry) -> None:
        """Waits where the window is full. Raises RecordError once something could not be kept."""
        with self._work:
            while len(self._waiting) + self._under_way >= WINDOW_ROWS and self._failed is None:
                self._room.wait()
            self._check()
            self._waiting.append(entry)
            if len(self._waiting) == 1:
                self._first_at = time.monotonic()
                self._start()
                self._work.notify()
            elif len(self._waiting) == WINDOW_ROWS:
                self._work.notify()

    def flush(self) -> None:
        """Returns once all that was put in is committed."""
        with self._work:
            while (self._waiting or self._under_way) and self._failed is None:
                self._hurry = True
                self._work.notify()
                self._room.wait()
            self._check()

    def close(self) -> None:
        with self._work:
            self._closed = True
            self._work.notify()
        if self._thread is not None:
            self._thread.join()

    def _check(self) -> None:
        if self._failed is not None:
            raise RecordError(self._failed.cause, remedy=self._failed.remedy) from self._failed
        if self._closed:
            raise RecordError(f"the store {self._place} is closed")

    def _start(self) -> None:
        if self._thread is None:
            # A daemon: a database that hangs must not keep the process from ending.
            self._thread = threading.Thread(target=self._run, name="lift-store", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while batch := self._next():
            failed: RecordError | None = None
            try:
                self._keep(batch)
            except Exception as error:  # noqa: BLE001 - whoever puts in next is told
                failed = as_record_error(error, f"go on writing the store {self._place}")
            with self._work:
                self._under_way = 0
                if failed is not None:
                    self._failed = failed
                    self._waiting.clear()
                self._room.notify_all()
                if failed is not None:
                    return

    def _next(self) -> list[MakeEntry]:
        """Empty: it is closed and all is written."""
        with self._work:
            while not self._waiting and not self._closed:
                self._work.wait()
            until = self._first_at + _COLLECTING
            while len(self._waiting) < WINDOW_ROWS and not (self._hurry or self._closed):
                left = until - time.monotonic()
                if left <= 0:
                    break
                self._work.wait(left)
            batch, self._waiting = self._waiting, []
            self._under_way, self._hurry = len(batch), False
            return batch

    def _keep(self, batch: Sequence[MakeEntry]) -> None:
        work = self._gathered([make() for make in batch])
        until = time.monotonic() + self._patience
        pause, tried = _FIRST_PAUSE, False
        while True:
            try:
                self._commit(work, again=tried)
                return
            except Exception as error:
                if time.monotonic() + pause > until or not self._may_come_back(error):
                    raise
            tried = True
            self._sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _commit(self, work: Mapping[str, list[Parameters]], *, again: bool) -> None:
        """On the driver's own connection: this is where most of the time of recording goes, and
        SQLAlchemy's execution would add half of it."""
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            if self._engine.dialect.name == "sqlite":
                cursor.execute(BEGIN_WRITING)
            for name, parameters in work.items():
                sql = self._sql.get(AGAIN + name, self._sql[name]) if again else self._sql[name]
                cursor.executemany(sql, parameters)
            connection.commit()
        except BaseException:
            # Whatever state it is in: the next one is a new one.
            connection.invalidate()
            raise
        connection.close()

    def _may_come_back(self, error: Exception) -> bool:
        """Whether a connection was lost or could not be made: else a retry changes nothing."""
        origin = error.orig if isinstance(error, DBAPIError) else error
        dbapi = self._engine.dialect.dbapi
        if dbapi is None or not isinstance(origin, dbapi.OperationalError):
            return False
        state: str | None = getattr(origin, "sqlstate", None)
        return state is None or not state.startswith(_HOPELESS)

    def _gathered(self, batch: Sequence[Entry]) -> Mapping[str, list[Parameters]]:
        work: dict[str, list[Parameters]] = {}
        states = {entry.state for entry in batch if entry.state is not None}
        texts = {blob.digest: blob for entry in batch for blob in entry.texts}
        if texts:
            # Sorted, so that two transactions with the same texts never wait for each other.
            work[BLOBS] = [texts[digest] for digest in sorted(texts)]
        for entry in batch:
            for name, parameters in entry.writes:
                work.setdefault(name, []).append(parameters)
        if states:
            # By their keys, so that two transactions never wait for each other.
            work[RUNS] = sorted((state() for state in states), key=itemgetter(-1))
        return {name: work[name] for name in sorted(work, key=self._order.__getitem__)}
