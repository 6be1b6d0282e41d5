"""Tests that a model writes from the request alone, without having seen a candidate."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final, cast

from lift_sys.interfaces import Capabilities, JsonSchema, Message, Request, Sampling, Subject
from lift_sys.ir import (
    IR,
    Assertion,
    Intent,
    Predicate,
    PredicateError,
    Signature,
    parse_predicate,
    signature_line,
)
from lift_sys.pipeline.stages.base import examples_text

_SYSTEM: Final = """\
You write tests for a function from what it is asked to do. Nobody has written it yet. Each test is
one Python expression that is true of every right answer, in one of two forms:
- a call with literal arguments and what comes of it: `f(2) == 4`, `f([]) is None`,
  `f('x') raises ValueError`
{form}Cover ordinary cases and the edges: empty, zero, negative, borders of ranges, each text that
the request spells out. Write only what the request makes certain: one wrong test costs more than
one that is missing.
Reply with one JSON object: {{"tests": ["...", "..."]}}"""
_ON_RESULT: Final = """\
- a condition on `result` and the parameters: `result >= 0`, `len(result) <= len(items)`
"""
_USER: Final = """\
REQUEST
{request}

SIGNATURE
{signature}
{examples}"""
_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"tests": {"type": "array", "items": {"type": "string"}}},
    "required": ["tests"],
    "additionalProperties": False,
}
_OBJECT: Final = re.compile(r"\{.*\}", re.DOTALL)


def request_for(
    subject: Subject, sampling: Sampling, can: Capabilities, *, calls_only: bool
) -> Request:
    name = subject.ir.signature.name
    examples = examples_text(subject.task, name)
    user = _USER.format(
        request=subject.task.request.strip(),
        signature=signature_line(subject.ir),
        examples=f"\nEXAMPLES\n{examples}\n" if examples else "",
    )
    system = _SYSTEM.format(form="" if calls_only else _ON_RESULT)
    return Request(
        messages=(Message(role="system", content=system), Message(role="user", content=user)),
        sampling=sampling if can.temperature else sampling.model_copy(update={"temperature": None}),
        constraint=JsonSchema(name="tests", document=_SCHEMA)
        if "json_schema" in can.constraints
        else None,
    )


def texts_in(reply: str) -> list[str]:
    """The tests of one set; empty where it is none."""
    found = _OBJECT.search(reply)
    try:
        told: Any = json.loads(found.group() if found else "{}")
    except (ValueError, RecursionError):
        return []
    tests: object = told.get("tests")
    every = cast("list[Any]", tests) if isinstance(tests, list) else []
    return [each.strip() for each in every if isinstance(each, str)]


def as_specification(
    signature: Signature, texts: Iterable[str], most: int, *, calls_only: bool
) -> tuple[IR, int]:
    """One that demands just these, each once; and how many say nothing of what comes out."""
    kept: dict[str, str] = {}
    useless = 0
    for text in texts:
        read = _read(signature, text)
        if read is None or (calls_only and read.example is None):
            useless += 1
        elif len(kept) < most:
            kept.setdefault(read.source, text)
    return (
        IR(
            intent=Intent(summary="Tests"),
            signature=signature,
            assertions=tuple(Assertion(predicate=text) for text in kept.values()),
        ),
        useless,
    )


def _read(signature: Signature, text: str) -> Predicate | None:
    names = [parameter.name for parameter in signature.parameters]
    try:
        read = parse_predicate(text, names, signature.name)
    except PredicateError:
        return None
    return None if read.about_inputs_only else read
