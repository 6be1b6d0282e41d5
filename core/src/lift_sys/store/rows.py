"""Events as rows, and back again: what comes out equals what went in."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pydantic_core import PydanticSerializationError, from_json, to_json

from ..interfaces import (
    EVENT,
    AttemptEnded,
    CallMade,
    CandidateDrawn,
    CandidateScored,
    Delivered,
    Event,
)
from ..ir import Frozen

Redact = Callable[[Any], Any]
"""Hides secrets, in a text and in plain data."""

_LONG = 512
"""A body with more characters than these is kept among the texts."""

_BESIDE = {"kind", "task"}
_OF_CANDIDATES = _BESIDE | {"text", "value"}


_OF_CALLS = _BESIDE | {"samples"}
_OF_SAMPLES = {"completion": {"text"}}


class SampleRow(NamedTuple):
    key: str | None
    """None: not to be used again."""
    body: str
    text: str | None
    rest: str | None


class Row(NamedTuple):
    table: str
    body: str
    texts: tuple[str | None, ...] = ()
    """Those that are kept among the texts, in the order of the table's columns."""
    kind: str | None = None
    """Where the table holds several kinds."""
    samples: tuple[SampleRow, ...] = ()


def to_row(event: Event, redact: Redact) -> Row:
    match event:
        case CandidateDrawn():
            body = _json(event, redact, _OF_CANDIDATES)
            text = redact(event.text) or None
            value = None if event.value is None else _plain_json(event.value, redact)
            return Row("candidates", body, (text, value))
        case CallMade():
            samples = tuple(_sample_row(sample, redact) for sample in event.samples)
            return Row("calls", _json(event, redact, _OF_CALLS), samples=samples)
        case CandidateScored():
            return Row("scores", _json(event, redact, _BESIDE))
        case AttemptEnded():
            return Row("verdicts", _json(event, redact, _BESIDE))
        case _:
            short, long = _split(_json(event, redact, _BESIDE))
            return Row("events", short, (long,), event.kind)


def _sample_row(sample: Delivered, redact: Redact) -> SampleRow:
    short, long = _split(_json(sample, redact, _OF_SAMPLES))
    if sample.completion is None:
        return SampleRow(None, short, None, long)
    said = sample.completion
    text = redact(said.text)
    as_said = text == said.text and redact(said.reasoning) == said.reasoning
    usable = as_said and said.finish != "cut"
    return SampleRow(sample.key if usable else None, short, text, long)


def _split(body: str) -> tuple[str, str | None]:
    """A body in its row, or among the texts."""
    return (body, None) if len(body) <= _LONG else ("{}", body)


KINDS = {
    "candidates": "candidate_drawn",
    "calls": "call_made",
    "scores": "candidate_scored",
    "verdicts": "attempt_ended",
}
"""Of the tables that hold one kind."""


def from_row(row: Row, task: str) -> Event:
    kind = row.kind or KINDS[row.table]
    beside = [f'"kind":{json.dumps(kind)}', f'"task":{json.dumps(task)}']
    body = row.body
    match row.table:
        case "candidates":
            text, value = row.texts
            beside += [f'"text":{json.dumps(text or "")}', f'"value":{value or "null"}']
        case "calls":
            samples = ",".join(map(_sample_json, row.samples))
            beside.append(f'"samples":[{samples}]')
        case "events":
            body = row.texts[0] or body
        case _:
            pass
    return EVENT.validate_json(_joined(body, beside))


def sample_of(row: SampleRow) -> Delivered:
    return Delivered.model_validate(_sample_document(row))


def _sample_json(row: SampleRow) -> str:
    return json.dumps(_sample_document(row))


def _sample_document(row: SampleRow) -> Any:
    document = from_json(row.rest or row.body)
    if row.text is not None:
        document["completion"]["text"] = row.text
    return document


def _joined(body: str, beside: Sequence[str]) -> str:
    return "{" + ",".join([*beside, body[1:-1]]).removesuffix(",") + "}"


def _json(value: Frozen, redact: Redact, beside: Any) -> str:
    try:
        text = value.model_dump_json(exclude=beside)
    except PydanticSerializationError:
        text = _encodable(value.model_dump(mode="json", exclude=beside))
    if redact(text) != text:
        # A secret such as `8080` or `null` may be a part of the form, and is none there.
        text = _encodable(redact(value.model_dump(mode="json", exclude=beside)))
    return text


def _plain_json(data: Any, redact: Redact) -> str:
    try:
        text = to_json(data, inf_nan_mode="null").decode()
    except PydanticSerializationError:
        text = _encodable(data)
    return text if redact(text) == text else _encodable(redact(data))


def _encodable(data: Any) -> str:
    """As JSON, also where somebody's exception says half a character."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode()


def storable(text: str) -> str:
    """For a column of its own: PostgreSQL keeps no NUL, and nobody half a character."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
