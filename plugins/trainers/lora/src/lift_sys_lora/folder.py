"""The folder of one training: which options began it, and what came of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lift_sys.errors import InputError

from .plugin import LoraOptions

ADAPTER = "adapter"
RESULT = "result.json"
_BEGUN = "training.json"
MAY_CHANGE = {
    *("checkpoint_minutes", "data", "modal", "sweep", "usd_per_hour", "validation", "where"),
    *("compared", "executed", "answer_tokens", "forgetting"),
}
"""Options that another run of the same training may have; the data counts by its digest."""


@dataclass(frozen=True, slots=True)
class Folder:
    path: Path

    @property
    def adapter(self) -> Path:
        return self.path / ADAPTER

    def begin(self, options: LoraOptions, data: str) -> None:
        """Raises InputError where a training with other options began here."""
        self.path.mkdir(parents=True, exist_ok=True)
        begun = {**options.model_dump(mode="json", exclude=MAY_CHANGE), "data": data}
        note = self.path / _BEGUN
        if note.exists():
            before = read_json(note)
            other = sorted(name for name in begun if before.get(name) != begun[name])
            if other:
                raise InputError(
                    f"the training in {self.path} was begun with another {', '.join(other)}",
                    remedy="give the same options, or another folder",
                )
        write_json(note, begun)

    def result(self) -> dict[str, Any] | None:
        """None: it is not at its end."""
        path = self.path / RESULT
        return read_json(path) if path.exists() else None

    def finish(self, metrics: Mapping[str, float], about: Mapping[str, Any]) -> dict[str, Any]:
        """Where the result stands, the adapter is whole."""
        told = {"metrics": dict(metrics), "digest": digest_of(self.adapter), **about}
        write_json(self.path / RESULT, told)
        return told


def digest_of(adapter: Path) -> str:
    return hashlib.sha256((adapter / "adapter_model.safetensors").read_bytes()).hexdigest()


def digest_of_files(*paths: Path | None) -> str:
    sha = hashlib.sha256()
    for path in paths:
        sha.update(hashlib.sha256(b"" if path is None else path.read_bytes()).digest())
    return sha.hexdigest()


def write_json(path: Path, told: Mapping[str, Any]) -> None:
    partial = path.with_name(f"{path.name}.part")
    partial.write_text(json.dumps(told, indent=1, default=str) + "\n", encoding="utf-8")
    partial.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Raises InputError where it is damaged."""
    try:
        return dict(json.loads(path.read_bytes()))
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{path} is damaged",
            remedy="delete it, and give the command that began the training again",
        ) from error
