"""Messages as the token numbers that the model reads."""
# The annotations of transformers are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from typing import Any

from lift_sys.errors import RequestRejected
from lift_sys.interfaces import Request
from lift_sys.prompts import plain_text

from .loading import Loaded
from .plugin import TransformersOptions


def prompt_of(request: Request, options: TransformersOptions, loaded: Loaded) -> tuple[int, ...]:
    """Raises RequestRejected, also where no room would be left for a reply."""
    text = _text(request, options, loaded)
    tokens: Any = loaded.tokenizer(text, add_special_tokens=False)["input_ids"]
    room = room_of(options, loaded)
    if len(tokens) >= room:
        raise RequestRejected(
            f"the prompt has {len(tokens):,} tokens; {loaded.name} reads {room:,} with its reply",
            remedy="shorten the request, show fewer examples, or take a model that reads more",
        )
    if not tokens:
        raise RequestRejected("the prompt is empty", remedy="say something")
    return tuple(tokens)


def room_of(options: TransformersOptions, loaded: Loaded) -> int:
    return min(options.context or loaded.context, loaded.context)


def _text(request: Request, options: TransformersOptions, loaded: Loaded) -> str:
    tokenizer: Any = loaded.tokenizer
    templated = bool(tokenizer.chat_template)
    if options.format == "chat" and not templated:
        raise RequestRejected(
            f"the tokenizer of {loaded.name} has no chat template",
            remedy="say `format: plain`, or auto",
        )
    if not templated or options.format == "plain":
        return f"{tokenizer.bos_token or ''}{plain_text(request.messages)}"
    told = [{"role": each.role, "content": each.content} for each in request.messages]
    try:
        return tokenizer.apply_chat_template(
            told, add_generation_prompt=True, tokenize=False, **options.template
        )
    except Exception as error:
        raise RequestRejected(
            f"the chat template of {loaded.name} refuses these messages: {error}",
            remedy="say `format: plain`, or mend `template`",
        ) from error
