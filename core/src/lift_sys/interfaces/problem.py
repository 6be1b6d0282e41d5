"""Problem: a stage with its input, the only face of a stage that a strategy sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .candidate import Candidate, Variation
from .task import Task
from .verdict import Failure, Verdict

if TYPE_CHECKING:
    from .context import Context

T = TypeVar("T")

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
