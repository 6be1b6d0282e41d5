"""The lines of a recording: what was asked in readable form, and what was answered."""

import hashlib
from typing import Annotated

from pydantic import Field

from lift_sys.interfaces import (
    Capabilities,
    Completion,
    Constraint,
    Grammar,
    JsonSchema,
    Message,
    Regex,
    Request,
    Sampling,
    Usage,
)
from lift_sys.ir import Frozen


class Asked(Frozen):
    """What tells a request from others: not how many completions, and not with which seed.

    Of a schema it is the name, not the text: the core checks each replayed reply against the
    schema of today, and a reworded description makes no recording worthless.
    """

    messages: tuple[Message, ...]
    sampling: Sampling = Sampling()
    constraint: str | None = None

    @classmethod
    def of(cls, request: Request) -> "Asked":
        return cls(
            messages=request.messages,
            sampling=request.sampling.model_copy(update={"n": 1, "seed": None}),
            constraint=_describe(request.constraint),
        )

    def key(self) -> str:
        # Built from plain text, so that a lone surrogate does not break it.
        parts = [f"{message.role}\0{message.content}" for message in self.messages]
        sampling = self.sampling
        settings = (sampling.max_tokens, sampling.temperature, sampling.stop, sampling.logprobs)
        told = repr((parts, settings, self.constraint))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Entry(Frozen):
    """One reply."""

    key: str | None = None
    """May be left out; given, it must be that of the request."""
    request: Asked
    completions: Annotated[tuple[Completion, ...], Field(min_length=1)]
    usage: Usage | None = None
    """None: estimated."""
    model: str = "recorded"
    seed: int | None = None
    """Of the request this answered."""
    ignored: frozenset[str] = frozenset()


class Head(Frozen):
    """The recorded provider's capabilities: prompts depend on them, and so do the keys."""

    capabilities: Capabilities


def _describe(constraint: Constraint | None) -> str | None:
    match constraint:
        case None:
            return None
        case JsonSchema():
            return f"json_schema {constraint.name}"
        case Regex():
            return f"regex {constraint.pattern}"
        case Grammar():
            return f"grammar {constraint.lark}"
