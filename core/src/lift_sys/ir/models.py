"""The IR: the checked specification of one function, as frozen values."""

import keyword
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from ._base import Frozen


def _identifier(name: str) -> str:
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"{name!r} cannot be a Python name")
    return name


Identifier = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_identifier)]
Line = Annotated[str, Field(min_length=1, max_length=2000)]
Literals = StrictBool | StrictInt | StrictFloat | StrictStr | None


class Hole(Frozen):
    """Something not known yet. An IR with holes can be discussed, not implemented."""

    id: Identifier
    kind: Literal["intent", "signature", "effect", "assertion", "value", "implementation"]
    type: Line
    """What may fill it, as a Python type."""
    description: Line
    constraints: tuple[Line, ...] = ()
    """Predicates over the hole's identifier that a filling must satisfy."""


class Intent(Frozen):
    summary: Line
    rationale: str = ""
    holes: tuple[Hole, ...] = ()


class Parameter(Frozen):
    name: Identifier
    type: Line
    """A Python type, as one would annotate it."""
    description: str = ""
    holes: tuple[Hole, ...] = ()


class Signature(Frozen):
    name: Identifier
    parameters: tuple[Parameter, ...] = ()
    returns: Line
    holes: tuple[Hole, ...] = ()


class Effect(Frozen):
    """One thing the function does; with `when`, one branch of it."""

    description: Line
    when: str | None = None
    """A predicate over the parameters; None: always."""
    implementation_hint: str | None = None
    return_values: tuple[Literals, ...] = ()
    """The exact values returned here, where they are literals."""
    order_constraint: str | None = None
    holes: tuple[Hole, ...] = ()


class Assertion(Frozen):
    """A predicate over the parameters and `result`, or an example call with its answer."""

    predicate: Line
    rationale: str = ""
    holes: tuple[Hole, ...] = ()


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
    model: str = ""
    prompt: str = ""
    """Digest of the prompt template."""
    parents: tuple[str, ...] = ()
    """Digests of the IRs this one came from."""


class IR(Frozen):
    intent: Intent
    signature: Signature
    effects: tuple[Effect, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    constraints: tuple[Explicit, ...] = ()
    holes: tuple[Hole, ...] = ()
    provenance: Provenance | None = None
