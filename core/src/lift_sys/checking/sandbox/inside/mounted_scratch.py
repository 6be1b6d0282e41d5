"""Scratch places that are small file systems: bounded by the kernel and gone in one call."""

import os

from . import kernel, scratch
from .namespaces import SCRATCH_ROOT

_FILES = 4096
_FLAGS = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC


class MountedScratches:
    def __init__(self, count: int) -> None:
        self._free = [f"{SCRATCH_ROOT}/{index}" for index in range(count)]
        self._mounted: set[str] = set()

    def take(self, owner: int) -> str:
        path = self._free.pop()
        if path not in self._mounted:
            user = "" if owner < 0 else f",uid={owner}"
            options = f"size={scratch.BYTES},nr_inodes={_FILES},mode=700{user}"
            kernel.mount("tmpfs", path, "tmpfs", _FLAGS, options)
            self._mounted.add(path)
        return path

    def give_back(self, path: str) -> bool:
        untouched = not os.listdir(path)
        if not untouched:
            kernel.detach(path)
            self._mounted.remove(path)
        self._free.append(path)
        return untouched

    def close(self) -> None:
        """The kernel forgets the mounts with their namespace."""
