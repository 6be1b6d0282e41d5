"""Context: what a run gives to problems, strategies and scorers. No hidden test is part of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .candidate import Call, Candidate
from .events import Event
from .limits import Limits
from .problem import Problem
from .provider import Capabilities, Completion, Request
from .refs import ProviderHandle
from .scorer import Score


@dataclass(frozen=True, slots=True)
class Sample:
    """One completion of a request, or why there is none, with the call that delivered it."""

    index: int
    completion: Completion | None
    call: Call | None
    seed: int | None = None
    error: str | None = None
    unpaid: bool = False
    """Whether that is because no budget covered it."""


class Context(Protocol):
    @property
    def left(self) -> Limits:
        """What the tightest budget still allows; what calls under way reserved is not in it."""
        ...

    @property
    def seed(self) -> int:
        """For a component's own dice: the same run draws the same numbers."""
        ...

    def capabilities(self, provider: ProviderHandle | None = None) -> Capabilities:
        """Of the given provider, or of the one this stage runs on."""
        ...

    async def sample(
        self,
        requests: Sequence[Request],
        provider: ProviderHandle | None = None,
        heard: Callable[[int, Sample], None] | None = None,
    ) -> Sequence[Sequence[Sample]]:
        """For each request exactly `sampling.n` samples, paid from the budget.

        One that failed after all retries, or that the budget did not cover, is a sample with an
        error. Raises BudgetExhausted where it covers none at all. `heard` is told of each sample,
        with the place of its request, when it comes: it is paid for, whatever becomes of the rest.
        """
        ...

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]]
    ) -> Sequence[Score]:
        """What the scorers configured for this stage say together."""
        ...

    def offer(self, candidate: Candidate[Any]) -> None:
        """ "If I were stopped now, this would be my answer." The last offer counts."""
        ...

    def new_id(self, stage: str) -> str:
        """For a candidate: unique in the run."""
        ...

    def emit(self, event: Event) -> None:
        """Records it; the context fills in the task."""
        ...
