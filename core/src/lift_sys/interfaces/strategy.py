"""Strategy: how many candidates, from which prompts, when to stop, which one wins."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from .candidate import Candidate
from .problem import Problem

if TYPE_CHECKING:
    from .context import Context

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Diversity:
    """Of how many valid draws how many differed: in what they say, and in what they do."""

    drawn: int
    textual: int
    behavioural: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T_co]):
    """What a strategy found: up to `want` winners, best first, and all it looked at."""

    winners: tuple[Candidate[T_co], ...]
    stopped: str
    """Why no more was drawn, as a short sentence."""
    candidates: tuple[Candidate[T_co], ...] = ()
    diversity: Diversity | None = None
    cut_short: bool = False
    """Whether the budget ended it: then nothing further is tried."""

    @property
    def best(self) -> Candidate[T_co] | None:
        return self.winners[0] if self.winners else None


@runtime_checkable
class Strategy(Protocol):
    async def run(self, problem: Problem[T], ctx: "Context", want: int = 1) -> Outcome[T]: ...
