"""Who writes a run: so that one whose process is gone is known from one that is under way."""

import itertools
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SILENT = timedelta(hours=1)
"""After so long without a row, a run of another machine counts as broken off."""


_claimed: set[str] = set()
"""By recorders of this very process: one that was closed is known even where it cannot be written
down, as on a full disk."""
_numbers = itertools.count(1)


def claim() -> str:
    """For a recorder, until it releases it."""
    pid = os.getpid()
    owner = f"{socket.gethostname()}/{pid}/{_began(pid)}/{next(_numbers)}"
    _claimed.add(owner)
    return owner


def release(owner: str) -> None:
    _claimed.discard(owner)


def is_gone(owner: str, written: str) -> bool:
    """Whether nobody will write this run on; `written` is when somebody last did."""
    if not owner:
        return True
    host, pid, began, _ = owner.split("/")
    if host != socket.gethostname():
        return datetime.now(UTC) - datetime.fromisoformat(written) > _SILENT
    if int(pid) == os.getpid() and began == _began(os.getpid()):
        return owner not in _claimed
    return not _is_alive(int(pid)) or _began(int(pid)) != began


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _began(pid: int) -> str:
    """Tells a process from a later one with the same number, where the system says it."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
