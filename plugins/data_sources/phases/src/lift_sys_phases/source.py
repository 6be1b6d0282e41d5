"""The suite as a data source. What grades stands in a file of its own, opened by `hidden` alone."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from lift_sys.interfaces import Code, Hidden, Parts, Suite, Task

from .plugin import PhasesOptions
from .reading import examples_from, ir_from, signature_from

VERSION = "1"
"""Of the suite: raise it with every change that makes its results another thing."""


class PhasesSource:
    suite = Suite(name="phases", version=VERSION)

    def __init__(self, options: PhasesOptions, parts: Parts) -> None:
        self._phase = options.phase

    def tasks(self) -> Iterator[Task]:
        for entry in _entries("tasks.toml"):
            if entry["phase"] <= self._phase:
                signature = signature_from(entry["name"], entry["signature"])
                yield Task(
                    id=entry["name"],
                    request=entry["request"],
                    examples=examples_from(entry["examples"]),
                    signature=signature,
                    category=entry["category"],
                    difficulty=entry["difficulty"],
                    metadata=_metadata(entry),
                )

    def hidden(self, ids: Sequence[str]) -> Mapping[str, Hidden]:
        signatures = {task.id: task.signature for task in self.tasks()}
        found: dict[str, Hidden] = {}
        for entry in _entries("hidden.toml"):
            name = entry["name"]
            signature = signatures.get(name)
            if name in ids and signature is not None:
                found[name] = Hidden(
                    task=name,
                    tests=examples_from(entry["tests"]),
                    reference=Code(name=name, source=entry["reference"].lstrip("\n")),
                    ir=ir_from(entry, signature),
                )
        return found


def _metadata(entry: dict[str, Any]) -> dict[str, str]:
    told = {"part": f"phase {entry['phase']}"}
    return told | ({"quirks": " ".join(entry["quirks"])} if "quirks" in entry else {})


def _entries(name: str) -> list[dict[str, Any]]:
    text = files("lift_sys_phases").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)["task"]
