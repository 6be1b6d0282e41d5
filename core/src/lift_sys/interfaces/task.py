"""What a person asks for."""

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, ValidationInfo

from ..ir import IR, Frozen, Signature, decode, encode


def _read(value: object, info: ValidationInfo) -> Any:
    return decode(value) if info.mode == "json" else value


Value = Annotated[
    Any,
    PlainValidator(_read, json_schema_input_type=Any),
    PlainSerializer(encode, return_type=Any, when_used="json"),
]
"""Any Python value the codec knows: itself in Python, tagged in JSON."""

MAX_REQUEST_CHARS = 100_000


_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tab and line ends, and halves of characters."""


def _readable(text: object) -> object:
    if isinstance(text, str):
        if not text.strip():
            raise ValueError("the request is empty: say what the function is to do")
        if len(text) > MAX_REQUEST_CHARS:
            raise ValueError(
                f"the request has {len(text):,} characters, {MAX_REQUEST_CHARS:,} are allowed: "
                "describe one function"
            )
        bad = _BAD.search(text)
        if bad is not None:
            raise ValueError(
                f"the request has the unprintable character U+{ord(bad.group()):04X} at place "
                f"{bad.start() + 1}: remove it"
            )
    return text


RequestText = Annotated[str, BeforeValidator(_readable)]


class Example(Frozen):
    """A call and what it must do: return `expected`, or raise `raises`."""

    args: tuple[Value, ...] = ()
    kwargs: dict[str, Value] = {}
    expected: Value = None
    raises: str | None = None
    """The name of the exception the call must raise; `expected` is then not looked at."""

    def call(self, function: str) -> str:
        """As Python source."""
        arguments = [repr(value) for value in self.args]
        arguments += [f"{key}={value!r}" for key, value in self.kwargs.items()]
        return f"{function}({', '.join(arguments)})"


class Task(Frozen):
    """One request. Hidden tests are no part of it: only a grader ever asks for those."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    request: RequestText
    examples: tuple[Example, ...] = ()
    """Visible to whoever solves the task."""
    signature: Signature | None = None
    """Pinned name and parameters, where a test binds to them."""
    function: str | None = None
    """The function's name, where that is all that is pinned."""
    category: str | None = None
    difficulty: str | None = None
    metadata: Mapping[str, str] = {}
    specification: IR | None = None
    """Where it is given, only code is drawn. Suites keep theirs among what is hidden."""

    @property
    def name(self) -> str | None:
        """What the function must be called; None: whoever specifies it says."""
        return self.signature.name if self.signature else self.function

    @property
    def digest(self) -> str:
        """Of what is asked, whatever the task is called and wherever it is filed, its specification
        given or not."""
        asked = self.model_dump_json(include={"request", "examples", "signature", "function"})
        return hashlib.sha256(asked.encode()).hexdigest()[:32]
