"""Requests as the protocol's JSON, and its messages as replies."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, cast

from pydantic import ValidationError

from lift_sys.errors import RequestRejected
from lift_sys.interfaces import Completion, JsonSchema, Message, Reply, Request, Usage
from lift_sys.model_http import encoded, mapping, name_of, token_count

from .plugin import AnthropicOptions
from .subset import accepted

Finish = Literal["stop", "length", "filtered", "cut"]

_FINISHES: dict[str, Finish] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "pause_turn": "cut",
    "refusal": "filtered",
}
_HOTTEST = 1.0
_KEEP = {"cache_control": {"type": "ephemeral"}}


class Encoder:
    """Turns requests into bodies. The schema is turned into text once, not for every call."""

    def __init__(self, options: AnthropicOptions) -> None:
        self._options = options
        self._schema: JsonSchema | None = None
        self._schema_text: str | None = None

    def encode(self, request: Request) -> tuple[bytes, set[str]]:
        """The body, and the settings that it leaves out because the server does not know them."""
        options, sampling = self._options, request.sampling
        ignored = self._ignored(request)
        body: dict[str, Any] = {
            "model": options.model,
            "max_tokens": sampling.max_tokens,
            **_conversation(request.messages, keep=options.cache),
        }
        stop = [text for text in sampling.stop if text.strip()]
        if stop:
            body["stop_sequences"] = stop
        if sampling.temperature is not None and "temperature" not in ignored:
            body["temperature"] = sampling.temperature
        thinking = options.thinking
        if isinstance(thinking, int):
            if thinking >= sampling.max_tokens:
                raise RequestRejected(
                    f"the option thinking leaves nothing to answer with: {thinking} of the "
                    f"{sampling.max_tokens} tokens of a reply",
                    remedy="raise sampling.max_tokens, or lower thinking",
                )
            body["thinking"] = {"type": "enabled", "budget_tokens": thinking}
        elif thinking is not None:
            body["thinking"] = {"type": thinking}
        if options.stream and not options.batch:
            body["stream"] = True
        own = options.extra_body
        body |= {name: own[name] for name in own if name != "output_config"}
        text = _json(body)
        configured = self._output_config(request, ignored)
        if configured:
            text = f'{text[:-1]},"output_config":{configured}}}'
        return encoded(text), ignored

    def _ignored(self, request: Request) -> set[str]:
        options, sampling = self._options, request.sampling
        thinks = options.thinking not in (None, "disabled")
        heat = sampling.temperature
        left_out = {
            "n": sampling.n > 1,
            "seed": sampling.seed is not None,
            "logprobs": sampling.logprobs,
            "stop": any(not text.strip() for text in sampling.stop),
            "temperature": heat is not None
            and (not options.temperature or thinks or not 0 <= heat <= _HOTTEST),
        }
        return {name for name, dropped in left_out.items() if dropped}

    def _output_config(self, request: Request, ignored: set[str]) -> str:
        own = self._options.extra_body.get("output_config")
        if own is not None:
            if request.constraint is not None:
                ignored.add("constraint")
            return _json(own)
        effort = self._options.effort
        parts = [] if effort is None else [f'"effort":"{effort}"']
        if request.constraint is not None:
            schema = self._schema_of(request.constraint)
            if schema is None:
                ignored.add("constraint")
            else:
                parts.append(f'"format":{{"type":"json_schema","schema":{schema}}}')
        return f"{{{','.join(parts)}}}" if parts else ""

    def _schema_of(self, constraint: object) -> str | None:
        if self._options.structured == "none" or not isinstance(constraint, JsonSchema):
            return None
        if self._schema is not constraint:
            taken = accepted(constraint.document)
            self._schema_text = None if taken is None else _json(taken)
            self._schema = constraint
        return self._schema_text


def reply_of(
    document: Mapping[str, Any],
    request: Request,
    ignored: set[str],
    model: str,
    blot: Callable[[str], str] = str,
) -> Reply:
    """Raises ValueError for what is no message; `model` is for want of a name in it, `blot` takes
    secrets out of texts."""
    try:
        completion = _completion(document, blot)
        return Reply(
            completions=(completion,),
            usage=_usage(document.get("usage"), request, completion),
            model=name_of(document.get("model"), model),
            ignored=frozenset(ignored),
        )
    except (KeyError, TypeError, AttributeError, ValidationError):
        raise ValueError("no message") from None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _conversation(messages: Sequence[Message], *, keep: bool) -> Mapping[str, Any]:
    """Kept are what all tasks are told and what goes before the request itself: the examples."""
    told = [message.content for message in messages if message.role == "system" and message.content]
    said = [message for message in messages if message.role != "system"]
    turns: list[dict[str, Any]] = [{"role": each.role, "content": each.content} for each in said]
    system: Any = "\n\n".join(told)
    if keep:
        if len(turns) > 1 and turns[-2]["content"]:
            turns[-2]["content"] = _kept(turns[-2]["content"])
        system = system and _kept(system)
    return {"system": system, "messages": turns} if system else {"messages": turns}


def _kept(text: str) -> Sequence[Mapping[str, Any]]:
    return [{"type": "text", "text": text, **_KEEP}]


def _completion(document: Mapping[str, Any], blot: Callable[[str], str]) -> Completion:
    blocks = cast("Sequence[Mapping[str, Any]]", document["content"])
    text = "".join(block["text"] for block in blocks if block["type"] == "text")
    thoughts = "".join(block["thinking"] for block in blocks if block["type"] == "thinking")
    finish = _FINISHES.get(document.get("stop_reason") or "", "stop")
    if finish == "filtered" and not text:
        text = mapping(document.get("stop_details")).get("explanation") or ""
    return Completion(text=blot(text), finish=finish, reasoning=blot(thoughts) or None)


def _usage(said: object, request: Request, completion: Completion) -> Usage:
    counted = mapping(said)
    fresh, written = map(token_count, (counted.get("input_tokens"), counted.get("output_tokens")))
    if fresh is None or written is None:
        # It answered, and that is billed: an estimate is better than no reply.
        return Usage.estimate(request.messages, [completion])
    read = token_count(counted.get("cache_read_input_tokens")) or 0
    kept = token_count(counted.get("cache_creation_input_tokens")) or 0
    return Usage(
        input_tokens=fresh + read + kept,
        output_tokens=written,
        cached_tokens=read,
        written_tokens=kept,
    )
