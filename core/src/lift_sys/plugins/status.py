"""What became of each plugin when it was last loaded, kept in the user's cache folder.

Only ever a hint: what cannot be read or written is as good as nothing known.
"""

import contextlib
import os
import sys
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, ValidationError

from .catalogue import Entry

FOLDER = "LIFT_SYS_CACHE_DIR"


class Status(BaseModel):
    model_config = ConfigDict(frozen=True)

    state: Literal["ok", "broken", "unchecked"]
    cause: str = ""


OK = Status(state="ok")
UNCHECKED = Status(state="unchecked")


class _Distribution(BaseModel):
    version: str
    entries: dict[str, Status]


class _File(BaseModel):
    form: Literal[1] = 1
    distributions: dict[str, _Distribution] = {}


class StatusBook:
    """The last known status of every entry in one environment; of each distribution, only what
    was seen of its newest loaded version."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def of_this_environment(cls, environ: Mapping[str, str] = os.environ) -> "StatusBook":
        folder = environ.get(FOLDER) or platformdirs.user_cache_dir("lift-sys")
        # What is broken in one environment may well work in the next.
        environment = zlib.crc32(os.fsencode(sys.prefix))
        return cls(Path(folder) / f"plugins-{environment:08x}.json")

    def of(self, *entries: Entry) -> dict[Entry, Status]:
        file = self._read()
        return {entry: _status(file, entry) for entry in entries}

    def record(self, entry: Entry, status: Status) -> None:
        file = self._read()
        if _status(file, entry) == status:
            return
        known = file.distributions.get(entry.distribution)
        if known is None or known.version != entry.version:
            known = _Distribution(version=entry.version, entries={})
        known.entries[_key(entry)] = status
        file.distributions[entry.distribution] = known
        with contextlib.suppress(OSError):
            self._write(file)

    def _read(self) -> _File:
        try:
            return _File.model_validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return _File()

    def _write(self, file: _File) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, written = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(file.model_dump_json())
            Path(written).replace(self._path)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise


def _status(file: _File, entry: Entry) -> Status:
    known = file.distributions.get(entry.distribution)
    if known is None or known.version != entry.version:
        return UNCHECKED
    return known.entries.get(_key(entry), UNCHECKED)


def _key(entry: Entry) -> str:
    return f"{entry.kind}/{entry.name}"
