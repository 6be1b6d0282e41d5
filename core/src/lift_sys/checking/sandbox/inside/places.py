"""Which files code in the sandbox may read: the standard library and what it is made of."""

import os
import sys
from collections.abc import Iterator

NULL = "/dev/null"


def readable() -> tuple[str, ...]:
    """Sorted; nothing that lies in another entry; only what exists."""
    found = {
        spelling
        for path in _candidates()
        if os.path.exists(path)
        for spelling in (os.path.abspath(path), os.path.realpath(path))
    }
    kept: list[str] = []
    for path in sorted(found):
        if not any(path.startswith(parent + os.sep) for parent in kept):
            kept.append(path)
    return tuple(kept)


def _candidates() -> Iterator[str]:
    yield from filter(None, sys.path)
    yield from _shared_libraries()
    yield from ("/etc/ld.so.cache", "/usr/share/zoneinfo", NULL)


def _shared_libraries() -> Iterator[str]:
    """The folders that the loader took this process's libraries from."""
    try:
        with open("/proc/self/maps") as file:
            maps = file.read()
    except OSError:
        return
    for line in maps.splitlines():
        path = line.partition("/")[2]
        if ".so" in path:
            yield os.path.dirname("/" + path)
