"""Seccomp: which system calls a process may make, as two BPF filters assembled here.

The large one is for what not even a zygote needs: it lays that upon itself, and its jobs inherit
it ready. The small one is for the rest, and each job's own: to make it a filter is not cheap.

What no function under test has any business with ends the process (SIGSYS). What harmless code
may try in passing is answered with an error instead.
"""

import ctypes
import errno
import os
import platform
import struct
from contextlib import suppress

from . import kernel

_MODE_FILTER = 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_CLONE_THREAD = 0x00010000
_FIRST_X32_CALL = 0x40000000
_THIS_PROCESS = 0x7FEDCBA9
_BLOCK = 8
_WORD = struct.Struct("I")

# Each call with its number on x86_64 and on aarch64. First what nobody needs.
_KILLED = """
# network
socket 41 198, connect 42 203, accept 43 202, accept4 288 242, bind 49 200, listen 50 201
# new processes and programs
vfork 58 -, execve 59 221, execveat 322 281
# other processes
pidfd_open 434 434, pidfd_send_signal 424 424, pidfd_getfd 438 438, rt_sigqueueinfo 129 138,
rt_tgsigqueueinfo 297 240, ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271,
process_madvise 440 440, process_mrelease 448 448, kcmp 312 272, migrate_pages 256 238,
move_pages 279 239
# ways round this filter
io_uring_setup 425 425, io_uring_enter 426 426, io_uring_register 427 427
# the file system's shape
pivot_root 155 41, chroot 161 51, unshare 272 97, setns 308 268,
open_tree 428 428, move_mount 429 429, fsopen 430 430, fsconfig 431 431, fsmount 432 432,
fspick 433 433, mount_setattr 442 442, name_to_handle_at 303 264, open_by_handle_at 304 265,
fanotify_init 300 262, quotactl 179 60
# memory that no limit counts
memfd_create 319 279, memfd_secret 447 447, shmget 29 194, shmat 30 196, shmctl 31 195,
msgget 68 186, msgsnd 69 189, msgrcv 70 188, msgctl 71 187, semget 64 190, mq_open 240 180
# the kernel and the machine
bpf 321 280, perf_event_open 298 241, userfaultfd 323 282, add_key 248 217,
request_key 249 218, keyctl 250 219, kexec_load 246 104, kexec_file_load 320 294,
init_module 175 105, finit_module 313 273, delete_module 176 106, reboot 169 142,
swapon 167 224, swapoff 168 225, acct 163 89, settimeofday 164 170, clock_settime 227 112,
clock_adjtime 305 266, adjtimex 159 171, sethostname 170 161, setdomainname 171 162,
iopl 172 -, ioperm 173 -, personality 135 92, syslog 103 116, vhangup 153 58, modify_ldt 154 -,
uselib 134 -
"""
_REFUSED = """
# what Landlock does not guard
setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7,
setxattrat 463 463, removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16,
removexattrat 466 466, file_setattr 469 469, utime 132 -, utimes 235 -, futimesat 261 -,
utimensat 280 88, truncate 76 45, mknod 133 -, mknodat 259 33, inotify_init 253 -,
inotify_init1 294 26
# priorities
setpriority 141 140, sched_setscheduler 144 119, sched_setattr 314 274, ioprio_set 251 30
"""
# What a zygote needs for its jobs' places and processes, and jobs do not.
_KILLED_IN_JOBS = """
fork 57 -, mount 165 40, umount2 166 39
"""
_REFUSED_IN_JOBS = """
chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, chown 92 -, fchown 93 55,
lchown 94 -, fchownat 260 54
"""
_DECIDED_IN_JOBS = """
clone 56 220, clone3 435 435, kill 62 129, tkill 200 130, tgkill 234 131, prlimit64 302 261,
prctl 157 167
"""

_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""How the kernel names a machine, and the column of its numbers."""


def programs() -> tuple[bytes, bytes] | None:
    """The shared filter and the jobs' own for this machine; None where its calls are not known."""
    machine = _MACHINES.get(platform.machine())
    return _assemble(*machine) if machine and struct.calcsize("P") == 8 else None


class Filter:
    """Programs laid out in memory beforehand, so that a job has next to nothing left to do."""

    def __init__(self, shared: bytes, own: bytes) -> None:
        self._shared: _Program | None = _Program(shared)
        self._own = _Program(own)

    def share(self) -> None:
        """Install what is shared for this process and all that come from it."""
        if self._shared is not None:
            self._shared.install()
            self._shared = None

    def install(self) -> None:
        """For this process; `kill` reaches nobody else."""
        self.share()
        self._own.fill_in(os.getpid())
        self._own.install()

    def rehearse(self) -> None:
        """The same for nothing."""
        self._own.fill_in(os.getpid())
        with suppress(OSError):
            _Program(b"").install()


class _Program:
    def __init__(self, program: bytes) -> None:
        self._code = ctypes.create_string_buffer(program, len(program))
        head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(self._code))
        self._head = ctypes.create_string_buffer(head, len(head))
        # Process numbers are small enough that nothing but the placeholder looks like it.
        self._own = tuple(
            at
            for at in range(0, len(program), _WORD.size)
            if _WORD.unpack_from(program, at)[0] == _THIS_PROCESS
        )

    def fill_in(self, process: int) -> None:
        for at in self._own:
            _WORD.pack_into(self._code, at, process)

    def install(self) -> None:
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.prctl(kernel.PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(self._head))


def _assemble(machine: int, column: int) -> tuple[bytes, bytes]:
    kill, refuse = _answer(_KILL), _answer(_ERRNO | errno.EPERM)
    decided = _numbers(_DECIDED_IN_JOBS, column)
    answers = {
        # With clone3 "unknown", threads are made with clone, whose flags can be read.
        "clone3": _answer(_ERRNO | errno.ENOSYS),
        "clone": _by_argument(_ANY_BIT, (_CLONE_THREAD,), _ALLOW, _KILL),
        "prlimit64": _by_argument(_EQUAL, (0, _THIS_PROCESS), _ALLOW, _KILL),
        "prctl": _by_argument(_EQUAL, (kernel.PR_SET_PDEATHSIG,), _ERRNO | errno.EPERM, _ALLOW),
        **dict.fromkeys(
            ("kill", "tkill", "tgkill"), _by_argument(_EQUAL, (_THIS_PROCESS,), _ALLOW, _KILL)
        ),
    }
    shared = {
        **dict.fromkeys(_numbers(_KILLED, column).values(), kill),
        **dict.fromkeys(_numbers(_REFUSED, column).values(), refuse),
    }
    own = {
        **dict.fromkeys(_numbers(_KILLED_IN_JOBS, column).values(), kill),
        **dict.fromkeys(_numbers(_REFUSED_IN_JOBS, column).values(), refuse),
        **{number: answers[name] for name, number in decided.items()},
    }
    head = [
        _op(_LOAD, _MACHINE_AT),
        _op(_EQUAL, machine, 1, 0),
        _op(_RETURN, _KILL),
        _op(_LOAD, _NUMBER_AT),
        _op(_AT_LEAST, _FIRST_X32_CALL, 0, 1),
        _op(_RETURN, _KILL),
    ]
    one, other = (b"".join(head + _search(each)) for each in (shared, own))
    return one, other


def _numbers(table: str, column: int) -> dict[str, int]:
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    entries = [entry.split() for entry in ",".join(lines).split(",") if entry.strip()]
    return {name: int(both[column]) for name, *both in entries if both[column] != "-"}


def _search(answers: dict[int, list[bytes]]) -> list[bytes]:
    """Blocks in ascending order, each skipped at once by a call that is beyond it: the kernel
    tries a new filter on every call there is, so its length would be paid for by each job."""
    numbers = sorted(answers)
    found: list[bytes] = []
    for at in range(0, len(numbers), _BLOCK):
        block: list[bytes] = []
        for number in numbers[at : at + _BLOCK]:
            block += [_op(_EQUAL, number, 0, len(answers[number])), *answers[number]]
        block.append(_op(_RETURN, _ALLOW))
        if at + _BLOCK < len(numbers):
            found.append(_op(_AT_LEAST, numbers[at + _BLOCK], len(block), 0))
        found += block
    return found


def _answer(verdict: int) -> list[bytes]:
    return [_op(_RETURN, verdict)]


def _by_argument(test: int, values: tuple[int, ...], then: int, otherwise: int) -> list[bytes]:
    """Decide a call by its first argument."""
    tests = [_op(test, value, len(values) - at, 0) for at, value in enumerate(values)]
    return [
        _op(_LOAD, _FIRST_ARGUMENT_AT),
        *tests,
        _op(_RETURN, otherwise),
        _op(_RETURN, then),
    ]


def _op(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, operand)
