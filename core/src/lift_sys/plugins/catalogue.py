"""What is installed, found out without importing any of it."""

import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..nearest import nearest
from .kinds import KINDS
from .metadata import CORE, GROUP_PREFIX, Distribution, Unreadable, installed, normalised


class Entry(NamedTuple):
    """One entry point: a component that a distribution says it offers."""

    kind: str
    name: str
    distribution: str
    version: str
    value: str
    """The plugin module."""
    requires_core: tuple[str, ...]
    """The distribution's requirements on lift-sys; none: it declares none."""
    summary: str
    """Of its distribution."""

    @property
    def full_name(self) -> str:
        """What names it even where another distribution offers the same name."""
        return f"{self.distribution}:{self.name}"


class Catalogue:
    """The entries of all kinds, and what was skipped on the way to them."""

    def __init__(
        self, entries: Sequence[Entry], *, core_version: str | None, problems: Sequence[str] = ()
    ) -> None:
        self.entries = tuple(entries)
        self.core_version = core_version
        """Of the installed lift-sys; None: it runs from a folder that was never installed."""
        self.problems = tuple(problems)

    @classmethod
    def installed(cls) -> "Catalogue":
        """Of this interpreter's search path, scanned once a process."""
        return _scanned(tuple(sys.path))

    @classmethod
    def scan(cls, paths: Sequence[str]) -> "Catalogue":
        entries: list[Entry] = []
        problems: list[str] = []
        core_version = None
        for found in installed(tuple(paths)):
            if isinstance(found, Unreadable):
                problems.append(f"{found.path} {found.cause}")
                continue
            if normalised(found.name) == CORE:
                core_version = found.version
            offered, unknown = _offered(found)
            entries += offered
            problems += unknown
        return cls(entries, core_version=core_version, problems=problems)

    def of(self, kind: str) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.kind == kind)

    def find(self, kind: str, name: str) -> tuple[Entry, ...]:
        """All that offer `name`, which may be `distribution:name`."""
        distribution, colon, short = name.rpartition(":")
        return tuple(
            entry
            for entry in self.of(kind)
            if entry.name == short
            and (not colon or normalised(entry.distribution) == normalised(distribution))
        )


@lru_cache(maxsize=1)
def _scanned(paths: tuple[str, ...]) -> Catalogue:
    return Catalogue.scan(paths)


def _offered(distribution: Distribution) -> tuple[list[Entry], list[str]]:
    entries: dict[tuple[str, str], Entry] = {}
    unknown: dict[str, str] = {}
    for group, name, value in _entry_points(distribution.entry_points):
        kind = group.removeprefix(GROUP_PREFIX)
        if kind == group:
            continue
        if kind not in KINDS:
            remedy = nearest(kind, KINDS)
            unknown[kind] = f"{distribution.name} offers {kind!r}, which is no kind: {remedy}"
            continue
        entries[kind, name] = Entry(
            kind=kind,
            name=name,
            distribution=distribution.name,
            version=distribution.version,
            value=value,
            requires_core=distribution.requires_core,
            summary=distribution.summary,
        )
    return list(entries.values()), list(unknown.values())


def _entry_points(text: str) -> Iterator[tuple[str, str, str]]:
    group = ""
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1].strip()
        elif line and not line.startswith(("#", ";")):
            name, equals, value = line.partition("=")
            if equals:
                yield group, name.strip(), value.strip()
