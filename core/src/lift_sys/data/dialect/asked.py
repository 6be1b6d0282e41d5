"""What a model of this language is sent: one message of JSON, from which it makes its own prompt.

Templates of the dialect `slots` hold nothing else, so the request stays text like any other: it is
digested, cached, recorded and replayed as such.
"""

from typing import Final, Literal

from pydantic import ValidationError

from ...interfaces import Message
from ...ir import IR, Frozen, Signature
from .specification import DialectError

DIALECT: Final = "slots"
"""What `Capabilities.dialect` of such a model says."""
SYSTEM: Final = "lift-sys dialect: slots"
"""The first message; whatever begins otherwise was not written for such a model."""


class Asked(Frozen):
    """One question."""

    stage: Literal["specify", "implement", "output"]
    """For a specification, for code, or for what a call returns."""
    request: str
    signature: Signature | None = None
    function: str | None = None
    """The function's name, where that is all that is pinned."""
    ir: IR | None = None
    code: str | None = None
    call: str | None = None
    """Of the code, as Python; with `output`."""

    def message(self) -> str:
        return self.model_dump_json()


class Again(Frozen):
    """The question once more: what was answered, and the kinds of failure it met with."""

    answer: str
    failures: tuple[str, ...]


def read_asked(messages: tuple[Message, ...]) -> tuple[Asked, Again | None]:
    """Raises DialectError for messages that speak another language."""
    if len(messages) < 2 or messages[0].content.strip() != SYSTEM:
        raise DialectError("the messages are words for a chat model")
    try:
        asked = Asked.model_validate_json(messages[1].content)
    except ValidationError as error:
        raise DialectError(f"the question is none of this dialect: {_first(error)}") from error
    match messages[2:]:
        case ():
            return asked, None
        case (Message(role="assistant") as answer, Message(role="user") as told):
            failures = tuple(told.content.split())
            return asked, Again(answer=answer.content, failures=failures)
        case (Message(role="user"),):
            return asked, None  # there is no earlier answer to mend
        case _:
            raise DialectError("more messages than a question and one answer")


def _first(error: ValidationError) -> str:
    return str(error.errors()[0]["msg"])
