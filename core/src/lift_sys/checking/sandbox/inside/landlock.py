"""Landlock: which files a process may touch. Needs no privilege, cannot be undone."""

import ctypes
import os
import stat
from collections.abc import Iterable

from . import kernel

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REFER, _TRUNCATE, _IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
_UP_TO_SYMLINK = (1 << 13) - 1
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
_NET_BIND_AND_CONNECT = 0b11
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The kernel's Landlock ABI; 0: it has none."""
    try:
        return kernel.syscall(_CREATE_RULESET, 0, 0, _VERSION_FLAG)
    except OSError:
        return 0


def ruleset(abi: int, reads: Iterable[str], writes: Iterable[str]) -> int:
    """A descriptor of the rules: read `reads`, change only what is in `writes`."""
    handled = _UP_TO_SYMLINK
    for needed, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEVICE)):
        handled |= right if abi >= needed else 0
    attributes, known_bytes = _attributes(abi, handled)
    made = kernel.syscall(_CREATE_RULESET, ctypes.addressof(attributes), known_bytes)
    try:
        for path in reads:
            _allow(made, path, _READ_FILE | _READ_DIR)
        for path in writes:
            _allow(made, path, handled & ~(_EXECUTE | _IOCTL_DEVICE))
    except OSError:
        os.close(made)
        raise
    return made


def confine(ruleset: int) -> None:
    """From here on this process keeps to the rules, whose descriptor it needs no longer."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.syscall(_RESTRICT_SELF, ruleset)
    os.close(ruleset)


def _attributes(abi: int, handled: int) -> tuple[_Ruleset, int]:
    network = _NET_BIND_AND_CONNECT if abi >= 4 else 0
    scoped = _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= 6 else 0
    known_bytes = 8 if abi < 4 else 16 if abi < 6 else 24
    return _Ruleset(handled, network, scoped), known_bytes


def _allow(ruleset: int, path: str, rights: int) -> None:
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            rights &= _ON_FILES
        beneath = _Beneath(rights, parent)
        kernel.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.addressof(beneath))
    finally:
        os.close(parent)
