"""The context of one task, as strategies, scorers and problems see it."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ..errors import BudgetExhausted
from ..interfaces import (
    Call,
    Candidate,
    Capabilities,
    Event,
    LeftRead,
    Limits,
    Problem,
    ProviderHandle,
    Request,
    Sample,
    Score,
    Scorer,
    Spend,
    spend_of_calls,
)
from .budget import Budget
from .concurrency import all_that_is_paid
from .draws import Draw
from .gateway import SampleSource
from .identity import request_digest
from .numbering import Numbering
from .past import Past

Rank = tuple[int, int]
"""How good something is that came up, the higher the better."""
Found = tuple[Rank, Candidate[Any]]


class Offers:
    """What a strategy, or else the problem it draws from, would answer if stopped now."""

    def __init__(self) -> None:
        self._chosen: Candidate[Any] | None = None
        self._found: Found | None = None
        self._inner: list[Offers] = []
        self._underway: list[Callable[[], Found | None]] = []

    def choose(self, candidate: Candidate[Any]) -> None:
        self._chosen = candidate

    def find(self, candidate: Candidate[Any], rank: Rank) -> None:
        """Something usable came up; the highest rank is kept, of equals the lowest number."""
        self._found = max(self._found or (rank, candidate), (rank, candidate), key=_order)

    def underway(self, source: Callable[[], Found | None]) -> Callable[[], None]:
        """What is being made has a best of its own; the answer ends that, once it is told."""
        self._underway.append(source)
        return lambda: self._underway.remove(source)

    def inside(self) -> "Offers":
        """For an inner strategy: its offers count where the outer one has made none."""
        inner = Offers()
        self._inner.append(inner)
        return inner

    @property
    def best(self) -> Candidate[Any] | None:
        if self._chosen is not None:
            return self._chosen
        inner = next((each.best for each in self._inner if each.best is not None), None)
        if inner is not None:
            return inner
        made = (source() for source in self._underway)
        found = [each for each in (self._found, *made) if each is not None]
        return max(found, key=_order)[1] if found else None


class Ledger:
    """The calls that were delivered to a strategy, and to those that run inside it."""

    def __init__(self, outer: "Ledger | None" = None) -> None:
        self._outer = outer
        self._calls: dict[str, Call] = {}

    def note(self, call: Call) -> None:
        self._calls[call.id] = call
        if self._outer is not None:
            self._outer.note(call)

    @property
    def spend(self) -> Spend:
        return spend_of_calls(self._calls.values())


@dataclass(slots=True)
class TaskScope:
    """What all contexts of one task share."""

    id: str
    """What the task is called in the record."""
    seed: int
    gateways: Mapping[str, SampleSource]
    sink: Callable[[Event], None]
    epoch: int = 0
    past: Past = field(default_factory=Past)
    waiting: set[str] = field(default_factory=set[str])
    """Places of the samples that were asked for and have not come."""

    def emit(self, event: Event) -> None:
        self.sink(event if event.task == self.id else event.model_copy(update={"task": self.id}))
        self.past.step()


@dataclass(frozen=True, slots=True)
class RunContext:
    """Implements `lift_sys.interfaces.Context`."""

    scope: TaskScope
    budget: Budget
    stage: str = ""
    provider: ProviderHandle | None = None
    scorer: Scorer | None = None
    offers: Offers = field(default_factory=Offers)
    numbers: Numbering = field(default_factory=Numbering)
    """Of samples by their request, and of candidates."""
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def left(self) -> Limits:
        left = self.scope.past.reading(self.stage) or self.budget.left
        if left != _NO_LIMITS:
            self.emit(LeftRead(stage=self.stage, left=left))
        return left

    @property
    def seed(self) -> int:
        return self.scope.seed

    def capabilities(self, provider: ProviderHandle | None = None) -> Capabilities:
        return self._gateway(provider).capabilities

    async def sample(
        self,
        requests: Sequence[Request],
        provider: ProviderHandle | None = None,
        heard: Callable[[int, Sample], None] | None = None,
    ) -> Sequence[Sequence[Sample]]:
        gateway = self._gateway(provider)

        def hear(place: int, sample: Sample) -> None:
            if sample.call is not None:
                self.ledger.note(sample.call)
            if heard is not None:
                heard(place, sample)

        draws = [
            self._draw(gateway, request, partial(hear, place))
            for place, request in enumerate(requests)
        ]
        drawn = await all_that_is_paid([gateway.samples(draw) for draw in draws])
        refusals = [each for each in drawn if isinstance(each, BudgetExhausted)]
        if refusals and len(refusals) == len(drawn):
            raise refusals[0]
        return [
            draw.unpaid(draw.indices, each) if isinstance(each, BudgetExhausted) else each
            for draw, each in zip(draws, drawn, strict=True)
        ]

    def _draw(
        self, gateway: SampleSource, request: Request, heard: Callable[[Sample], None]
    ) -> Draw:
        digest = request_digest(request)
        indices = self.numbers.take((gateway.name, digest), request.sampling.n)
        return Draw(
            request=request,
            digest=digest,
            indices=indices,
            seed=self.scope.seed,
            epoch=self.scope.epoch,
            task=self.scope.id,
            budget=self.budget,
            heard=heard,
            past=self.scope.past,
            waiting=self.scope.waiting,
        )

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]]
    ) -> Sequence[Score]:
        if self.scorer is None or not candidates:
            return [Score(None, "no scorer is configured for this stage") for _ in candidates]
        return await self.scorer.score(problem, candidates, self)

    def offer(self, candidate: Candidate[Any]) -> None:
        self.offers.choose(candidate)
        self.scope.past.moved()

    def find(self, candidate: Candidate[Any], rank: Rank = (0, 0)) -> None:
        """Something usable came up: it is the answer where no strategy chooses one."""
        self.offers.find(candidate, rank)
        self.scope.past.moved()

    def new_id(self, stage: str) -> str:
        (number,) = self.numbers.take(_CANDIDATES, 1)
        return f"{self.scope.id}/{stage}/{number + 1}"

    def emit(self, event: Event) -> None:
        self.scope.emit(event)

    @contextmanager
    def lanes(self, count: int) -> "Generator[Sequence[RunContext]]":
        """For so many things at once: what each draws does not depend on the others' pace."""
        lanes = self.numbers.split(count)
        try:
            yield [replace(self, numbers=lane) for lane in lanes]
        finally:
            self.numbers.join(lanes)

    def within(self) -> "RunContext":
        """For a strategy run inside this context: its offers and its spending are its own."""
        return replace(self, offers=self.offers.inside(), ledger=Ledger(self.ledger))

    def at(
        self, stage: str, provider: ProviderHandle | None, scorer: Scorer | None
    ) -> "RunContext":
        """For another stage: what is offered there is no answer here."""
        return replace(self, stage=stage, provider=provider, scorer=scorer, offers=Offers())

    def paid_by(self, budget: Budget) -> "RunContext":
        return replace(self, budget=budget)

    def _gateway(self, provider: ProviderHandle | None) -> SampleSource:
        name = provider or self.provider
        if name is None:
            raise LookupError(f"stage {self.stage!r} runs on no provider of its own")
        return self.scope.gateways[name]


_NO_LIMITS = Limits()
_CANDIDATES = "candidates"


def _order(found: Found) -> tuple[Rank, int]:
    return found[0], -_number(found[1])


def _number(candidate: Candidate[Any]) -> int:
    number = candidate.id.rpartition("/")[2]
    return int(number) if number.isdecimal() else 0
