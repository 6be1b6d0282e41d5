"""Notices what code must not try, and refuses it with a clear message.

The barrier is the kernel's (Landlock, seccomp, namespaces); this audit hook is what can say in
words which attempt was made, even when the code swallows the error.
"""

import os
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any

attempts: list[str] = []
"""What was tried since `clear()`."""

_MAX_ATTEMPTS = 20
_LOCAL_SOCKETS = getattr(socket, "AF_UNIX", -1)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_ALWAYS = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.killpg",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
        "os.system",
        "pty.spawn",
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyaddr",
        "socket.gethostbyname",
        "socket.getnameinfo",
        "socket.sendto",
        "subprocess.Popen",
    }
)
_CHANGES_FIRST_PATH = frozenset(
    {
        "os.chmod",
        "os.chown",
        "os.mkdir",
        "os.remove",
        "os.removexattr",
        "os.rmdir",
        "os.setxattr",
        "os.truncate",
        "os.utime",
        "shutil.rmtree",
    }
)
_CHANGES_BOTH_PATHS = frozenset({"os.link", "os.rename", "shutil.move"})
_READS_FIRST_PATH = frozenset({"os.chdir", "os.listdir", "os.scandir", "os.walk"})


class Watch:
    """Made beforehand; `start` says for which process and place."""

    def __init__(self, reads: Sequence[str]) -> None:
        self._reads = tuple(reads)
        self._writes: tuple[str, ...] = ()
        self._pid = 0
        self._tests: dict[str, Callable[[tuple[Any, ...]], bool]] = {
            "open": self._opens,
            "os.kill": lambda args: args[0] != self._pid,
            "os.symlink": lambda args: self._changes(args[1:2]),
            "socket.__new__": lambda args: args[1] not in (-1, _LOCAL_SOCKETS),
            **dict.fromkeys(_ALWAYS, lambda _: True),
            **dict.fromkeys(_CHANGES_FIRST_PATH, lambda args: self._changes(args[:1])),
            **dict.fromkeys(_CHANGES_BOTH_PATHS, lambda args: self._changes(args[:2])),
            **dict.fromkeys(_READS_FIRST_PATH, lambda args: not self._reads_of(args[0])),
        }

    def start(self, place: str) -> None:
        self._writes = (place,)
        self._pid = os.getpid()
        sys.addaudithook(self)

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        test = self._tests.get(event)
        if test is not None and test(args):
            attempt = f"{event}({_told(args)})"
            if len(attempts) < _MAX_ATTEMPTS:
                attempts.append(attempt)
            raise PermissionError(f"the sandbox forbids {attempt}")

    def _opens(self, args: tuple[Any, ...]) -> bool:
        path, mode, flags = args
        writes = bool(flags & _WRITING) or (isinstance(mode, str) and not {*mode} <= {*"rbtU"})
        if writes and path != os.devnull:
            return self._changes((path,))
        return not self._reads_of(path)

    def _changes(self, paths: tuple[Any, ...]) -> bool:
        return not all(_within(path, self._writes) for path in paths)

    def _reads_of(self, path: Any) -> bool:
        return _within(path, self._reads) or _within(path, self._writes)


def _within(path: Any, parents: Sequence[str]) -> bool:
    if path is None:
        path = "."
    if not isinstance(path, str | bytes):
        return True  # An open file's number: whether it could be opened was asked before.
    absolute = os.path.abspath(os.fsdecode(path))
    return any(absolute == it or absolute.startswith(it + os.sep) for it in parents)


def clear() -> None:
    attempts.clear()


def _told(args: tuple[Any, ...]) -> str:
    return ", ".join(repr(arg) if type(arg) in (str, bytes, int) else "..." for arg in args)[:200]
