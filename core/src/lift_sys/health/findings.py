"""What was looked at, what was found, and the command that mends it."""

from typing import Any, Literal

from ..ir import Frozen

State = Literal["ok", "absent", "problem"]


class Finding(Frozen):
    section: str
    name: str
    state: State
    """`absent`: not there, and not needed by everyone."""
    detail: str = ""
    remedy: str = ""
    """What to do, where there is something to do."""


def as_document(findings: list[Finding]) -> list[dict[str, Any]]:
    return [finding.model_dump(mode="json") for finding in findings]
