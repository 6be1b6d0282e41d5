"""Which guards hold, found out by attacking them from a process under the very plan of a job."""

import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing, suppress

from . import scratch
from .confine import Limits, Plan, bounds, confine, file_rules
from .trial import works

_MEGABYTE = 2**20
_LIMITS = Limits(cpu_seconds=1, memory_bytes=64 * _MEGABYTE, output_bytes=1, job_seconds=10)


def guards(
    plan: Plan, places: scratch.Scratches, bait: str, listener: socket.socket
) -> tuple[str, ...]:
    """Names of the guards that withstood the attempt to break them.

    `bait` is a file outside the sandbox that everybody may read and write.
    """
    attacks: dict[str, Callable[[], object]] = {
        "no network": lambda: _connect(listener.getsockname()),
        "no outside reads": lambda: _read(bait),
        "no outside writes": lambda: _write(bait, plan.reads),
        "no processes": _fork,
        "no signals": lambda: os.kill(os.getppid(), 0),
        "memory limit": lambda: bytearray(2 * _LIMITS.memory_bytes),
        "cpu limit": _spin,
        "scratch limit": _fill,
    }
    confined = _survives(plan, places, lambda: None)
    return tuple(
        name for name, attack in attacks.items() if confined and not _survives(plan, places, attack)
    )


def _survives(plan: Plan, places: scratch.Scratches, attack: Callable[[], object]) -> bool:
    place = places.take(plan.uid)
    rules = file_rules(plan, place)
    try:
        return works(lambda: (confine(plan, bounds(plan, _LIMITS), place, rules), attack()))
    finally:
        if rules is not None:
            os.close(rules)
        places.give_back(place)


def listener() -> socket.socket:
    """What the probe of the network tries to reach."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # In a network namespace of our own there is not even a loopback to listen on.
    with suppress(OSError):
        made.bind(("127.0.0.1", 0))
        made.listen(1)
    return made


def _connect(address: tuple[str, int]) -> None:
    with closing(socket.create_connection(address, timeout=1)):
        pass


def _read(bait: str) -> None:
    os.close(os.open(bait, os.O_RDONLY))


def _write(bait: str, reads: tuple[str, ...]) -> None:
    """Succeeds where a single one of these places can be written to."""
    for folder in ("/", os.path.dirname(bait), *reads):
        with suppress(OSError):
            path = os.path.join(folder, "lift-sandbox-probe")
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
            os.unlink(path)
            return
    os.close(os.open(bait, os.O_WRONLY | os.O_APPEND))


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _spin() -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0.01)
    for _ in range(5_000_000):
        pass


def _fill() -> None:
    for half in ("one", "other"):
        with open(half, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, scratch.BYTES // 2 + 4096)
