"""The intermediate representation. Imports nothing else of lift-sys.

Every error is a ValueError that says what is wrong and where; who calls wraps it.
"""

from ._base import Frozen
from ._escape import visible
from ._lenient import Repair
from .annotations import TypeTextError, normalise_type, parse_type
from .canonical import canonical_json, digest, meaning, meaning_digest
from .diff import Change, diff
from .examples import parse_example
from .filling import FillError, fill
from .history import History, HistoryError, Version
from .merge import Conflict, Merge, merge
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
    unfilled,
)
from .predicates import ExampleCall, Predicate, PredicateError, parse_predicate
from .problems import Problem, assertions, check, conditions, parse_within
from .reading import ReadError, Reading, read
from .render import render_markdown, render_text, signature_line
from .schema import json_schema, strict_schema
from .values import ValueCodecError, decode, encode

__all__ = [
    "IR",
    "Assertion",
    "Change",
    "Conflict",
    "Effect",
    "ExampleCall",
    "Explicit",
    "FillError",
    "Frozen",
    "History",
    "HistoryError",
    "Hole",
    "Intent",
    "LoopBehaviour",
    "Merge",
    "MustReturn",
    "Parameter",
    "Position",
    "Predicate",
    "PredicateError",
    "Problem",
    "Provenance",
    "ReadError",
    "Reading",
    "Repair",
    "Signature",
    "TypeTextError",
    "ValueCodecError",
    "Version",
    "assertions",
    "canonical_json",
    "check",
    "conditions",
    "decode",
    "diff",
    "digest",
    "encode",
    "fill",
    "json_schema",
    "meaning",
    "meaning_digest",
    "merge",
    "normalise_type",
    "parse_example",
    "parse_predicate",
    "parse_type",
    "parse_within",
    "read",
    "render_markdown",
    "render_text",
    "signature_line",
    "strict_schema",
    "unfilled",
    "visible",
]
