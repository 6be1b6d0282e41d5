"""The one place a job may write to, as a plain directory, and how such a place is removed."""

import os
from contextlib import suppress
from typing import Protocol

BYTES = 8 * 2**20
"""The most that fits in it (where it is a file system of its own), and in any file."""


class Scratches(Protocol):
    def take(self, owner: int) -> str: ...

    def give_back(self, path: str) -> bool:
        """Make it empty; whether it is then the very same place as before."""
        ...

    def close(self) -> None: ...


class PlainScratches:
    """A directory for each, in `base`."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._made = 0

    def take(self, owner: int) -> str:
        self._made += 1
        path = os.path.join(self._base, str(self._made))
        os.mkdir(path, 0o700)
        if owner not in (-1, os.geteuid()):
            os.chown(path, owner, -1)
        return path

    def give_back(self, path: str) -> bool:
        remove_tree(path)
        return False

    def close(self) -> None:
        remove_tree(self._base)


def remove_tree(top: str) -> None:
    """Remove what hostile code left, however deep: nested folders are moved up, not descended."""
    with suppress(FileNotFoundError):
        pending = [top]
        while pending:
            folder = pending.pop()
            with suppress(OSError):
                os.chmod(folder, 0o700)
            pending += _empty(folder, top)
            if folder != top:
                os.rmdir(folder)
        os.rmdir(top)


def _empty(folder: str, top: str) -> list[str]:
    """Unlink the files, and move the folders right below `top`."""
    with os.scandir(folder) as entries:
        found = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
    folders: list[str] = []
    for path, is_folder in found:
        if not is_folder:
            os.unlink(path)
        elif folder == top:
            folders.append(path)
        else:
            with suppress(OSError):
                os.chmod(path, 0o700)
            shallow = os.path.join(top, os.urandom(16).hex())
            os.rename(path, shallow)
            folders.append(shallow)
    return folders
