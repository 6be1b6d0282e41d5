"""Why a reply is no code, by name."""

from typing import Literal

from ...interfaces import Failure

Reason = Literal[
    "empty",
    "does-not-parse",
    "lacks-function",
    "wrong-parameters",
    "parameter-order",
    "async-function",
    "generator",
]


class Unassembled(ValueError):
    """A reply that cannot be made into the function that was asked for."""

    def __init__(self, reason: Reason, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.message = message
        self.line = line

    @property
    def failure(self) -> Failure:
        return Failure(category="invalid", message=self.message)
