"""Messages as one text, for models that were given no chat template."""

from collections.abc import Sequence

from ..interfaces import Message


def plain_text(messages: Sequence[Message]) -> str:
    """Each message under the name of who says it; the last heading is the model's own."""
    said = [f"{message.role.capitalize()}:\n{message.content}\n\n" for message in messages]
    return "".join([*said, "Assistant:\n"])
