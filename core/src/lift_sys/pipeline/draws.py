"""What is wanted of a provider, and for whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import BudgetExhausted
from ..interfaces import Request, Sample
from .budget import Budget
from .identity import place_of
from .past import Past


@dataclass(frozen=True, slots=True)
class Draw:
    """Which samples of a request are wanted, for whom, and who pays."""

    request: Request
    digest: str
    indices: Sequence[int]
    """Of the samples: others of the same request were drawn earlier in the task, or are now."""
    seed: int
    task: str
    budget: Budget
    heard: Callable[[Sample], None]
    """Told of each sample when it comes."""
    epoch: int = 0
    past: Past = field(default_factory=Past)
    waiting: set[str] = field(default_factory=set[str])
    """Places of samples that have not come, of all draws of the task."""
    keys: dict[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    """Identities of its samples that were reckoned already, by provider and index."""

    def place(self, provider: str, index: int) -> str:
        return place_of(provider, self.digest, index)

    def places(self, provider: str, indices: Sequence[int]) -> dict[str, int]:
        return {self.place(provider, index): index for index in indices}

    def recalled(self, places: Mapping[str, int]) -> dict[int, Sample]:
        """Those of its samples that are recorded already."""
        samples = self.past.recall(places, self.budget)
        return {sample.index: sample for sample in self.tell(samples)}

    def unpaid(self, indices: Sequence[int], refusal: BudgetExhausted) -> list[Sample]:
        """What is given for samples that no budget covers."""
        error = str(refusal)
        return self.tell([Sample(index, None, None, error=error, unpaid=True) for index in indices])

    def tell(self, samples: list[Sample]) -> list[Sample]:
        for sample in samples:
            self.heard(sample)
        return samples
