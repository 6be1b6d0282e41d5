"""Messages as the token numbers that the model reads."""

from lift_sys.interfaces import Request
from lift_sys.prompts import prompt_tokens

from .loading import Loaded
from .plugin import TransformersOptions


def prompt_of(request: Request, options: TransformersOptions, loaded: Loaded) -> tuple[int, ...]:
    """Raises RequestRejected, also where no room would be left for a reply."""
    return prompt_tokens(
        request.messages,
        loaded.tokenizer,
        model=loaded.name,
        room=room_of(options, loaded),
        format=options.format,
        template=options.template,
    )


def room_of(options: TransformersOptions, loaded: Loaded) -> int:
    return min(options.context or loaded.context, loaded.context)
