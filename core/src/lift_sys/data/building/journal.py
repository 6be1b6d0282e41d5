"""What a building has done so far, batch by batch: whoever begins again goes on from there."""

import json
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from ...errors import InputError
from ...ir import Frozen
from ..jsonl import JsonLine, json_lines
from .records import DatasetExample, Negative

JOURNAL = "building.jsonl"
M = TypeVar("M", bound=BaseModel)


class Step(Frozen):
    """One batch."""

    number: int
    family: int = Field(ge=0)
    """Where the next one begins."""
    funnel: dict[str, int]
    """After it."""
    examples: tuple[DatasetExample, ...]
    negatives: tuple[Negative, ...]
    others: tuple[tuple[str, str], ...]
    """Clusters and requests that were drawn and left out."""


class _Origin(Frozen):
    model_config = ConfigDict(extra="allow")

    plan: dict[str, Any]


class _Head(Frozen):
    origin: _Origin


class Journal:
    """A file of lines: the first says what is built, each further one is a step."""

    def __init__(self, folder: Path, origin: Mapping[str, Any]) -> None:
        self.path = folder / JOURNAL
        self._origin = dict(origin)

    @classmethod
    def origin_in(cls, folder: Path) -> dict[str, Any] | None:
        """What is built there; None: nothing yet."""
        path = folder / JOURNAL
        if not path.exists():
            return None
        first = next(iter(json_lines(path)), None)
        if first is None or not first.ended:
            return None
        return _read(first, path, _Head).origin.model_dump()

    def steps(self) -> Iterator[Step]:
        """Those that were done; half a line at the end is one that was not."""
        begun = self.origin_in(self.path.parent)
        if begun is None:
            self._begin()
            return
        if begun != self._origin:
            raise InputError(
                f"{self.path.parent} is built otherwise: {_difference(begun, self._origin)}",
                remedy="give the same options, none at all, or another folder",
            )
        self._drop_half_a_line()
        lines = json_lines(self.path)
        next(lines)
        for line in lines:
            yield _read(line, self.path, Step)

    def add(self, step: Step) -> None:
        with _told(self.path), self.path.open("a", encoding="utf-8") as file:
            file.write(step.model_dump_json() + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _begin(self) -> None:
        head = json.dumps({"origin": self._origin})
        with _told(self.path):
            self.path.write_text(head + "\n", encoding="utf-8")

    def _drop_half_a_line(self) -> None:
        with _told(self.path), self.path.open("rb+") as file:
            size = file.seek(0, os.SEEK_END)
            while size:
                start = max(0, size - 2**20)
                file.seek(start)
                end = file.read(size - start).rfind(b"\n")
                if end >= 0:
                    file.truncate(start + end + 1)
                    return
                size = start


@contextmanager
def _told(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(
            f"cannot write {path}: {error.strerror or error}",
            remedy="make room there, or give yourself the right to write; the same command then "
            "goes on where it stopped",
        ) from error


def _read(line: JsonLine, path: Path, model: type[M]) -> M:
    try:
        return line.read(model)
    except InputError as error:
        raise InputError(error.cause, remedy=f"delete {path} to build it all again") from error


def _difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    flat, others = ({**each, **each.get("plan", {})} for each in (one, other))
    names = [name for name in others if name != "plan" and flat.get(name) != others[name]]
    return ", ".join(f"{name} is {flat.get(name)!r}, not {others[name]!r}" for name in names)
