"""What the loopback server is told to do with a request, and what it saw."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came over the wire; `headers` have lower-case names."""

    method: str
    path: str
    headers: Mapping[str, str]
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """How one request is answered; the dialect of its path puts it into words."""

    text: str | Sequence[str] | Callable[[Incoming, int], str] = "ok"
    """Of every completion, of each in turn, or made from the request and the index."""
    latency: float = 0.0
    """Seconds before the first byte."""
    until: asyncio.Event | None = None
    """It is waited for before the first byte."""
    status: int = 200
    message: str = "scripted error"
    code: str | None = None
    """Of the error, where `status` is one."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    """Sent instead of anything the dialect would say."""
    cut_after: int | None = None
    """Bytes of the response, its head included, after which the connection is closed."""
    drip: float = 0.0
    """Seconds between the tenths of a slow body."""
    endless: bool = False
    """Whether the body is sent again and again until the client has enough."""
    honours_n: bool = True
    finish: str = "stop"
    refusal: str | None = None
    reasoning: str | None = None
    logprob: float | None = -0.25
    """Of every token, where the request asks; None: the server ignores that."""
    usage: bool = True
    cached_tokens: int = 0
    written_tokens: int = 0
    """Put into the cache, by protocols that say so."""

    def text_of(self, incoming: Incoming, index: int) -> str:
        if isinstance(self.text, str):
            return self.text
        if callable(self.text):
            return self.text(incoming, index)
        return self.text[index % len(self.text)]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A response document and what it bills."""

    document: Mapping[str, Any]
    input_tokens: int = 0
    output_tokens: int = 0
    completions: int = 0
    status: int | None = None
    """None: as the answer has it."""
    body: bytes | None = None
    """Where the protocol sends no single JSON document."""
    content_type: str = "application/json"

    def encoded(self) -> bytes:
        return json.dumps(self.document).encode() if self.body is None else self.body


Dialect = Callable[[Incoming, Answer], Spoken]
"""How a protocol words an answer; a server has one for each path it serves, or for all in a folder
where the path ends in a slash."""


@dataclass(slots=True)
class Counts:
    requests: int = 0
    completions: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    connections: int = 0
    abandoned: int = 0
    """Requests whose client closed the connection before the answer."""
    in_flight: int = 0
    peak: int = 0
    """The most requests under way at once."""


def rate_limited(retry_after: str | None = "0.01", code: str = "rate_limit_exceeded") -> Answer:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Answer(status=429, code=code, message="slow down", headers=headers)


def overloaded(status: int = 503) -> Answer:
    return Answer(status=status, code="server_error", message="overloaded")


def refused(status: int = 400, message: str = "bad request", code: str | None = None) -> Answer:
    return Answer(status=status, code=code, message=message)
