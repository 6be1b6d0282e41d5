"""What a job's process does to itself before it looks at the code."""

import math
import os
import signal
import sys
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from . import scratch
from .trial import works

if sys.platform != "win32":
    import resource
if sys.platform == "linux":
    from . import kernel, landlock, seccomp

_NOBODY = 65534
_OPEN_FILES = 64
_MEMORY_RESERVE = 16 * 2**20


class Limits(NamedTuple):
    cpu_seconds: float
    memory_bytes: int
    output_bytes: int
    job_seconds: float


Bounds = list[tuple[int, tuple[int, int]]]
"""Resource limits: the number of each, with its soft and hard value."""


class Plan(NamedTuple):
    """What this system lets a process do to itself. Made once, followed by every job."""

    reads: tuple[str, ...]
    base_memory: int
    landlock: int = 0
    calls: "seccomp.Filter | None" = None
    """The filter of system calls."""
    uid: int = -1
    ceilings: dict[str, tuple[int, int]] = {}
    """Of each resource limit: its number, and the most it may be set to."""

    @property
    def mechanisms(self) -> tuple[str, ...]:
        present: dict[str, bool] = {
            f"landlock {self.landlock}": self.landlock > 0,
            "seccomp": self.calls is not None,
            "own user": self.uid >= 0,
            "rlimits": bool(self.ceilings),
        }
        return tuple(name for name, there in present.items() if there)


def plan(reads: tuple[str, ...], base_memory: int) -> Plan:
    if sys.platform == "win32":
        return Plan(reads, base_memory)
    if sys.platform != "linux":
        return Plan(reads, base_memory, ceilings=_ceilings())
    programs = seccomp.programs()
    calls = None if programs is None else seccomp.Filter(*programs)
    return Plan(
        reads,
        base_memory,
        landlock=landlock.version(),
        calls=calls if calls is not None and works(calls.install) else None,
        uid=_NOBODY if os.geteuid() == 0 and works(partial(_become, _NOBODY, reads)) else -1,
        ceilings=_ceilings(),
    )


def memory_in_use() -> int:
    """Address space of this process: what a job inherits is not counted against it."""
    with suppress(OSError), open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def bounds(plan: Plan, limits: Limits) -> Bounds:
    """The resource limits of a job, worked out beforehand."""
    if not plan.ceilings:
        return []
    memory = plan.base_memory + limits.memory_bytes
    cpu = math.ceil(limits.job_seconds) + 1
    wanted = {
        "RLIMIT_CPU": (cpu, cpu + 1),
        "RLIMIT_AS": (memory, memory + _MEMORY_RESERVE),
        "RLIMIT_FSIZE": (scratch.BYTES, scratch.BYTES),
        "RLIMIT_NOFILE": (_OPEN_FILES, _OPEN_FILES),
        "RLIMIT_CORE": (0, 0),
    }
    if plan.calls is None:
        # Counts threads too, so it is only the second choice against new processes.
        wanted["RLIMIT_NPROC"] = (0, 0)
    found: Bounds = []
    for name, (soft, hard) in wanted.items():
        number, ceiling = plan.ceilings[name]
        found.append((number, (min(soft, ceiling), min(hard, ceiling))))
    return found


def file_rules(plan: Plan, place: str) -> int | None:
    """What Landlock is to enforce, made beforehand, as a descriptor that jobs can inherit."""
    if sys.platform != "linux" or not plan.landlock:
        return None
    return landlock.ruleset(plan.landlock, plan.reads, (place, os.devnull))


def confine(plan: Plan, bounds: Bounds, place: str, rules: int | None) -> None:
    """Follow the plan, or raise: a job never runs with fewer guards than were told."""
    os.chdir(place)
    for number, pair in bounds:
        # Some systems list a limit and then refuse to set it; the probes tell what holds.
        try:
            resource.setrlimit(number, pair)
        except (OSError, ValueError):
            continue
    if sys.platform == "linux":
        if rules is not None:
            landlock.confine(rules)
        if plan.uid >= 0:
            _become(plan.uid)
        else:
            kernel.drop_capabilities()
        # After the change of user, which would clear it.
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if plan.calls is not None:
            plan.calls.install()


def rehearse(plan: Plan) -> None:
    """Go through the motions of `confine` with what holds here anyway: for a zygote in namespaces,
    which dies with its parent already. Its capabilities it must keep."""
    if sys.platform == "linux" and plan.uid >= 0:
        held = [(number, resource.getrlimit(number)) for number, _ in plan.ceilings.values()]
        confine(plan._replace(uid=os.geteuid(), calls=None), held, "/", None)
        if plan.calls is not None:
            plan.calls.rehearse()


def allow_reserve() -> None:
    """Some memory above the limit, to report that the limit was reached."""
    if sys.platform != "win32":
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _ceilings() -> dict[str, tuple[int, int]]:
    """Of each limit we set: its number, and the most that we may set it to."""
    found: dict[str, tuple[int, int]] = {}
    for name in ("CPU", "AS", "FSIZE", "NOFILE", "CORE", "NPROC"):
        number = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(number)[1]
        found[f"RLIMIT_{name}"] = (number, sys.maxsize if hard < 0 else hard)
    return found


def _become(user: int, needed: tuple[str, ...] = ()) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    unreadable = [path for path in needed if not os.access(path, os.R_OK)]
    if unreadable:
        raise PermissionError(f"another user could not read {unreadable[0]}")
