"""Loads one plugin in a process of its own, as nothing else is safe from what it may do."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from ..errors import LiftError
from ._guard import import_seconds
from .catalogue import Entry
from .component import Component
from .manager import PluginManager
from .options import option_lines
from .status import Status, StatusBook

_AT_ONCE = 4
_GRACE_SECONDS = 5.0


class _Variable(BaseModel):
    name: str
    purpose: str


class StarterFound(BaseModel):
    options: dict[str, Any]
    meanings: dict[str, str]
    """What each of these options is."""
    request: str | None
    examples: tuple[str, ...] = ()


class Examined(BaseModel):
    """What became of loading a component, and what it says of itself."""

    state: Literal["ok", "broken"]
    cause: str = ""
    variables: tuple[_Variable, ...] = ()
    summary: str = ""
    starter: StarterFound | None = None

    @property
    def status(self) -> Status:
        return Status(state=self.state, cause=self.cause)


def probe(entries: Sequence[Entry], book: StatusBook) -> dict[Entry, Status]:
    """Each one's status; it is recorded too."""
    return {entry: found.status for entry, found in examine(entries, book).items()}


def examine(entries: Sequence[Entry], book: StatusBook) -> dict[Entry, Examined]:
    """What each one is; its status is recorded too."""
    seconds = import_seconds()
    with ThreadPoolExecutor(min(_AT_ONCE, os.cpu_count() or 1)) as pool:
        found = dict(zip(entries, pool.map(partial(_examine, seconds), entries), strict=True))
    for entry, examined in found.items():
        book.record(entry, examined.status)
    return found


def _examine(seconds: float, entry: Entry) -> Examined:
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "result"
        command = [sys.executable, "-P", "-m", __name__, entry.kind, entry.full_name, str(answer)]
        try:
            # The child has the same limit; this one is for what it cannot interrupt.
            ended = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=seconds + _GRACE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Examined(state="broken", cause=f"does not end within {seconds:g} s")
        try:
            return Examined.model_validate_json(answer.read_bytes())
        except (OSError, ValidationError):
            cause = f"ends the process when it is loaded (exit status {ended.returncode})"
            return Examined(state="broken", cause=cause)


def _main(kind: str, name: str, answer: str) -> None:
    manager = PluginManager.installed()
    try:
        component = manager.component(kind, name)
        if kind == "commands":
            manager.command(name)
        else:
            manager.factory(component)
        result = Examined(
            state="ok",
            summary=component.summary,
            variables=tuple(
                _Variable(name=one.name, purpose=one.purpose) for one in component.variables
            ),
            starter=_starter(component),
        )
    except LiftError as error:
        result = Examined(state="broken", cause=error.cause)
    Path(answer).write_text(result.model_dump_json(), encoding="utf-8")


def _starter(component: Component) -> StarterFound | None:
    starter = component.starter
    if starter is None:
        return None
    meanings = {line.name: line.summary for line in option_lines(component.options)}
    return StarterFound(
        options=dict(starter.options),
        meanings={name: meanings.get(name, "") for name in starter.options},
        request=starter.request,
        examples=starter.examples,
    )


if __name__ == "__main__":
    _main(*sys.argv[1:])
