"""What is said to a sandboxed process, and how its answers are read: with distrust."""

import json
from typing import Any, cast

from pydantic import ValidationError

from ...errors import InputError
from ...interfaces import Invocation, Observation, SandboxLimits
from ...ir import ValueCodecError, decode

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

    def __init__(self, calls: int, limits: SandboxLimits) -> None:
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
            self.has_loaded and len(self.observations) == self._calls
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
            self.loaded = None if frame.get("loaded") is None else _observation(frame["loaded"])
        else:
            self.observations.append(_observation(frame))


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


def _observation(data: object) -> Observation:
    try:
        seen = Observation.model_validate(data)
        _check_size([seen.value, *(seen.args_after or ())])
        decode(seen.value)
        for argument in seen.args_after or ():
            decode(argument)
    except (ValidationError, ValueCodecError, RecursionError) as error:
        raise Malformed from error
    return seen


def _check_size(values: list[Any]) -> None:
    """Members with equal hashes are cheap to send, and make whoever decodes them compare each
    with all others."""
    pending: list[Any] = values
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
