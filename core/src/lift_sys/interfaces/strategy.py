"""Strategy: how many candidates, from which prompts, when to stop, which one wins."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from ..ir import Frozen
from .candidate import Candidate, Spend, Variation
from .problem import Problem

if TYPE_CHECKING:
    from .context import Context

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Round(Frozen):
    """One batch of draws, and what in it no earlier draw of the strategy had brought."""

    drawn: int
    valid: int
    texts: int
    """New to the letter, white space aside: the other valid ones are copies."""
    forms: int
    """New in what they say (`Problem.canonical`)."""
    behaviours: int
    """New in what they do (`Problem.behaviour`)."""
    refuted: int
    """Valid ones that the visible checks refute."""
    varied: Variation | None = None
    """How its draws were made to differ from the stage's ordinary ones."""


class Cluster(Frozen):
    """Candidates that do the same, and so vote together."""

    members: tuple[str, ...]
    """Their ids, in the order in which they were drawn."""
    weight: float
    """Of all their votes together."""


@dataclass(frozen=True, slots=True)
class Diversity:
    """Of how many valid draws how many differed: in what they say, and in what they do."""

    drawn: int
    textual: int
    behavioural: int | None = None
    rounds: tuple[Round, ...] = ()
    """The same, round by round, where the strategy draws in rounds."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T_co]):
    """What a strategy found: up to `want` winners, best first, and all it looked at."""

    winners: tuple[Candidate[T_co], ...]
    stopped: str
    """Why no more was drawn, as a short sentence."""
    candidates: tuple[Candidate[T_co], ...] = ()
    diversity: Diversity | None = None
    clusters: tuple[Cluster, ...] = ()
    """What was voted on, the winner first, where the strategy counts votes."""
    cut_short: bool = False
    """Whether the budget ended it: then nothing further is tried."""
    spend: Spend | None = None
    """Of all calls that were delivered while it ran, whoever asked for them; the core fills it in,
    and `diversity` too where the strategy does not say."""

    @property
    def best(self) -> Candidate[T_co] | None:
        return self.winners[0] if self.winners else None


@runtime_checkable
class Strategy(Protocol):
    async def run(self, problem: Problem[T], ctx: "Context", want: int = 1) -> Outcome[T]: ...
