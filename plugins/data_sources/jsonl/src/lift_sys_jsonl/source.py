"""Reads tasks, and apart from them the hidden tests, line by line: a file of any size will do."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from lift_sys.data.jsonl import JsonLine, json_lines
from lift_sys.errors import InputError
from lift_sys.interfaces import Hidden, Parts, Suite, Task

from .plugin import JsonlOptions

_SUFFIX = ".hidden.jsonl"


def create(options: JsonlOptions, parts: Parts) -> "JsonlSource":
    next(json_lines(options.path), None)  # a file that cannot be read is told at once
    beside = options.path.with_suffix(_SUFFIX)
    hidden = options.hidden or (beside if beside.exists() else None)
    name = options.name or options.path.name.partition(".")[0] or options.path.name
    return JsonlSource(options.path, hidden, Suite(name=name, version=options.version))


class _TaskLine(Task):
    """A task as it stands in the file."""

    hidden: Any = None
    """Never looked at where tasks are read."""


class _OfTheLine(Hidden):
    task: str = ""
    """It stands in the task's own line."""


class _HiddenPart(BaseModel):
    """Of a task's line, what grades it."""

    id: str
    hidden: _OfTheLine | None = None


class JsonlSource:
    def __init__(self, path: Path, hidden: Path | None, suite: Suite) -> None:
        self._path = path
        self._hidden = hidden
        self.suite = suite

    def tasks(self) -> Iterator[Task]:
        """Raises a located InputError at the first line that is no task."""
        seen: dict[str, int] = {}
        for line in json_lines(self._path):
            read = line.read(_TaskLine)
            first = seen.setdefault(read.id, line.number)
            if first != line.number:
                raise line.wrong(
                    f"the id {read.id!r} is already that of line {first}", "give each task its own"
                )
            yield _without_hidden(read)
        if not seen:
            raise InputError(f"{self._path} holds no task", remedy="write one JSON object a line")

    def hidden(self, ids: Sequence[str]) -> Mapping[str, Hidden]:
        wanted = set(ids)
        found: dict[str, Hidden] = {}
        for line, hidden in self._all_hidden():
            if hidden.task not in wanted:
                continue
            if hidden.task in found:
                raise line.wrong(
                    f"a second set of hidden tests for the task {hidden.task!r}",
                    "keep one of them",
                )
            found[hidden.task] = hidden
        return found

    def _all_hidden(self) -> Iterator[tuple[JsonLine, Hidden]]:
        for line in json_lines(self._path):
            if b'"hidden"' in line.text:
                part = line.read(_HiddenPart)
                if part.hidden is not None:
                    yield line, part.hidden.model_copy(update={"task": part.id})
        if self._hidden is not None:
            for line in json_lines(self._hidden):
                yield line, line.read(Hidden)


def _without_hidden(read: _TaskLine) -> Task:
    fields = {name: getattr(read, name) for name in Task.model_fields}
    return Task.model_construct(read.model_fields_set - {"hidden"}, **fields)
