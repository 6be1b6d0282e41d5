"""How a training was begun: it goes on with the same options only."""

from pathlib import Path

from lift_sys.errors import InputError

from .kept_files import read_json, write_json
from .plugin import ScratchOptions

_NOTE = "training.options.json"
_DECIDING = ("shape", "steps", "batch_tokens", "muon", "adam", "warmup", "cooldown", "precision")
"""Beside those that decide the lessons: with another one it would not end as an undisturbed one."""


def begin(workdir: Path, options: ScratchOptions, *, is_begun: bool) -> None:
    """Raises InputError where what is there was begun with others."""
    asked = options.model_dump(mode="json", include={*_DECIDING})
    note = workdir / _NOTE
    if is_begun and note.exists():
        before = read_json(note, "delete it, and give the options that the training was begun with")
        other = [
            f"{name} {before.get(name)}, not {asked[name]}"
            for name in _DECIDING
            if before.get(name) != asked[name]
        ]
        if other:
            raise InputError(
                f"the training in {workdir} was begun with {', '.join(other)}",
                remedy="give the same options; or another folder, and this one as `start_from`",
            )
    write_json(note, asked)
