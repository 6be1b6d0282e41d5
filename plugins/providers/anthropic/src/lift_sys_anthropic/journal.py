"""Which batches were made and not handed over yet: a file that outlives a crash.

A line for each batch with what its requests are known by, and one when it is done with.
"""

import json
import logging
import os
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from lift_sys.errors import RequestRejected

if sys.platform != "win32":
    import fcntl

_log = logging.getLogger(__name__)


class Left(NamedTuple):
    """A batch that an earlier run did not live to see the end of."""

    name: str
    digests: Sequence[str]
    """Of its requests, in their order."""


class Journal:
    """Without a path it forgets everything."""

    def __init__(self, path: Path | None, where: str) -> None:
        self._path = path
        self._where = where
        self._file: TextIO | None = None
        self._under_way: set[str] = set()

    def digest(self, body: bytes) -> str:
        return sha256(self._where.encode() + b"\0" + body).hexdigest()

    def begin(self) -> list[Left]:
        """Raises RequestRejected for a file that cannot be used, or is in use."""
        if self._path is None or self._file is not None:
            return []
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a+", encoding="utf-8")
            if sys.platform != "win32":
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._close()
            raise RequestRejected(
                f"the journal {self._path} cannot be used: {error.strerror or error}",
                remedy="give each provider of each run a journal of its own, that can be written",
            ) from None
        self._file.seek(0)
        left: dict[str, Left] = {}
        for line in self._file:
            entry = _entry(line)
            if "made" in entry:
                left[entry["made"]] = Left(entry["made"], entry["digests"])
            left.pop(entry.get("done", ""), None)
        self._under_way = set(left)
        return list(left.values())

    def made(self, name: str, digests: Sequence[str]) -> None:
        self._under_way.add(name)
        self._write({"made": name, "digests": list(digests)})

    def done(self, name: str) -> None:
        self._under_way.discard(name)
        self._write({"done": name})

    def close(self) -> None:
        if self._file is not None and not self._under_way:
            self._file.truncate(0)
        self._close()

    def _write(self, entry: dict[str, Any]) -> None:
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            # The batch is under way and goes on: only a crash would now lose it.
            _log.warning("the journal %s cannot be written: %s", self._path, error)

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def _entry(line: str) -> dict[str, Any]:
    """Nothing for a line that a crash cut off."""
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError):
        return {}
