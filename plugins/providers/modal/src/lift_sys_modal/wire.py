"""Requests as vLLM's server takes them, and its documents as replies."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from pydantic import ValidationError

from lift_sys.interfaces import Completion, Constraint, JsonSchema, Regex, Reply, Request, Usage
from lift_sys.model_http import encoded, malformed, mapping

from .plugin import ModalOptions

REMEDY = "see `lift modal status`, and deploy the app anew"
_FINISHES: Mapping[str, Literal["length", "cut"]] = {"length": "length", "abort": "cut"}


def body_of(request: Request, options: ModalOptions) -> dict[str, Any]:
    sampling = request.sampling
    body: dict[str, Any] = {
        "model": options.adapter or options.model,
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        "max_tokens": sampling.max_tokens,
        "n": min(sampling.n, options.n),
    }
    if sampling.stop:
        body["stop"] = list(sampling.stop)
    if sampling.temperature is not None:
        body["temperature"] = sampling.temperature
    if sampling.seed is not None:
        body["seed"] = sampling.seed
    if sampling.logprobs:
        body["logprobs"] = True
    if options.template:
        body["chat_template_kwargs"] = options.template
    if request.constraint is not None:
        body["structured_outputs"] = _structured(request.constraint)
    for message in request.messages:
        encoded(message.content)
    return body


def _structured(constraint: Constraint) -> Mapping[str, Any]:
    if isinstance(constraint, JsonSchema):
        return {"json": constraint.document}
    if isinstance(constraint, Regex):
        return {"regex": constraint.pattern}
    return {"grammar": constraint.lark}


def reply_of(document: Mapping[str, Any], request: Request, model: str) -> Reply:
    """Raises MalformedReply for what is no chat completion."""
    try:
        choices = cast("Sequence[Mapping[str, Any]]", document["choices"])
        completions = tuple(map(_completion, choices))
        usage = _usage(document["usage"])
    except (KeyError, TypeError, AttributeError, ValidationError):
        shown = str(document).encode("utf-8", "replace")
        raise malformed("no chat completion with its usage", shown, remedy=REMEDY) from None
    ignored = {"n"} if len(completions) < request.sampling.n else set[str]()
    if request.sampling.logprobs and not any(one.logprobs for one in completions):
        ignored.add("logprobs")
    return Reply(completions=completions, usage=usage, model=model, ignored=frozenset(ignored))


def _completion(choice: Mapping[str, Any]) -> Completion:
    message = choice["message"]
    tokens = mapping(choice.get("logprobs")).get("content")
    return Completion(
        text=message.get("content") or "",
        finish=_FINISHES.get(choice.get("finish_reason") or "stop", "stop"),
        reasoning=message.get("reasoning_content") or message.get("reasoning") or None,
        logprobs=None if tokens is None else tuple(token["logprob"] for token in tokens),
    )


def _usage(said: Mapping[str, Any]) -> Usage:
    cached = mapping(said.get("prompt_tokens_details")).get("cached_tokens") or 0
    return Usage(
        input_tokens=said["prompt_tokens"],
        output_tokens=said["completion_tokens"],
        cached_tokens=cached,
    )
