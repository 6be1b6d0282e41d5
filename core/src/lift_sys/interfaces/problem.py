"""Problem: a stage with its input, the only face of a stage that a strategy sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from .candidate import Candidate, Variation
from .check import Subject
from .sandbox import Sandbox
from .task import Task
from .verdict import Failure, Verdict

if TYPE_CHECKING:
    from .context import Context

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

Digest = str


@dataclass(frozen=True, slots=True)
class Feedback:
    """Why an earlier result was not good enough: what the next draw is told."""

    previous: Candidate[Any] | None = None
    failures: tuple[Failure, ...] = ()
    advice: str = ""
    """A critique in words, where a strategy has one."""


class Problem(Protocol[T]):
    """A task seen from one stage: `specify`, `implement`, or `attempt`, which is both in a row."""

    @property
    def stage(self) -> str: ...

    @property
    def task(self) -> Task: ...

    @property
    def variants(self) -> Sequence[str]:
        """Names a Variation may give, the ordinary one first."""
        ...

    async def draw(
        self, ctx: "Context", n: int, vary: Variation | None = None
    ) -> Sequence[Candidate[T]]:
        """Exactly n candidates in one batch; a failed draw is one without a value."""
        ...

    def canonical(self, value: T) -> Digest:
        """Equal for values that say the same: by meaning, not by text."""
        ...

    async def behaviour(self, value: T) -> Digest:
        """Equal for values that do the same on generated inputs; remembered by `canonical`."""
        ...

    async def check(self, value: T) -> Verdict:
        """What the visible checks say; remembered by `canonical`."""
        ...

    def with_feedback(self, feedback: Feedback) -> "Problem[T]":
        """The same problem whose draws are told what was wrong before."""
        ...


@runtime_checkable
class Executable(Protocol[T_contra]):
    """What a problem may be too: one whose values are code, or can be held against what code does.

    Who runs values on inputs of its own needs it; `lift_sys.pipeline.executable` finds it.
    """

    @property
    def sandbox(self) -> Sandbox: ...

    def subject(self, value: T_contra) -> Subject:
        """The value as a check sees it: the IR alone, or the code with the IR that it is for."""
        ...
