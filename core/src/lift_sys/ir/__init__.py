"""The intermediate representation. Imports nothing else of lift-sys."""

from ._base import Frozen
from .models import (
    IR,
    Assertion,
    Effect,
    Explicit,
    Hole,
    Intent,
    LoopBehaviour,
    MustReturn,
    Parameter,
    Position,
    Provenance,
    Signature,
)
from .values import ValueCodecError, decode, encode

__all__ = [
    "IR",
    "Assertion",
    "Effect",
    "Explicit",
    "Frozen",
    "Hole",
    "Intent",
    "LoopBehaviour",
    "MustReturn",
    "Parameter",
    "Position",
    "Provenance",
    "Signature",
    "ValueCodecError",
    "decode",
    "encode",
]
