"""Says what is wrong with a candidate: by the checks for free, and by a model where it may."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, TypeVar

from lift_sys.interfaces import (
    Candidate,
    Context,
    Digest,
    Failure,
    Feedback,
    Problem,
    ProviderHandle,
    Sampling,
    Solution,
    Verdict,
)

from .critique import Critique, question, read
from .plugin import RefineOptions

T = TypeVar("T")

_BY_STATUS: Final = {"pass": 2, "unverified": 1, "fail": 0}
_TRIES: Final = 2
"""How often a critique is asked for whose reply cannot be read."""


@dataclass(frozen=True, slots=True)
class Judged(Generic[T]):
    """A candidate with all that is known against it."""

    candidate: Candidate[T]
    verdict: Verdict
    critique: Critique | None = None
    silent: str = ""
    """Why there is no critique where one was asked for."""

    @property
    def valid(self) -> bool:
        return self.candidate.value is not None

    @property
    def refuted(self) -> bool:
        return not self.valid or self.verdict.status == "fail"

    @property
    def nobodys_fault(self) -> bool:
        """No model can mend a server that is down."""
        return self.refuted and self.verdict.category == "infrastructure"

    @property
    def status(self) -> str:
        return self.verdict.status if self.valid else "invalid"

    @property
    def by_checks(self) -> tuple[int, int]:
        if not self.valid:
            return (-1, 0)
        return (_BY_STATUS[self.verdict.status], -len(self.verdict.failures))

    @property
    def standing(self) -> tuple[tuple[int, int], float]:
        """What the checks say goes before what the critic thinks of it."""
        return (self.by_checks, -1.0 if self.critique is None else self.critique.quality)


@dataclass(slots=True)
class Critic(Generic[T]):
    options: RefineOptions
    provider: ProviderHandle | None
    problem: Problem[T]
    _known: dict[Digest, tuple[Critique | None, str]] = field(
        default_factory=dict[Digest, tuple[Critique | None, str]]
    )

    async def check(self, candidate: Candidate[T]) -> Judged[T]:
        if candidate.value is None:
            failures = () if candidate.failure is None else (candidate.failure,)
            return Judged(candidate, Verdict(status="fail", failures=failures))
        return Judged(candidate, await self.problem.check(candidate.value))

    async def criticise(self, judged: Judged[T], ctx: Context) -> Judged[T]:
        """What is known against it, with what a model says where it is to be asked."""
        candidate, when = judged.candidate, self.options.model
        told = judged.critique is not None or judged.silent
        if candidate.value is None or told or when == "never":
            return judged
        if when == "unrefuted" and judged.refuted:
            return judged
        form = self.problem.canonical(candidate.value)
        if form not in self._known:
            self._known[form] = await self._criticise(candidate, ctx)
        critique, silent = self._known[form]
        return replace(judged, critique=critique, silent=silent)

    async def _criticise(
        self, candidate: Candidate[T], ctx: Context
    ) -> tuple[Critique | None, str]:
        handle = self.provider
        if handle is None:
            if not candidate.calls:
                return None, "no model wrote it, so none criticises it"
            handle = ProviderHandle(candidate.calls[-1].provider)
        can = ctx.capabilities(handle)
        sampling = Sampling(
            max_tokens=self.options.max_tokens, temperature=0.0 if can.temperature else None
        )
        request = question(
            self.problem.task, candidate, sampling, constrained="json_schema" in can.constraints
        )
        silent = ""
        for _ in range(_TRIES):
            ((sample,),) = await ctx.sample([request], handle)
            if sample.completion is None:
                return None, f"the critic failed: {sample.error or 'it sent nothing'}"
            critique = read(sample.completion.text)
            if critique is not None:
                return critique, ""
            silent = "the critique cannot be read"
        return None, silent

    def feedback(self, judged: Judged[T]) -> Feedback:
        """The smallest counter-examples, and what the critic found."""
        critique = judged.critique
        return Feedback(
            previous=_blamed(judged),
            failures=tuple(smallest(judged.verdict.failures)[: self.options.counter_examples]),
            advice="" if critique is None else critique.advice,
        )


def smallest(failures: Sequence[Failure]) -> list[Failure]:
    """Those that a call shows first, the shortest call before longer ones."""
    return sorted(failures, key=lambda one: (one.input is None, len(one.input or "")))


def _blamed(judged: Judged[Any]) -> Candidate[Any]:
    """An attempt whose specification is at fault by the critic draws that again, not the code."""
    candidate, critique = judged.candidate, judged.critique
    solution = candidate.value
    if (
        isinstance(solution, Solution)
        and not judged.refuted
        and critique is not None
        and critique.blames_specification
    ):
        return replace(candidate, value=solution.model_copy(update={"fault": "specify"}))
    return candidate
