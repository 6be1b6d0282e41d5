"""Runs one job: loads the source, makes the calls, tells after each what happened."""

import gc
import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NamedTuple, NoReturn

from ....ir.values import decode
from . import confine, forbid, observe
from .confine import Bounds, Limits, Plan
from .forbid import Watch
from .observe import Caught, Told
from .orders import AS_GIVEN

_MODULE_NAME = "candidate"
_FRAME_OVERHEAD = 4096
_REHEARSED = "def f(a, *, b):\n    return a\n"
_DECODER = json.JSONDecoder()


class Setting:
    """What is ready before there is a job: made by the zygote once, to be inherited."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.watch = Watch(plan.reads)
        self.output = _Output()
        self.text = io.TextIOWrapper(self.output, "utf-8", "backslashreplace", write_through=True)
        self.module = ModuleType(_MODULE_NAME)


class Terms(NamedTuple):
    """What holds for one job."""

    limits: Limits
    bounds: Bounds
    place: str
    rules: int | None


def run(receive: int, send: int, setting: Setting, terms: Terms) -> NoReturn:
    """Confine this process, then do what is asked for over `receive`. Never returns."""
    status = 70
    try:
        confine.confine(setting.plan, terms.bounds, terms.place, terms.rules)
        channel = _Channel(receive, send, terms.limits.output_bytes, setting.output)
        request = channel.ask()
        setting.watch.start(terms.place)
        gc.enable()
        _perform(request["source"], request["calls"], channel, terms.limits, setting)
        status = 0
    finally:
        os._exit(status)


def rehearse(setting: Setting) -> None:
    """Do a harmless job here, unconfined, so that what a first time costs is not paid by each."""
    request = json.dumps({"source": _REHEARSED, "calls": [["f", [[1, "x"]], {"b": {}}]]}).encode()
    limits = Limits(cpu_seconds=1, memory_bytes=0, output_bytes=1000, job_seconds=1)
    outside = sys.stdout, sys.stderr
    (receive, ours), (theirs, send) = os.pipe(), os.pipe()
    os.write(ours, len(request).to_bytes(4, "big") + request)
    channel = _Channel(receive, send, limits.output_bytes, setting.output)
    asked = channel.ask()
    _perform(asked["source"], asked["calls"], channel, limits, setting)
    for end in (receive, ours, theirs, send):
        os.close(end)
    setting.module = ModuleType(_MODULE_NAME)
    del sys.modules[_MODULE_NAME]
    sys.stdout, sys.stderr = outside


class _Channel:
    """Frames of JSON, each after its length in four bytes."""

    def __init__(self, receive: int, send: int, limit: int, output: "_Output") -> None:
        self._receive = receive
        self._send = send
        self._limit = limit
        self.output = output
        output.room = limit

    def ask(self) -> dict[str, Any]:
        """Say that the guards are up, and wait for what to do under them."""
        self._write(b"{}")
        size = int.from_bytes(self._read(4), "big")
        return _DECODER.raw_decode(self._read(size).decode())[0]

    def tell(self, told: Told) -> None:
        told["stdout"] = self.output.take()
        payload = json.dumps(told, allow_nan=False, separators=(",", ":")).encode()
        # Room for the value, the arguments and what was printed, escaped as JSON wants it.
        if len(payload) > 4 * self._limit + _FRAME_OVERHEAD:
            told = {
                "outcome": "unencodable",
                "exception": told.get("exception"),
                "detail": f"a report of more than {self._limit} bytes",
            }
            payload = json.dumps(told).encode()
        self._write(payload)

    def _write(self, payload: bytes) -> None:
        left = memoryview(len(payload).to_bytes(4, "big") + payload)
        while left:
            left = left[os.write(self._send, left) :]

    def _read(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size:
            part = os.read(self._receive, min(size, 2**20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class _Output(io.BufferedIOBase):
    """Keeps the first bytes that are printed, and forgets the rest."""

    name = "<output>"

    def __init__(self) -> None:
        self._kept = bytearray()
        self.room = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        size = len(memoryview(data).cast("B"))
        if self.room:
            kept = bytes(data[: self.room])
            self._kept += kept
            self.room -= len(kept)
        return size

    def take(self) -> str:
        text = self._kept.decode("utf-8", "replace")
        self._kept.clear()
        return text


def _perform(
    source: str,
    calls: Sequence[tuple[str, list[Any], dict[str, Any]]],
    channel: _Channel,
    limits: Limits,
    setting: Setting,
) -> None:
    sys.stdout = sys.stderr = setting.text
    module = setting.module
    sys.modules[_MODULE_NAME] = module
    failure = _load(source, {call[0] for call in calls}, module, limits)
    channel.tell({"loaded": failure})
    if failure is None:
        for name, args, kwargs in calls:
            channel.tell(_call(vars(module)[name], args, kwargs, limits))


def _load(source: str, names: set[str], module: ModuleType, limits: Limits) -> Told | None:
    with Caught() as caught:
        _start_clock(limits.cpu_seconds)
        exec(compile(source, observe.SOURCE_NAME, "exec", dont_inherit=True), vars(module))
    _start_clock(0)
    if caught.error is not None:
        return _failure(caught.error)
    missing = sorted(name for name in names if not callable(vars(module).get(name)))
    if missing:
        detail = f"the module defines no function {', '.join(missing)}"
        return {"outcome": "raised", "exception": "NameError", "detail": detail}
    return observe.attempted()


def _call(function: Any, args: list[Any], kwargs: dict[str, Any], limits: Limits) -> Told:
    forbid.clear()
    arguments = [decode(arg) for arg in args]
    named = {name: decode(arg) for name, arg in kwargs.items()}
    result = None
    with Caught() as caught:
        _start_clock(limits.cpu_seconds)
        result = function(*arguments, **named)
    _start_clock(0)
    if caught.error is not None:
        told = _failure(caught.error)
    else:
        told = observe.attempted() or observe.value(result, limits.output_bytes)
    told["args_after"] = _after(arguments, args, limits.output_bytes)
    return told


def _failure(error: BaseException) -> Told:
    if isinstance(error, MemoryError):
        confine.allow_reserve()
    return observe.error(error)


def _after(arguments: list[Any], given: list[Any], limit: int) -> list[Any] | bool | None:
    seen = observe.value(arguments, limit)
    if seen["outcome"] != "returned":
        return None
    # As text, in which 1, True and 1.0 differ, and so do two orders of one dictionary.
    return AS_GIVEN if repr(seen["value"]) == repr(given) else seen["value"]


def _start_clock(seconds: float) -> None:
    """CPU time of this call, enforced by the kernel even inside C code."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)
