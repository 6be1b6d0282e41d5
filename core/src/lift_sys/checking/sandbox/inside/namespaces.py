"""Namespaces for the zygote: its own network, process numbers, and a file system with next to
nothing in it. Entered once, so that a job does not pay for them."""

import os
import socket
from collections.abc import Iterable
from functools import partial

from . import kernel
from .trial import works

SCRATCH_ROOT = "/scratch"
FULL = "namespaces"

_REST = kernel.CLONE_NEWPID | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
_LEVELS = {
    FULL: kernel.CLONE_NEWNS | _REST,
    "namespaces without mounts": _REST,
}
_STAGING = "/proc"  # Exists everywhere, and nothing that is bound into the new root lies in it.
_LOADER_LINKS = ("/lib", "/lib32", "/lib64", "/bin")


def enter(reads: Iterable[str], scratches: int) -> str | None:
    """Enter as much as the kernel permits and say what that is; the next fork is process 1."""
    # Tried in a child first: a failure half-way must not leave us half-way.
    for level, flags in _LEVELS.items():
        if works(partial(_enter, flags, reads, scratches)):
            _enter(flags, reads, scratches)
            return level
    return None


def _enter(flags: int, reads: Iterable[str], scratches: int) -> None:
    _unshare(flags)
    socket.sethostname("sandbox")
    if flags & kernel.CLONE_NEWNS:
        _replace_root(reads, scratches)


def _unshare(flags: int) -> None:
    try:
        kernel.unshare(flags)
    except PermissionError:
        user, group = os.geteuid(), os.getegid()
        kernel.unshare(flags | kernel.CLONE_NEWUSER)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")


def _replace_root(reads: Iterable[str], scratches: int) -> None:
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    flags = kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount("tmpfs", _STAGING, "tmpfs", flags, "size=1m,mode=755")
    for link in filter(os.path.islink, _LOADER_LINKS):
        os.symlink(os.readlink(link), _STAGING + link)
    for path in reads:
        _show(path)
    for index in range(scratches):
        os.makedirs(f"{_STAGING}{SCRATCH_ROOT}/{index}")
    os.chdir(_STAGING)
    kernel.pivot_root(".", ".")
    kernel.detach(".")
    os.chdir("/")
    kernel.mount(None, "/", None, flags | kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY)


def _show(path: str) -> None:
    """Make `path` visible in the new root, read-only."""
    target = _STAGING + path
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        _write(target, "")
    kernel.mount(path, target, None, kernel.MS_BIND | kernel.MS_REC)
    # A user namespace may not lift what the original mount forbids, so that is asked for again.
    inherited = os.statvfs(path).f_flag & kernel.MS_NOEXEC
    flags = kernel.MS_BIND | kernel.MS_REMOUNT | kernel.MS_RDONLY | kernel.MS_NOSUID | inherited
    kernel.mount(None, target, None, flags)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)
