"""Loads one plugin in a process of its own, as nothing else is safe from what it may do."""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from ..errors import LiftError
from ._guard import import_seconds
from ._patience import Patience
from .catalogue import Entry
from .component import Component
from .manager import PluginManager
from .options import option_lines
from .status import Status, StatusBook

_AT_ONCE = 4
_GRACE_SECONDS = 5.0
_LOOK_SECONDS = 0.02
_ENDS = "ends.json"
_FORKS = sys.platform == "linux"
"""Else the core is imported anew for each plugin, which takes longer than most of them."""


class _Variable(BaseModel):
    name: str
    purpose: str


class StarterFound(BaseModel):
    options: dict[str, Any]
    meanings: dict[str, str]
    """What each of these options is."""
    request: str | None
    examples: tuple[str, ...] = ()


class _Order(BaseModel):
    names: list[tuple[str, str]]
    """Kind and full name of each."""
    seconds: float
    """For each."""


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
    with tempfile.TemporaryDirectory() as folder:
        ends = _examine(Path(folder), entries, seconds)
        found = {
            entry: _answered(Path(folder, str(place)), ends.get(str(place)), seconds)
            for place, entry in enumerate(entries)
        }
    for entry, examined in found.items():
        book.record(entry, examined.status)
    return found


def _examine(folder: Path, entries: Sequence[Entry], seconds: float) -> dict[str, int | None]:
    """How the process of each ended, by its place; None: it did not end in time."""
    names = [(entry.kind, entry.full_name) for entry in entries]
    order = _Order(names=names, seconds=seconds + _GRACE_SECONDS)
    # Nothing of a plugin runs in the one that is started here, so it ends.
    subprocess.run(
        [sys.executable, "-P", "-m", __name__, folder],
        input=order.model_dump_json().encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    try:
        return json.loads((folder / _ENDS).read_bytes())
    except (OSError, ValueError):
        return {}


def _answered(answer: Path, end: int | None, seconds: float) -> Examined:
    try:
        return Examined.model_validate_json(answer.read_bytes())
    except (OSError, ValidationError):
        how = f"does not end within {seconds:g} s"
        if end is not None:
            how = f"ends the process when it is loaded (exit status {end})"
        return Examined(state="broken", cause=how)


def _serve(folder: Path) -> None:
    """Loads each in a process that begins where all of them do: with the core imported."""
    order = _Order.model_validate_json(sys.stdin.buffer.read())
    manager = PluginManager.installed()
    # What nearly every plugin imports: once, and not in each process.
    import_module("lift_sys.interfaces")
    start = _forked if _FORKS else _spawned
    waiting = list(enumerate(order.names))
    under_way: dict[int, tuple[BaseProcess, Patience]] = {}
    ends: dict[int, int | None] = {}
    while waiting or under_way:
        while waiting and len(under_way) < min(_AT_ONCE, os.cpu_count() or 1):
            place, (kind, name) = waiting.pop(0)
            process = start(manager, kind, name, folder / str(place))
            process.start()
            under_way[place] = process, Patience(order.seconds, process.pid)
        for place, (process, patience) in [*under_way.items()]:
            process.join(_LOOK_SECONDS / len(under_way))
            if process.exitcode is None and not patience.is_over:
                continue
            ends[place] = process.exitcode
            process.kill()
            process.join()
            del under_way[place]
    (folder / _ENDS).write_text(json.dumps(ends), encoding="utf-8")


def _forked(*arguments: Any) -> BaseProcess:
    return multiprocessing.get_context("fork").Process(target=_load, args=arguments)


def _spawned(manager: PluginManager, *arguments: Any) -> BaseProcess:
    """It finds the plugins itself."""
    return multiprocessing.get_context("spawn").Process(target=_load, args=(None, *arguments))


def _load(manager: PluginManager | None, kind: str, name: str, answer: Path) -> None:
    manager = manager or PluginManager.installed()
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
    answer.write_text(result.model_dump_json(), encoding="utf-8")


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
    _serve(Path(sys.argv[1]))
