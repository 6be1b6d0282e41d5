"""Scorer: looks at a set of candidates and gives each a score with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from .candidate import Candidate
from .problem import Problem

if TYPE_CHECKING:
    from .context import Context

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Score:
    value: float | None
    """In [0, 1]; None: this scorer abstains, and the other scorers' weights count for more."""
    reason: str = ""
    parts: tuple[tuple[str, "Score"], ...] = ()
    """The scores this one was put together from, by scorer."""


@runtime_checkable
class Scorer(Protocol):
    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: "Context"
    ) -> Sequence[Score]:
        """One score for each candidate, in order. The whole set, because agreement needs it."""
        ...
