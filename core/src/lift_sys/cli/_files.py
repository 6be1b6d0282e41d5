"""Files that are written whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path

from ..errors import InputError


def write_whole(path: Path, lines: Iterable[str]) -> int:
    """To a file, all of them or none. How many there were."""
    try:
        real = path.resolve()
        if real.exists() and not real.is_file():
            # A device or a pipe is written to; putting a file in its place would take it away.
            return _write_lines(real, lines)
        beside = real.with_name(f".{real.name}.{os.getpid()}")
        try:
            count = _write_lines(beside, lines)
            beside.replace(real)
        finally:
            beside.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise InputError(
            f"cannot write {path}: {getattr(error, 'strerror', None) or error}",
            remedy="name a file you may write to, where there is room",
        ) from error
    return count


def _write_lines(path: Path, lines: Iterable[str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(line + "\n")
            count += 1
    return count
