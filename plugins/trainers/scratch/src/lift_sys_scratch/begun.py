"""How a training was begun: it goes on with the same options only."""

import json
from pathlib import Path

from lift_sys.errors import InputError

from .plugin import ScratchOptions

_NOTE = "training.options.json"
_DECIDING = ("shape", "steps", "batch_tokens", "muon", "adam", "warmup", "cooldown", "precision")
"""Beside those that decide the lessons: with another one it would not end as an undisturbed one."""


def begin(workdir: Path, options: ScratchOptions, *, is_begun: bool) -> None:
    """Raises InputError where what is there was begun with others."""
    asked = options.model_dump(mode="json", include={*_DECIDING})
    note = workdir / _NOTE
    if is_begun and note.exists():
        before = json.loads(note.read_text(encoding="utf-8"))
        other = [
            f"{name} {before[name]}, not {asked[name]}"
            for name in _DECIDING
            if before[name] != asked[name]
        ]
        if other:
            raise InputError(
                f"the training in {workdir} was begun with {', '.join(other)}",
                remedy="give the same options; or another folder, and this one as `start_from`",
            )
    note.write_text(json.dumps(asked, indent=1) + "\n", encoding="utf-8")
