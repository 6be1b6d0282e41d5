"""The IR: the checked specification of one function, as frozen values.

Validation here is of shape: fields, sizes, names, types, uniqueness. What predicates say is told
by `check`, so that a reply with one wrong predicate can still be shown, mended and asked about.
"""

import difflib
import keyword
import math
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from ._allowed import EXCEPTIONS
from ._base import Frozen
from .annotations import MAX_TYPE_CHARS, parse_type, type_pattern

MAX_LINE_CHARS = 2000
MAX_PROSE_CHARS = 8000
MAX_INT_BITS = 4096

_NAME_PATTERN = "^[A-Za-z_][A-Za-z0-9_]{0,60}$"


def _identifier(name: str) -> str:
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"{name!r} cannot be a Python name")
    if name.startswith("__"):
        raise ValueError(f"{name!r} begins with two underscores, which Python keeps for itself")
    if unicodedata.normalize("NFKC", name) != name:
        raise ValueError(f"{name!r} is not written as Python reads it")
    return name


def _type(text: str) -> str:
    parse_type(text)
    return text


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("half of a surrogate pair is no text") from None
    return text


def _literal(value: Any) -> Any:
    """One error for what is no literal, where a plain union would give one for each member."""
    if isinstance(value, str):
        if len(value) > MAX_LINE_CHARS:
            raise ValueError(f"a string of more than {MAX_LINE_CHARS} characters")
        return _encodable(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} has no JSON form; say it in an assertion")
    if isinstance(value, int) and value.bit_length() > MAX_INT_BITS:
        raise ValueError(f"an integer of more than {MAX_INT_BITS} bits")
    if value is not None and not isinstance(value, int | float):
        raise ValueError("a literal is expected: a string, a number, true, false or null")
    return value


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _exception(name: str) -> str:
    if name not in EXCEPTIONS:
        near = difflib.get_close_matches(name, sorted(EXCEPTIONS), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"{name:.40} is no exception of Python{hint}")
    return name


Identifier = Annotated[
    str,
    Field(min_length=1, max_length=100, json_schema_extra={"pattern": _NAME_PATTERN}),
    AfterValidator(_identifier),
]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LINE_CHARS),
    AfterValidator(_encodable),
]
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=MAX_PROSE_CHARS),
    AfterValidator(_encodable),
]
TypeText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TYPE_CHARS),
    Field(json_schema_extra={"pattern": type_pattern()}),
    AfterValidator(_type),
]
OptionalLine = Annotated[Line | None, BeforeValidator(_blank_is_none)]
ExceptionName = Annotated[
    str,
    Field(json_schema_extra={"enum": [*sorted(EXCEPTIONS)]}),
    AfterValidator(_exception),
]
OptionalException = Annotated[ExceptionName | None, BeforeValidator(_blank_is_none)]
Literals = Annotated[
    StrictBool | StrictInt | StrictFloat | StrictStr | None, BeforeValidator(_literal)
]


class Hole(Frozen):
    """Something not known yet. An IR with holes can be discussed, not implemented."""

    id: Identifier
    """Predicates use it as a name; prose refers to it as `?id`."""
    kind: Literal["intent", "signature", "effect", "assertion", "value", "implementation"]
    type: TypeText
    """What may fill it, as a Python type."""
    description: Line
    constraints: Annotated[tuple[Line, ...], Field(max_length=16)] = ()
    """Predicates over the hole's identifier that a filling must satisfy."""


Holes = Annotated[tuple[Hole, ...], Field(max_length=32)]


class Intent(Frozen):
    summary: Line
    rationale: Prose = ""
    holes: Holes = ()


class Parameter(Frozen):
    name: Identifier
    type: TypeText
    """A Python type, as one would annotate it."""
    description: Prose = ""
    holes: Holes = ()


class Signature(Frozen):
    name: Identifier
    parameters: Annotated[tuple[Parameter, ...], Field(max_length=32)] = ()
    returns: TypeText
    holes: Holes = ()

    @field_validator("parameters")
    @classmethod
    def _distinct(cls, parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        name = _repeated(parameter.name for parameter in parameters)
        if name is not None:
            raise ValueError(f"two parameters are called {name!r}")
        return parameters


class Effect(Frozen):
    """One thing the function does; with `when`, one branch of it."""

    description: Line
    when: OptionalLine = None
    """A predicate over the parameters; None: always, or else."""
    implementation_hint: OptionalLine = None
    return_values: Annotated[tuple[Literals, ...], Field(max_length=64)] = ()
    """The exact values returned here, where they are literals."""
    raises: OptionalException = None
    """The exception raised here, by its name."""
    order_constraint: OptionalLine = None
    holes: Holes = ()


class Assertion(Frozen):
    """A predicate over the parameters and `result`, or an example call with its answer."""

    predicate: Line
    rationale: Prose = ""
    holes: Holes = ()


class MustReturn(Frozen):
    kind: Literal["must_return"] = "must_return"
    description: Line


class LoopBehaviour(Frozen):
    kind: Literal["loop"] = "loop"
    matches: Literal["first", "last", "all"]
    description: Line


class Position(Frozen):
    kind: Literal["position"] = "position"
    description: Line


Explicit = Annotated[MustReturn | LoopBehaviour | Position, Field(discriminator="kind")]


class Provenance(Frozen):
    source: Literal["model", "person", "code", "merge"] = "model"
    model: Annotated[str, Field(max_length=500)] = ""
    prompt: Annotated[str, Field(max_length=500)] = ""
    """Digest of the prompt template."""
    parents: Annotated[tuple[str, ...], Field(max_length=64)] = ()
    """Digests of the IRs this one came from."""


class IR(Frozen):
    intent: Intent
    signature: Signature
    effects: Annotated[tuple[Effect, ...], Field(max_length=64)] = ()
    assertions: Annotated[tuple[Assertion, ...], Field(max_length=128)] = ()
    constraints: Annotated[tuple[Explicit, ...], Field(max_length=32)] = ()
    holes: Holes = ()
    provenance: Provenance | None = None

    @model_validator(mode="after")
    def _distinct_holes(self) -> "IR":
        name = _repeated(hole.id for _, hole in unfilled(self))
        if name is not None:
            raise ValueError(f"two holes are called {name!r}")
        return self


def unfilled(ir: IR) -> tuple[tuple[str, Hole], ...]:
    """Every hole with its path, in reading order."""
    return tuple(
        (f"{path}.holes[{number}]" if path else f"holes[{number}]", hole)
        for path, place in _places(ir)
        for number, hole in enumerate(place.holes)
    )


def _places(
    ir: IR,
) -> Iterator[tuple[str, Intent | Signature | Parameter | Effect | Assertion | IR]]:
    yield "intent", ir.intent
    yield "signature", ir.signature
    for number, parameter in enumerate(ir.signature.parameters):
        yield f"signature.parameters[{number}]", parameter
    for number, effect in enumerate(ir.effects):
        yield f"effects[{number}]", effect
    for number, assertion in enumerate(ir.assertions):
        yield f"assertions[{number}]", assertion
    yield "", ir


def _repeated(names: Iterator[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
