"""What is said to a sandboxed process, and how its answers are read: with distrust."""

import itertools
import json
from collections.abc import Sequence
from typing import Any, cast

from pydantic import ValidationError

from ...errors import InputError
from ...interfaces import Invocation, Observation, SandboxLimits
from ...ir import ValueCodecError, decode
from .inside.orders import AS_GIVEN

_HEADER_BYTES = 4
_FRAME_OVERHEAD = 8192
_MAX_HASHED = 10_000


class Malformed(Exception):
    """The child's stream is no report: its code wrote into it."""


def request(source: str, invocations: tuple[Invocation, ...]) -> bytes:
    calls = [[call.function, call.args, call.kwargs] for call in invocations]
    try:
        payload = json.dumps({"source": source, "calls": calls}, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise InputError(
            f"a job's arguments are not JSON: {error}", remedy="encode them with lift_sys.ir.encode"
        ) from error
    return len(payload).to_bytes(_HEADER_BYTES, "big") + payload


def limits_in_order(limits: SandboxLimits) -> list[float]:
    """As the inside's `Limits` takes them."""
    return [
        limits.cpu_seconds,
        limits.memory_bytes,
        limits.output_bytes,
        limits.job_seconds,
    ]


class Answers:
    """Takes the bytes of one child as they come: ready, loaded, then an answer for each call."""

    def __init__(self, calls: Sequence[Invocation], limits: SandboxLimits) -> None:
        self._buffer = bytearray()
        self._most = 4 * limits.output_bytes + _FRAME_OVERHEAD
        self._room = limits.output_bytes
        self._calls = calls
        self.ready = False
        self.has_loaded = False
        self.loaded: Observation | None = None
        self.observations: list[Observation] = []
        self.stdout = ""

    @property
    def complete(self) -> bool:
        return self.loaded is not None or (
            self.has_loaded and len(self.observations) == len(self._calls)
        )

    @property
    def progress(self) -> int:
        return self.ready + self.has_loaded + len(self.observations)

    def feed(self, data: bytes) -> None:
        """Raises Malformed."""
        self._buffer += data
        while not self.complete and len(self._buffer) >= _HEADER_BYTES:
            size = int.from_bytes(self._buffer[:_HEADER_BYTES], "big")
            if size > self._most:
                raise Malformed
            end = _HEADER_BYTES + size
            if len(self._buffer) < end:
                return
            frame = bytes(self._buffer[_HEADER_BYTES:end])
            del self._buffer[:end]
            self._take(_parse(frame))

    def _take(self, frame: dict[str, Any]) -> None:
        printed = frame.pop("stdout", "")
        if not isinstance(printed, str):
            raise Malformed
        self.stdout += printed[: self._room - len(self.stdout)]
        if not self.ready:
            self.ready = True
        elif not self.has_loaded:
            self.has_loaded = True
            told = frame.get("loaded")
            self.loaded = None if told is None else _observation(told)
        else:
            call = self._calls[len(self.observations)]
            if frame.get("args_after") is AS_GIVEN:
                frame["args_after"] = call.args
            self.observations.append(_observation(frame, call.args))


def _parse(frame: bytes) -> dict[str, Any]:
    try:
        data = _DECODER.decode(frame.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(data, dict):
        raise Malformed
    return cast("dict[str, Any]", data)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _observation(data: object, given: Sequence[Any] = ()) -> Observation:
    try:
        seen = Observation.model_validate(data)
        _check(seen.value)
        for argument, before in itertools.zip_longest(seen.args_after or (), given):
            if argument is not before:
                _check(argument)
    except (ValidationError, ValueCodecError, RecursionError) as error:
        raise Malformed from error
    return seen


def _check(data: object) -> None:
    """That it is a value's encoding, and no bomb: members with equal hashes are cheap to send, and
    make whoever decodes them compare each with all others."""
    if isinstance(data, str | int | float | None):
        return
    pending = [data]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            members = cast("dict[str, Any]", item)
            body = members.get("v")
            hashed = members.get("$") in ("set", "frozenset", "dict") and isinstance(body, list)
            if hashed and len(cast("list[Any]", body)) > _MAX_HASHED:
                raise Malformed
            pending += members.values()
        elif isinstance(item, list):
            pending += cast("list[Any]", item)
    decode(data)
