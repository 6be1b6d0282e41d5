"""Check: an optional examiner of an IR or of code, plugged in by name."""

from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

from ..ir import IR, Frozen
from .candidate import Code
from .sandbox import Sandbox
from .task import Task


class Subject(Frozen):
    task: Task
    ir: IR
    code: Code | None = None


class Finding(Frozen):
    code: str
    """Stable name, such as `contradictory-returns`."""
    severity: Literal["error", "warning", "info"]
    message: str
    path: str = ""
    """Field of the IR, or line of the code."""
    suggestion: str = ""
    counterexample: str | None = None


@runtime_checkable
class Check(Protocol):
    async def examine(self, subject: Subject, sandbox: Sandbox) -> Sequence[Finding]: ...
