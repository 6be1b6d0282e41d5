"""Messages as the token numbers that a model in this process reads."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ..errors import RequestRejected
from ..interfaces import Message
from .plain import plain_text

PromptFormat = Literal["auto", "chat", "plain"]


def prompt_tokens(
    messages: Sequence[Message],
    tokenizer: Any,
    *,
    model: str,
    room: int,
    format: PromptFormat,
    template: Mapping[str, Any],
) -> tuple[int, ...]:
    """By a tokenizer of Hugging Face, and its chat template where there is one. Raises
    RequestRejected, also where no room would be left for a reply."""
    text = _text(messages, tokenizer, model, format, template)
    tokens: Any = tokenizer(text, add_special_tokens=False)["input_ids"]
    if len(tokens) >= room:
        raise RequestRejected(
            f"the prompt has {len(tokens):,} tokens; {model} reads {room:,} with its reply",
            remedy="shorten the request, show fewer examples, or take a model that reads more",
        )
    if not tokens:
        raise RequestRejected("the prompt is empty", remedy="say something")
    return tuple(tokens)


def _text(
    messages: Sequence[Message],
    tokenizer: Any,
    model: str,
    format: PromptFormat,
    template: Mapping[str, Any],
) -> str:
    templated = bool(tokenizer.chat_template)
    if format == "chat" and not templated:
        raise RequestRejected(
            f"the tokenizer of {model} has no chat template", remedy="say `format: plain`, or auto"
        )
    if not templated or format == "plain":
        return f"{tokenizer.bos_token or ''}{plain_text(messages)}"
    told = [{"role": each.role, "content": each.content} for each in messages]
    try:
        return tokenizer.apply_chat_template(
            told, add_generation_prompt=True, tokenize=False, **template
        )
    except Exception as error:
        raise RequestRejected(
            f"the chat template of {model} refuses these messages: {error}",
            remedy="say `format: plain`, or mend `template`",
        ) from error


__all__ = ["PromptFormat", "prompt_tokens"]
