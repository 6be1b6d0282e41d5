"""The versions an IR went through, each with its digest and the versions it came from."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from ._base import Frozen
from .canonical import digest
from .diff import Change, diff
from .models import IR


class HistoryError(ValueError):
    """A version that is not there, or a history that cannot be read."""


class Version(Frozen):
    digest: str
    parents: tuple[str, ...] = ()
    note: str = ""
    ir: IR
    """With its provenance: who made this version, and how."""


class History(Frozen):
    """An append-only sequence; every change gives a new History."""

    versions: tuple[Version, ...] = ()

    @property
    def head(self) -> Version:
        if not self.versions:
            raise HistoryError("this history has no version yet")
        return self.versions[-1]

    def add(self, ir: IR, *, parents: Iterable[str] | None = None, note: str = "") -> "History":
        """Parents default to the head. Adding what the head says already changes nothing."""
        name = digest(ir)
        if self.versions and self.head.digest == name:
            return self
        default = [self.head.digest] if self.versions else []
        known = tuple(
            self.get(parent).digest for parent in (default if parents is None else parents)
        )
        version = Version(digest=name, parents=known, note=note, ir=ir)
        return History(versions=(*self.versions, version))

    def get(self, name: str | int) -> Version:
        """By number, counted from 0 and from the end as in a list, or by the digest's beginning."""
        if isinstance(name, int):
            try:
                return self.versions[name]
            except IndexError:
                raise HistoryError(f"there are {len(self.versions)} versions, not {name}") from None
        found = {one.digest: one for one in self.versions if name and one.digest.startswith(name)}
        if len(found) != 1:
            what = "several versions begin" if found else "no version begins"
            raise HistoryError(f"{what} with {name!r}")
        return next(iter(found.values()))

    def changes(self, number: int) -> tuple[Change, ...]:
        """What version `number` changed against its first parent; of a first version, nothing."""
        version = self.get(number)
        return diff(self.get(version.parents[0]).ir, version.ir) if version.parents else ()

    def to_jsonl(self) -> str:
        return "".join(
            json.dumps(version.model_dump(mode="json")) + "\n" for version in self.versions
        )

    @classmethod
    def from_jsonl(cls, text: str) -> "History":
        """Raises HistoryError, with the line, for what is broken, missing or was tampered with."""
        versions: list[Version] = []
        known: set[str] = set()
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            version = _version(line, number)
            if digest(version.ir) != version.digest:
                raise HistoryError(f"line {number}: the IR is not the one its digest names")
            unknown = [parent for parent in version.parents if parent not in known]
            if unknown:
                raise HistoryError(f"line {number}: the parent {unknown[0]} comes nowhere before")
            known.add(version.digest)
            versions.append(version)
        return cls(versions=tuple(versions))


def _version(line: str, number: int) -> Version:
    try:
        data: Any = json.loads(line)
        return Version.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise HistoryError(f"line {number}: {where}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise HistoryError(f"line {number}: not JSON: {error}") from None
