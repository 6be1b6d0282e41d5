"""Requests as the protocol's JSON, and its JSON as replies."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, cast

from pydantic import ValidationError

from lift_sys.interfaces import Completion, JsonSchema, Reply, Request, Usage
from lift_sys.model_http import encoded, mapping, name_of, token_count

from .plugin import OpenAIOptions
from .strict import is_strict

Finish = Literal["stop", "length", "filtered", "cut"]

_FINISHES: dict[str, Finish] = {
    "abort": "cut",
    "content_filter": "filtered",
    "error": "cut",
    "length": "length",
    "max_tokens": "length",
}


class NoReply(Exception):
    """What came is no chat completion."""


class Encoder:
    """Turns requests into bodies. The schema is turned into text once, not for every call."""

    def __init__(self, options: OpenAIOptions) -> None:
        self._options = options
        self._schema: JsonSchema | None = None
        self._schema_text = ""

    def encode(self, request: Request) -> tuple[bytes, set[str]]:
        """The body, and the settings that it leaves out because the server does not know them."""
        options, sampling = self._options, request.sampling
        ignored: set[str] = set()
        body: dict[str, Any] = {
            "model": options.model,
            "messages": [{"role": m.role, "content": m.content} for m in request.messages],
            options.max_tokens_field: sampling.max_tokens,
        }
        if sampling.n > 1:
            body["n"] = min(sampling.n, options.n)
        if sampling.stop:
            body["stop"] = sampling.stop
        for name, known, value in (
            ("temperature", options.temperature, sampling.temperature),
            ("seed", options.seed, sampling.seed),
            ("logprobs", options.logprobs, sampling.logprobs or None),
        ):
            if value is not None and known:
                body[name] = value
            elif value is not None:
                ignored.add(name)
        body |= options.extra_body
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        if request.constraint is not None:
            text = self._constrained(text, request, ignored)
        return encoded(text), ignored

    def _constrained(self, body: str, request: Request, ignored: set[str]) -> str:
        mode, constraint = self._options.structured, request.constraint
        free = "response_format" not in self._options.extra_body
        if isinstance(constraint, JsonSchema) and mode == "json_schema" and free:
            return f'{body[:-1]},"response_format":{self._schema_format(constraint)}}}'
        ignored.add("constraint")
        if isinstance(constraint, JsonSchema) and mode == "json_object" and free:
            return f'{body[:-1]},"response_format":{{"type":"json_object"}}}}'
        return body

    def _schema_format(self, constraint: JsonSchema) -> str:
        if self._schema is not constraint:
            strict = is_strict(constraint.document)
            named = {"name": constraint.name, "strict": strict, "schema": constraint.document}
            document = {"type": "json_schema", "json_schema": named}
            self._schema_text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
            self._schema = constraint
        return self._schema_text


def reply_of(
    document: Mapping[str, Any],
    request: Request,
    ignored: set[str],
    model: str,
    blot: Callable[[str], str] = str,
) -> Reply:
    """Raises NoReply; `model` is for want of a name in it, `blot` takes secrets out of texts."""
    try:
        choices = cast("Sequence[Mapping[str, Any]]", document["choices"])
        completions = tuple(_completion(choice, blot) for choice in choices)
        usage = _usage(document.get("usage"), request, completions)
        model = name_of(document.get("model"), model)
    except (KeyError, TypeError, AttributeError, ValidationError):
        raise NoReply from None
    if len(completions) < request.sampling.n:
        ignored.add("n")
    if request.sampling.logprobs and not any(one.logprobs for one in completions):
        ignored.add("logprobs")
    return Reply(completions=completions, usage=usage, model=model, ignored=frozenset(ignored))


def _completion(choice: Mapping[str, Any], blot: Callable[[str], str]) -> Completion:
    message = choice["message"]
    refusal = message.get("refusal")
    reason = choice.get("finish_reason") or "stop"
    tokens: Sequence[Mapping[str, Any]] | None = mapping(choice.get("logprobs")).get("content")
    return Completion(
        text=blot(refusal or message.get("content") or ""),
        finish="filtered" if refusal else _FINISHES.get(reason, "stop"),
        reasoning=blot(message.get("reasoning_content") or message.get("reasoning") or "") or None,
        logprobs=None if tokens is None else tuple(token["logprob"] for token in tokens),
    )


def _usage(said: object, request: Request, completions: Sequence[Completion]) -> Usage:
    counted = mapping(said)
    read = token_count(counted.get("prompt_tokens"))
    written = token_count(counted.get("completion_tokens"))
    if read is None or written is None:
        # It answered, and that is billed: an estimate is better than no reply.
        return Usage.estimate(request.messages, completions)
    cached = token_count(mapping(counted.get("prompt_tokens_details")).get("cached_tokens")) or 0
    return Usage(input_tokens=read, output_tokens=written, cached_tokens=min(read, cached))
