"""The warm process that forks one child per job.

It never reads a job: each arrives as an open socket, handed on to the child, over which whoever
asked talks to the child directly. Here is only: fork, kill, and tell how a child ended.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from contextlib import closing
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

from . import confine, job, kernel, namespaces, places, probes
from .confine import Bounds, Limits, Plan, bounds, file_rules, memory_in_use, plan
from .mounted_scratch import MountedScratches
from .orders import ENDED, FAILED, ORDER
from .scratch import PlainScratches, Scratches

# What generated functions import most, so that each job need not. Not `random`, which seeds itself
# anew after each fork.
_WARM = (
    "bisect collections copy datetime functools heapq itertools math operator re "
    "string textwrap typing"
)
# Enough for the interpreter to have specialised its instructions, which later would be done by
# each job for itself.
_REHEARSALS = 20
_ROOM_FOR_ONE = socket.CMSG_SPACE(4)
_MOST_FILES = 256


def main(control: str, base: str, most_jobs: str) -> None:
    """Serve on the socket `control`. `base` is a folder with a file `bait`, for the probes."""
    channel = socket.socket(fileno=int(control))
    try:
        _serve_in_namespaces(channel, base, int(most_jobs))
    except Exception:
        _say(channel, {"error": traceback.format_exc(limit=-3)})
        raise


def _serve_in_namespaces(control: socket.socket, base: str, most_jobs: int) -> None:
    for name in _WARM.split():
        import_module(name)
    os.umask(0o022)
    reads = places.readable()
    memory = memory_in_use()
    level = namespaces.enter(reads, most_jobs)
    if level is None:
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    else:
        _become_process_one(control)
    hidden = level == namespaces.FULL
    scratches = MountedScratches(most_jobs) if hidden else PlainScratches(base)
    own = plan(reads, memory)
    with closing(probes.listener()) as listener:
        if own.calls is not None:
            own.calls.share()
        told = probes.guards(own, scratches, os.path.join(base, "bait"), listener)
    mechanisms = own.mechanisms if level is None else (level, *own.mechanisms)
    # Without the system-call filter a job may leave processes; told apart they cannot be.
    alone = own.calls is None
    server = _Server(control, own, scratches, alone)
    server.warm_up(in_namespaces=level is not None)
    _say(control, {"guards": (*told, *mechanisms), "hidden": hidden, "alone": alone})
    server.serve()


def _become_process_one(control: socket.socket) -> None:
    """Go on in a child, the first of its namespace: when it ends, all in there ends."""
    child = os.fork()
    if child:
        control.close()
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


class _Running(NamedTuple):
    id: int
    place: str


class _Server:
    def __init__(
        self, control: socket.socket, plan: Plan, scratches: Scratches, alone: bool
    ) -> None:
        self._control = control
        self._setting = job.Setting(plan)
        self._limits: Limits | None = None
        self._bounds: Bounds = []
        self._rules: dict[str, int | None] = {}
        self._scratches = scratches
        self._alone = alone
        self._jobs: dict[int, _Running] = {}
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)

    def warm_up(self, *, in_namespaces: bool) -> None:
        for _ in range(_REHEARSALS):
            if in_namespaces:
                confine.rehearse(self._setting.plan)
            job.rehearse(self._setting)
        gc.collect()
        gc.disable()
        gc.freeze()

    def serve(self) -> NoReturn:
        signal.signal(signal.SIGCHLD, _noted)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        poller = select.poll()
        poller.register(self._control, select.POLLIN)
        poller.register(self._woken, select.POLLIN)
        while True:
            for descriptor, _ in poller.poll():
                if descriptor == self._woken:
                    os.read(self._woken, 512)
                    self._reap()
                elif not self._obey():
                    self._end()

    def _obey(self) -> bool:
        payload, handed, _, _ = self._control.recvmsg(ORDER.size, _ROOM_FOR_ONE)
        if not payload:
            return False
        id, cpu, memory, output, seconds = ORDER.unpack(payload)
        if handed:
            limits = Limits(cpu, int(memory), int(output), seconds)
            self._start(id, limits, int.from_bytes(handed[0][2], sys.byteorder))
        else:
            self._kill(id)
        return True

    def _start(self, id: int, limits: Limits, stream: int) -> None:
        plan = self._setting.plan
        try:
            place = self._scratches.take(plan.uid)
            if place not in self._rules:
                self._rules[place] = file_rules(plan, place)
            if limits != self._limits:
                self._limits, self._bounds = limits, bounds(plan, limits)
            terms = job.Terms(limits, self._bounds, place, self._rules[place])
            child = os.fork()
        except (OSError, IndexError):
            os.close(stream)
            self._control.send(ENDED.pack(id, FAILED, 0.0))
            return
        if child == 0:
            self._become_job(stream, terms)
        os.close(stream)
        self._jobs[child] = _Running(id, place)

    def _become_job(self, stream: int, terms: job.Terms) -> NoReturn:
        try:
            # The handler of SIGCHLD stays: it does nothing, and taking it back is not cheap.
            signal.set_wakeup_fd(-1)
            os.setsid()
            _close_all_but(stream, stream if terms.rules is None else terms.rules)
            job.run(stream, stream, self._setting, terms)
        finally:
            os._exit(70)

    def _kill(self, id: int) -> None:
        for pid, running in self._jobs.items():
            if running.id == id:
                os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            running = self._jobs.pop(pid, None)
            if running is not None:
                self._clean_up(pid, running)
                cpu = usage.ru_utime + usage.ru_stime
                code = os.waitstatus_to_exitcode(status)
                self._control.send(ENDED.pack(running.id, code, cpu))

    def _clean_up(self, pid: int, running: _Running) -> None:
        if self._alone:
            _kill_all(pid)
        try:
            if not self._scratches.give_back(running.place):
                rules = self._rules.pop(running.place)
                if rules is not None:
                    os.close(rules)
        except OSError as error:
            sys.exit(f"a scratch place cannot be cleared: {error!r}")

    def _end(self) -> NoReturn:
        for pid in self._jobs:
            os.kill(pid, signal.SIGKILL)
        for pid in self._jobs:
            os.waitpid(pid, 0)
        self._scratches.close()
        os._exit(0)


def _close_all_but(one: int, other: int) -> None:
    lower, higher = (one, other) if one < other else (other, one)
    os.closerange(3, lower)
    os.closerange(lower + 1, higher)
    os.closerange(higher + 1, _MOST_FILES)


def _noted(number: int, frame: object) -> None:
    """A handler must be there for the wake-up to be written."""


def _kill_all(group: int) -> None:
    """What a job left behind: its group and, where we are process 1, everything but us."""
    for target in (-group, *((-1,) if os.getpid() == 1 else ())):
        try:
            os.kill(target, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _say(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode())
