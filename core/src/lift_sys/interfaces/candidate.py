"""One result of one stage, with where it came from and what it cost."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from ..ir import IR, Frozen
from .provider import Usage
from .verdict import Failure, Verdict

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Call(Frozen):
    """One delivered reply of a provider. Draws of one batch share it; money is counted by `id`."""

    id: str
    provider: str
    model: str
    usage: Usage
    cost: float | None
    """US dollars; None: the price is not known."""
    seconds: float
    cached: bool = False
    """Whether it was made before, or for somebody else; `cost` and `seconds` are those of then."""
    batch: bool = False
    """Whether it was one of a vendor's batch, and `cost` is what that asks for those."""

    def share(self, of: int) -> "Call":
        """What one of the samples that it delivered has of it."""
        if of == 1:
            return self
        tokens = {
            name: round(getattr(self.usage, name) / of)
            for name in ("input_tokens", "output_tokens", "cached_tokens", "written_tokens")
        }
        cost = None if self.cost is None else self.cost / of
        return self.model_copy(update={"usage": self.usage.model_copy(update=tokens), "cost": cost})


class Origin(Frozen):
    """How to draw this very candidate again."""

    provider: str
    model: str
    prompt: str
    """Digest of the template and of what was filled in."""
    variant: str = "plain"
    temperature: float | None = None
    seed: int | None = None
    index: int = 0
    """Which sample of its request this is."""


class Variation(Frozen):
    """How draws are to differ from the stage's ordinary ones; a stage says which it offers."""

    variant: str | None = None
    temperature: float | None = None
    few_shot: int = 0
    """Which choice of few-shot examples: 0 is the ordinary one."""
    constrained: bool = False
    """Where reasoning comes first: whether the answer after it is held to its constraint too, in a
    call of its own where the provider cannot do that in the same one."""


class Code(Frozen):
    """A Python module's text that defines the function `name`."""

    name: str
    source: str


Fault = Literal["specify", "implement"]
"""The stage that a failure is blamed on."""


class Solution(Frozen):
    """What a whole attempt yields; `code` is None where it ended before there was any."""

    ir: IR
    specification: Verdict
    """On the IR, before there was code; its notes are what a person should look at."""
    code: Code | None
    verdict: Verdict
    fault: Fault | None = None
    """Set when the verdict is a failure."""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T_co]):
    id: str
    stage: Literal["specify", "implement", "attempt"] | str
    value: T_co | None
    """None: the draw failed or its text is no value of this stage; `failure` says why."""
    failure: Failure | None = None
    text: str = ""
    reasoning: str | None = None
    """What was thought before it (of an attempt: before its specification); no part of `value`."""
    origin: Origin | None = None
    """None for what is put together from other candidates (`parents`)."""
    calls: tuple[Call, ...] = ()
    parents: tuple[str, ...] = ()
    logprob: float | None = None
    """Sum of the log-probabilities of its tokens."""
    tokens: int | None = None
    """How many tokens `logprob` sums over."""
    notes: Mapping[str, str] = field(default_factory=dict[str, str])


class Spend(Frozen):
    """What distinct calls cost together. What came from the cache is told apart."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    unpriced_calls: int = 0
    """Calls whose price is unknown: where there are any, `usd` is a lower bound."""
    batch_calls: int = 0
    """Calls that were billed as those of a vendor's batch."""
    seconds: float = 0.0
    cached_calls: int = 0
    """Calls that earlier runs had made and paid for."""
    cached_usd: float = 0.0
    """What these had cost then."""

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


def spend_of(candidates: Iterable[Candidate[object]]) -> Spend:
    return spend_of_calls(call for candidate in candidates for call in candidate.calls)


def spend_of_calls(calls: Iterable[Call]) -> Spend:
    """Each distinct call once; cached ones are not billed."""
    every = {call.id: call for call in calls}.values()
    distinct = [call for call in every if not call.cached]
    cached = [call for call in every if call.cached]
    return Spend(
        calls=len(distinct),
        input_tokens=sum(call.usage.input_tokens for call in distinct),
        output_tokens=sum(call.usage.output_tokens for call in distinct),
        usd=math.fsum(call.cost or 0.0 for call in distinct),
        unpriced_calls=sum(call.cost is None for call in distinct),
        batch_calls=sum(call.batch for call in distinct),
        seconds=math.fsum(call.seconds for call in distinct),
        cached_calls=len(cached),
        cached_usd=math.fsum(call.cost or 0.0 for call in cached),
    )
