"""What a person asks for."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, PlainSerializer, PlainValidator, ValidationInfo

from ..ir import Frozen, Signature, decode, encode


def _read(value: object, info: ValidationInfo) -> Any:
    return decode(value) if info.mode == "json" else value


Value = Annotated[
    Any,
    PlainValidator(_read, json_schema_input_type=Any),
    PlainSerializer(encode, return_type=Any, when_used="json"),
]
"""Any Python value the codec knows: itself in Python, tagged in JSON."""

MAX_REQUEST_CHARS = 100_000


class Example(Frozen):
    """A call and what it must do: return `expected`, or raise `raises`."""

    args: tuple[Value, ...] = ()
    kwargs: dict[str, Value] = {}
    expected: Value = None
    raises: str | None = None
    """The name of the exception the call must raise; `expected` is then not looked at."""


class Task(Frozen):
    """One request. Hidden tests are no part of it: only a grader ever asks for those."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    request: Annotated[str, Field(min_length=1, max_length=MAX_REQUEST_CHARS)]
    examples: tuple[Example, ...] = ()
    """Visible to whoever solves the task."""
    signature: Signature | None = None
    """Pinned name and parameters, where a test binds to them."""
    category: str | None = None
    difficulty: str | None = None
    metadata: Mapping[str, str] = {}
