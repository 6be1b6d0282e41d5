"""A stream of events, read to its end, as the message that it tells of."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lift_sys.model_http import mapping

_FIELDS = {"text_delta": "text", "thinking_delta": "thinking"}


class Told(NamedTuple):
    message: Mapping[str, Any]
    """As far as it came."""
    whole: bool
    error: Mapping[str, Any] | None
    """What the server said in place of the rest."""


def told(content: bytes) -> Told:
    """Raises ValueError for what is no such stream."""
    message: dict[str, Any] = {}
    pieces: dict[int, tuple[dict[str, Any], list[str]]] = {}
    whole, error = False, None
    try:
        for event in _events(content):
            match event["type"]:
                case "message_start":
                    message = dict(event["message"])
                case "content_block_start":
                    pieces[event["index"]] = (dict(event["content_block"]), [])
                case "content_block_delta":
                    block, texts = pieces[event["index"]]
                    delta = event["delta"]
                    field = _FIELDS.get(delta["type"])
                    if field is not None:
                        block.setdefault(field, "")
                        texts.append(delta[field])
                case "message_delta":
                    message |= event["delta"]
                    usage = {**mapping(message.get("usage")), **mapping(event.get("usage"))}
                    message["usage"] = usage
                case "message_stop":
                    whole = True
                case "error":
                    error = event
                    break
                case _:
                    pass  # pings, ends of blocks, and what will be new one day
        if content and not message and error is None:
            raise ValueError("no message was begun")
        blocks = [_joined(block, texts) for _, (block, texts) in sorted(pieces.items())]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("no stream of messages") from None
    return Told({**message, "content": blocks}, whole, error)


def _joined(block: dict[str, Any], texts: list[str]) -> Mapping[str, Any]:
    field = {"text": "text", "thinking": "thinking"}.get(block["type"])
    return block if field is None else {**block, field: block[field] + "".join(texts)}


def _events(content: bytes) -> Iterator[Mapping[str, Any]]:
    """An event's name stands in its data too, and each has its data on one line."""
    for line in content.splitlines():
        if line.startswith(b"data:"):
            yield json.loads(line[5:])
