"""A folder that only one process at a time works in, where the system can promise that."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import InputError

if sys.platform != "win32":
    import fcntl


@contextmanager
def alone_in(folder: Path) -> Generator[None]:
    """Made where it is missing. Raises InputError where that cannot be, and where another process
    is at work in it.

    The folder itself is locked: nothing is left in it, and a process that is killed lets go.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = _opened(folder)
    except OSError as error:
        raise InputError(
            f"cannot work in {folder}: {error.strerror}",
            remedy="name a folder that you may write to, or make room there",
        ) from error
    if held is None:
        yield
        return
    try:
        # A file system without locks promises nothing; that is no reason not to work there.
        with suppress(OSError):
            _lock(held, folder)
        yield
    finally:
        os.close(held)


def _opened(folder: Path) -> int | None:
    """None: this system locks no folders."""
    return None if sys.platform == "win32" else os.open(folder, os.O_RDONLY)


def _lock(held: int, folder: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(
            f"another process is at work in {folder}",
            remedy="wait until it is done, or name another folder",
        ) from None
