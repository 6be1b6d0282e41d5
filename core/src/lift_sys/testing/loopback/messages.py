"""Anthropic's Messages protocol, whole or as a stream, as the loopback server speaks it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...interfaces.provider import estimated_tokens
from .answers import Answer, Incoming, Spoken

_FINISHES = {"stop": "end_turn", "length": "max_tokens"}
_PIECE = 16
_STREAM = "text/event-stream; charset=utf-8"


def message(incoming: Incoming, answer: Answer) -> Spoken:
    if answer.status >= 400:
        return Spoken(error_document(answer.code or "api_error", answer.message))
    asked = incoming.document
    text = answer.text_of(incoming, 0)
    read, said = _prompt_tokens(asked), estimated_tokens(text)
    document = _document(asked, answer, text, read, said)
    if not asked.get("stream"):
        return Spoken(document, read, said, 1)
    body = "".join(
        f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in _events(document)
    )
    return Spoken(document, read, said, 1, body=body.encode(), content_type=_STREAM)


def error_document(kind: str, message: str) -> Mapping[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}}


def _document(
    asked: Mapping[str, Any], answer: Answer, text: str, read: int, said: int
) -> dict[str, Any]:
    thought = {"type": "thinking", "thinking": answer.reasoning, "signature": "c2ln"}
    document: dict[str, Any] = {
        "id": "msg_loopback",
        "type": "message",
        "role": "assistant",
        "model": asked.get("model", "loopback"),
        "content": [
            *([thought] if answer.reasoning is not None else []),
            *([{"type": "text", "text": text}] if answer.refusal is None else []),
        ],
        "stop_reason": _FINISHES.get(answer.finish, answer.finish),
        "stop_sequence": None,
    }
    if answer.refusal is not None:
        explained = {"type": "refusal", "category": None, "explanation": answer.refusal}
        document |= {"stop_reason": "refusal", "stop_details": explained}
    if answer.usage:
        document["usage"] = {
            "input_tokens": read - answer.cached_tokens - answer.written_tokens,
            "cache_read_input_tokens": answer.cached_tokens,
            "cache_creation_input_tokens": answer.written_tokens,
            "output_tokens": said,
        }
    return document


def _events(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    begun: dict[str, Any] = {**document, "content": [], "stop_reason": None}
    usage: Mapping[str, Any] | None = document.get("usage")
    if usage is not None:
        begun["usage"] = {**usage, "output_tokens": 1}
    yield {"type": "message_start", "message": begun}
    yield {"type": "ping"}
    for index, block in enumerate(document["content"]):
        kind = block["type"]
        field = {"text": "text", "thinking": "thinking"}[kind]
        empty = {"type": kind, field: ""}
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        text = block[field]
        for start in range(0, len(text), _PIECE):
            delta = {"type": f"{kind}_delta", field: text[start : start + _PIECE]}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        if "signature" in block:
            delta = {"type": "signature_delta", "signature": block["signature"]}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    ends = ("stop_reason", "stop_sequence", "stop_details")
    ended = {name: document[name] for name in ends if name in document}
    last: dict[str, Any] = {"type": "message_delta", "delta": ended}
    if usage is not None:
        last["usage"] = {"output_tokens": usage["output_tokens"]}
    yield last
    yield {"type": "message_stop"}


def _prompt_tokens(asked: Mapping[str, Any]) -> int:
    texts = [asked.get("system", ""), *(m.get("content", "") for m in asked.get("messages", ()))]
    return sum(estimated_tokens(text) for content in texts for text in _texts(content))


def _texts(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    return [str(block.get("text", "")) for block in content]
