"""The Linux system calls that Python has no function for."""

import ctypes
import os

PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

MS_RDONLY = 0x1
MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_REMOUNT = 0x20
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MNT_DETACH = 2

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_syscall, _prctl = _libc.syscall, _libc.prctl
_syscall.restype = ctypes.c_long
_syscall.argtypes = (ctypes.c_long,) + 4 * (ctypes.c_ulong,)
_prctl.argtypes = (ctypes.c_int,) + 4 * (ctypes.c_ulong,)


def syscall(number: int, first: int, second: int = 0, third: int = 0, fourth: int = 0) -> int:
    """Arguments are numbers or addresses."""
    return _checked(_syscall(number, first, second, third, fourth))


def prctl(option: int, first: int, second: int = 0) -> int:
    """Arguments are numbers or addresses."""
    return _checked(_prctl(option, first, second, 0, 0))


def unshare(flags: int) -> None:
    _checked(_libc.unshare(flags))


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    words = (_path(source), _path(target), _path(kind), ctypes.c_ulong(flags), _path(data))
    _checked(_libc.mount(*words))


def detach(target: str) -> None:
    _checked(_libc.umount2(_path(target), MNT_DETACH))


def pivot_root(new: str, old: str) -> None:
    _checked(_libc.pivot_root(_path(new), _path(old)))


def drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(_libc.capset(header, nothing))


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def _path(text: str | None) -> bytes | None:
    return None if text is None else os.fsencode(text)
