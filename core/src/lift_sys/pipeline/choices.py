"""Questions to a model of which the answer is one of a few words, and how both orders are read."""

import json
import re
from collections.abc import Sequence
from typing import Final

from ..interfaces import Capabilities, JsonSchema, Message, Request, Sampling

_OBJECT: Final = re.compile(r"\{[^{}]*\}")


def ask(
    system: str,
    user: str,
    words: Sequence[str],
    can: Capabilities,
    sampling: Sampling,
) -> Request:
    """Whose reply is `{"reason": ..., "winner": one of the words}`: held to it where the model can
    be."""
    schema = {
        "type": "object",
        "properties": {
            "reason": {"type": "string"},
            "winner": {"type": "string", "enum": list(words)},
        },
        "required": ["reason", "winner"],
        "additionalProperties": False,
    }
    return Request(
        messages=(Message(role="system", content=system), Message(role="user", content=user)),
        sampling=sampling if can.temperature else sampling.model_copy(update={"temperature": None}),
        constraint=JsonSchema(name="judgement", document=schema)
        if "json_schema" in can.constraints
        else None,
    )


def chosen(text: str, words: Sequence[str]) -> str | None:
    """None: the reply is none of the words."""
    for found in reversed(_OBJECT.findall(text)):
        try:
            said = json.loads(found).get("winner")
        except ValueError:
            continue
        if said in words:
            return said
    return None


def in_both_orders(forward: str, backward: str) -> str | None:
    """`A`: the one that stood first in `forward`; `B`: the other; else what was said of both; None:
    one of them wins by its place only, so nothing is said."""
    swapped = {"A": "B", "B": "A"}.get(backward, backward)
    return forward if forward == swapped else None


def mark_for(*texts: str) -> str:
    """A line to stand around texts: none of them holds it, so none can close it."""
    mark = "====="
    while any(mark in text for text in texts):
        mark += "="
    return mark
