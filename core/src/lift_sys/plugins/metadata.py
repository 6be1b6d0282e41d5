"""The installed distributions that matter to lift-sys, read from their metadata folders.

Importing `importlib.metadata` costs four times a bare interpreter's start, and `lift --help` must
know what is installed. So folders are read here; only what is no folder is left to it.
"""

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from io import FileIO
from typing import Any, NamedTuple

CORE = "lift-sys"
GROUP_PREFIX = "lift_sys."

_SUFFIXES = (".dist-info", ".egg-info")
_SEPARATORS = str.maketrans("_.", "--")
_NAME_END = " ;[(<>=!~@"


class Distribution(NamedTuple):
    """A distribution that offers plugins, or lift-sys itself."""

    name: str
    version: str
    summary: str
    requires_core: tuple[str, ...]
    """Its requirements on lift-sys as written, without those of an extra."""
    entry_points: str
    """The text of its entry_points.txt; empty where that names no plugin."""


class Unreadable(NamedTuple):
    """A metadata folder that was skipped."""

    path: str
    cause: str


class _Source(NamedTuple):
    key: str
    path: str
    read: Callable[[str], str | None]


def normalised(name: str) -> str:
    """A distribution's name in the one form in which two of them are compared."""
    return "-".join(part for part in name.lower().translate(_SEPARATORS).split("-") if part)


def installed(paths: tuple[str, ...]) -> Iterator[Distribution | Unreadable]:
    """Along a search path; of two distributions with one name only the first counts."""
    seen: set[str] = set()
    for path in dict.fromkeys(path or os.curdir for path in paths):
        for source in _sources(path):
            if source.key not in seen:
                seen.add(source.key)
                yield from _read(source)


def _sources(path: str) -> Iterator[_Source]:
    try:
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith(_SUFFIXES))
    except NotADirectoryError:
        yield from _packed(path)
        return
    except OSError:
        return
    for name in names:
        if not name.startswith("~"):  # to which pip renames what it could not delete
            key = normalised(name.rpartition(".")[0].partition("-")[0])
            yield _Source(key, f"{path}/{name}", _FolderReader(f"{path}/{name}"))


class _FolderReader:
    def __init__(self, path: str) -> None:
        self._path = path

    def __call__(self, name: str) -> str | None:
        try:
            with FileIO(f"{self._path}/{name}") as file:
                return file.readall().decode("utf-8", "replace")
        except (FileNotFoundError, NotADirectoryError):
            return None


def _packed(path: str) -> Iterator[_Source]:
    """Inside a zip file."""
    metadata: Any = import_module("importlib.metadata")
    for found in metadata.distributions(path=[path]):
        yield _Source(normalised(found.name or ""), path, found.read_text)


def _read(source: _Source) -> Iterator[Distribution | Unreadable]:
    try:
        entry_points = source.read("entry_points.txt") or ""
        if f"[{GROUP_PREFIX}" not in entry_points:
            if source.key != CORE:
                return
            entry_points = ""
        text = source.read("METADATA") or source.read("PKG-INFO")
    except OSError as error:
        yield Unreadable(source.path, f"cannot be read: {error.strerror or error}")
        return
    if text is None:
        yield Unreadable(source.path, "has no METADATA")
        return
    headers = _headers(text)
    name, version = headers.get("name"), headers.get("version")
    if not name or not version:
        yield Unreadable(source.path, "its METADATA states no name or no version")
        return
    if source.key == CORE:  # which goes with itself
        requires: tuple[str, ...] = (CORE,)
    else:
        requires = tuple(line for line in headers.get("requires-dist", []) if _is_core(line))
    summary = headers.get("summary", [""])[0]
    yield Distribution(name[0], version[0], summary, requires, entry_points)


def _headers(text: str) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line:
            break
        key, colon, value = line.partition(":")
        if colon and key[0] not in " \t":  # which continue the line before
            headers.setdefault(key.lower(), []).append(value.strip())
    return headers


def _is_core(requirement: str) -> bool:
    stated, _, marker = requirement.partition(";")
    name = stated
    for character in _NAME_END:
        name = name.partition(character)[0]
    return normalised(name) == CORE and "extra" not in marker
