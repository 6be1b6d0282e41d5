"""The OpenAI chat-completions protocol, as the loopback server speaks it."""

import re
import time
from collections.abc import Mapping
from typing import Any

from ...interfaces.provider import estimated_tokens
from .answers import Answer, Incoming, Spoken

_TOKENS = re.compile(r"\s*\S+|\s+")


def chat_completion(incoming: Incoming, answer: Answer) -> Spoken:
    if answer.status >= 400:
        error = {"message": answer.message, "type": "scripted", "param": None, "code": answer.code}
        return Spoken({"error": error})
    asked = incoming.document
    count = int(asked.get("n") or 1) if answer.honours_n else 1
    texts = [answer.text_of(incoming, index) for index in range(count)]
    with_logprobs = bool(asked.get("logprobs")) and answer.logprob is not None
    document: dict[str, Any] = {
        "id": "chatcmpl-loopback",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": asked.get("model", "loopback"),
        "choices": [
            {
                "index": index,
                "message": _message(text, answer),
                "finish_reason": answer.finish,
                "logprobs": _logprobs(text, answer.logprob) if with_logprobs else None,
            }
            for index, text in enumerate(texts)
        ],
    }
    prompt = sum(estimated_tokens(str(m.get("content", ""))) for m in asked.get("messages", ()))
    said = sum(estimated_tokens(text) for text in texts)
    if answer.usage:
        document["usage"] = {
            "prompt_tokens": prompt,
            "completion_tokens": said,
            "total_tokens": prompt + said,
            "prompt_tokens_details": {"cached_tokens": answer.cached_tokens},
        }
    return Spoken(document, prompt, said, count)


def _message(text: str, answer: Answer) -> Mapping[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": answer.refusal}
    if answer.refusal is not None:
        message["content"] = None
    if answer.reasoning is not None:
        message["reasoning_content"] = answer.reasoning
    return message


def _logprobs(text: str, logprob: float | None) -> Mapping[str, Any]:
    tokens = _TOKENS.findall(text)
    return {
        "content": [
            {"token": token, "logprob": logprob, "bytes": None, "top_logprobs": []}
            for token in tokens
        ]
    }
