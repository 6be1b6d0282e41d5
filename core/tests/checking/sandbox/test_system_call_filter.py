"""The filter, run here instruction by instruction, for machines this one is not as well."""

import errno
import functools
import struct
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the filter is for Linux")

seccomp = pytest.importorskip("lift_sys.checking.sandbox.inside.seccomp")

KILL, ALLOW = 0x80000000, 0x7FFF0000
REFUSE, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CALLS = {
    "x86_64": {"read": 0, "openat": 257, "execve": 59, "socket": 41, "clone": 56, "kill": 62},
    "aarch64": {"read": 63, "openat": 56, "execve": 221, "socket": 198, "clone": 220, "kill": 129},
}
PID = 4711


@pytest.fixture(params=list(MACHINES))
def machine(request):
    return request.param


@pytest.fixture
def decide(machine, monkeypatch):
    """What the filter answers to a call on the machine."""
    monkeypatch.setattr(seccomp.platform, "machine", lambda: machine)
    placeholder = struct.pack("I", seccomp._THIS_PROCESS)
    codes = [
        list(struct.iter_unpack("HBBI", program.replace(placeholder, struct.pack("I", PID))))
        for program in seccomp.programs()
    ]

    def run(number, first=0, arch=MACHINES[machine]):
        """The kernel takes the stricter answer, which is the smaller number, signed."""
        answers = [run_one(code, number, first, arch) for code in codes]
        return min(answers, key=lambda answer: answer - 2**32 if answer >= 2**31 else answer)

    def run_one(code, number, first, arch):
        data = struct.pack("IIQQ", number, arch, 0, first)
        accumulator, at = 0, 0
        while True:
            op, if_true, if_false, operand = code[at]
            at += 1
            if op == 0x06:
                return operand
            if op == 0x20:
                (accumulator,) = struct.unpack_from("I", data, operand)
                continue
            test = {
                0x15: accumulator == operand,
                0x35: accumulator >= operand,
                0x45: bool(accumulator & operand),
            }[op]
            at += if_true if test else if_false

    return run


def test_ordinary_calls_pass(machine, decide):
    for name in ("read", "openat"):
        assert decide(CALLS[machine][name]) == ALLOW


def test_network_and_programs_end_the_process(machine, decide):
    for name in ("execve", "socket"):
        assert decide(CALLS[machine][name]) == KILL


def test_threads_are_made_and_processes_are_not(machine, decide):
    thread, process = 0x3D0F00, 0x1200011
    assert decide(CALLS[machine]["clone"], thread) == ALLOW
    assert decide(CALLS[machine]["clone"], process) == KILL
    assert decide(435, thread) == UNKNOWN


def test_signals_reach_oneself_only(machine, decide):
    assert decide(CALLS[machine]["kill"], PID) == ALLOW
    for other in (0, 1, PID + 1, 2**32 - 1):
        assert decide(CALLS[machine]["kill"], other) == KILL


def test_every_listed_call_is_answered_as_listed(machine, decide):
    column = list(MACHINES).index(machine)
    numbers = functools.partial(seccomp._numbers, column=column)
    killed = numbers(seccomp._KILLED) | numbers(seccomp._KILLED_IN_JOBS)
    refused = numbers(seccomp._REFUSED) | numbers(seccomp._REFUSED_IN_JOBS)
    assert len(killed) > 60
    assert {decide(number) for number in killed.values()} == {KILL}
    assert {decide(number) for number in refused.values()} == {REFUSE}
    listed = {*killed.values(), *refused.values()}
    listed |= set(numbers(seccomp._DECIDED_IN_JOBS).values())
    assert {decide(number) for number in set(range(500)) - listed} == {ALLOW}


def test_another_machines_calls_end_the_process(decide):
    assert decide(0, arch=0x40000003) == KILL
    assert decide(0x40000000) == KILL


def test_a_machine_whose_calls_are_not_known_gets_no_filter(monkeypatch):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
    assert seccomp.programs() is None
