"""Stage `attempt`: both stages in a row, seen as one problem by strategies over whole attempts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Self, TypeVar

from ...interfaces import (
    Candidate,
    Code,
    Context,
    Digest,
    Fault,
    Feedback,
    ImplementStage,
    Outcome,
    Problem,
    ProviderHandle,
    Sandbox,
    Scorer,
    Solution,
    SpecifyStage,
    Strategy,
    Subject,
    Task,
    Variation,
    Verdict,
)
from ...ir import IR
from ..concurrency import all_of
from ..context import Found, RunContext
from ..identity import digest
from .base import Memory, ModelProblem, drawn, value_digest
from .progress import Progress
from .varied import varied

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StageRunner:
    """How a route solves one stage."""

    strategy: Strategy
    provider: ProviderHandle
    scorer: Scorer | None = None


@dataclass(frozen=True, slots=True)
class RouteStages:
    """Both stages of a route, ready to run."""

    specify_stage: SpecifyStage
    specify: StageRunner
    implement_stage: ImplementStage
    implement: StageRunner


@dataclass(frozen=True, kw_only=True)
class AttemptProblem:
    """Implements `Problem[Solution]`."""

    task: Task
    stages: RouteStages
    sandbox: Sandbox
    progress: Progress = field(default_factory=Progress)
    _implementations: dict[Digest, Problem[Code]] = field(
        default_factory=dict[Digest, Problem[Code]], repr=False
    )

    @property
    def stage(self) -> str:
        return "attempt"

    @property
    def variants(self) -> Sequence[str]:
        return self._specification.variants

    def subject(self, value: Solution) -> Subject:
        return Subject(task=self.task, ir=value.ir, code=value.code)

    @cached_property
    def _specification(self) -> Problem[IR]:
        return self.stages.specify_stage.specify(self.task, self.sandbox)

    def _implementation(self, ir: IR) -> Problem[Code]:
        key = value_digest(ir)
        if key not in self._implementations:
            stage = self.stages.implement_stage
            self._implementations[key] = stage.implement(self.task, ir, self.sandbox)
        return self._implementations[key]

    async def draw(
        self, ctx: Context, n: int, vary: Variation | None = None
    ) -> Sequence[Candidate[Solution]]:
        if not isinstance(ctx, RunContext):
            raise TypeError("attempts are drawn in the context of a run")
        specified = await self._specify(ctx, n, vary)
        irs = [winner for winner in specified.winners if winner.value is not None]
        if irs:
            ctx.find(await self._unsolved(ctx, irs[0]), (0, 1))
            shares = Counter(place % len(irs) for place in range(n))
            with ctx.lanes(len(shares)) as lanes:
                groups = await all_of(
                    [
                        self._implement(lane, irs[place], share, vary)
                        for lane, (place, share) in zip(lanes, shares.items(), strict=True)
                    ]
                )
            candidates = [candidate for group in groups for candidate in group]
        else:
            candidates = [_without_ir(ctx, specified, place) for place in range(n)]
        for candidate in candidates:
            ctx.emit(drawn(candidate))
        return candidates

    async def _specify(self, ctx: RunContext, n: int, vary: Variation | None) -> Outcome[IR]:
        if self.progress.ir is not None:
            return Outcome((self.progress.ir,), "the specification is kept")
        problem = self._specification
        if self.progress.feedback is not None:
            problem = problem.with_feedback(self.progress.feedback)
        runner = self.stages.specify
        inside = ctx.at("specify", runner.provider, runner.scorer)
        told = ctx.offers.underway(lambda: self._meanwhile(inside.offers.best))
        outcome = await runner.strategy.run(varied(problem, vary), inside, n)
        told()
        return outcome

    async def _implement(
        self, ctx: RunContext, ir: Candidate[IR], n: int, vary: Variation | None
    ) -> list[Candidate[Solution]]:
        assert ir.value is not None
        problem = self._implementation(ir.value)
        if self.progress.ir is not None and self.progress.feedback is not None:
            problem = problem.with_feedback(self.progress.feedback)
        runner = self.stages.implement
        inside = ctx.at("implement", runner.provider, runner.scorer)
        told = ctx.offers.underway(lambda: self._meanwhile(ir, inside.offers.best))
        outcome = await runner.strategy.run(varied(problem, vary), inside, n)
        # Where fewer won than were wanted, the rest are the failures, told as such.
        losers = [code for code in outcome.candidates if code.value is None]
        codes = [*outcome.winners, *losers][:n]
        solutions = [await self._judged(ctx, ir, code, problem) for code in codes]
        for solution in solutions:
            assert solution.value is not None
            ctx.find(solution, (rank(solution.value), 1))
        told()
        return solutions

    async def _judged(
        self, ctx: Context, ir: Candidate[IR], code: Candidate[Code], problem: Problem[Code]
    ) -> Candidate[Solution]:
        if code.value is None:
            failures = (code.failure,) if code.failure else ()
            verdict = Verdict(status="fail", failures=failures)
        else:
            verdict = await problem.check(code.value)
        return await self._solved(ctx, ir, code, verdict)

    def _meanwhile(
        self, ir: Candidate[IR] | None, code: Candidate[Code] | None = None
    ) -> Found | None:
        """What the attempt comes to if it is stopped now, by what is known by now."""
        if ir is None or ir.value is None or (code is not None and code.value is None):
            return None
        specification = _known(self._specification, ir.value) or _UNCHECKED
        if code is None or code.value is None:
            candidate = _put_together(f"{ir.id}/alone", ir, None, specification, _UNWRITTEN)
            return (0, 0), candidate
        known = _known(self._implementation(ir.value), code.value)
        verdict = known or _UNCHECKED
        candidate = _put_together(f"{code.id}/attempt", ir, code, specification, verdict)
        assert candidate.value is not None
        # More than a specification alone, and less than code of which more is known.
        return ((0, 2) if known is None else (rank(candidate.value), 0)), candidate

    async def _unsolved(self, ctx: Context, ir: Candidate[IR]) -> Candidate[Solution]:
        """What there is while the code is still to come."""
        return await self._solved(ctx, ir, None, _UNWRITTEN)

    async def _solved(
        self, ctx: Context, ir: Candidate[IR], code: Candidate[Code] | None, verdict: Verdict
    ) -> Candidate[Solution]:
        assert ir.value is not None
        specification = await self._specification.check(ir.value)
        return _put_together(ctx.new_id("attempt"), ir, code, specification, verdict)

    def canonical(self, value: Solution) -> Digest:
        if value.code is None:
            return digest("ir", self._specification.canonical(value.ir))
        return digest("code", self._implementation(value.ir).canonical(value.code))

    async def behaviour(self, value: Solution) -> Digest:
        if value.code is None:
            return digest("ir", await self._specification.behaviour(value.ir))
        return digest("code", await self._implementation(value.ir).behaviour(value.code))

    async def check(self, value: Solution) -> Verdict:
        return value.verdict

    def with_feedback(self, feedback: Feedback) -> Self:
        return replace(self, progress=self.progress.after(feedback))

    def on(self, stages: RouteStages) -> Self:
        """The same progress on another route."""
        return replace(self, stages=stages, _implementations={})

    def from_the_start(self) -> Self:
        """Draws the IR again, whatever stage was at fault; not one that came with the task."""
        if self.progress.given:
            return self
        return replace(self, progress=replace(self.progress, ir=None))


_UNCHECKED: Final = Verdict(status="unverified", notes=("it was stopped before it was checked",))
_UNWRITTEN: Final = Verdict(status="unverified")


def _put_together(
    identifier: str,
    ir: Candidate[IR],
    code: Candidate[Code] | None,
    specification: Verdict,
    verdict: Verdict,
) -> Candidate[Solution]:
    assert ir.value is not None
    fault: Fault | None = None
    if verdict.status == "fail" and verdict.category != "infrastructure":
        fault = "specify" if specification.status == "fail" else "implement"
    parents: tuple[Candidate[Any], ...] = (ir,) if code is None else (ir, code)
    return Candidate(
        id=identifier,
        stage="attempt",
        value=Solution(
            ir=ir.value,
            specification=specification,
            code=None if code is None else code.value,
            verdict=verdict,
            fault=fault,
        ),
        text=parents[-1].text,
        reasoning=ir.reasoning,
        calls=tuple(call for parent in parents for call in parent.calls),
        parents=tuple(parent.id for parent in parents),
    )


def _known(problem: Problem[T], value: T) -> Verdict | None:
    """What was found out about it already: who is being stopped waits for no check."""
    key = problem.canonical(value)
    if not isinstance(problem, ModelProblem):
        return None
    memory: Memory = problem.memory
    return memory.verdicts.get(key)


def rank(solution: Solution) -> int:
    """How much better than nothing it is."""
    if solution.code is None:
        return 0
    return {"fail": 1, "unverified": 2, "pass": 3}[solution.verdict.status]


def _without_ir(ctx: Context, specified: Outcome[IR], place: int) -> Candidate[Solution]:
    tried = specified.candidates
    parent = tried[place % len(tried)] if tried else None
    return Candidate(
        id=ctx.new_id("attempt"),
        stage="attempt",
        value=None,
        failure=parent.failure if parent else None,
        text=parent.text if parent else "",
        calls=parent.calls if parent else (),
        parents=(parent.id,) if parent else (),
        notes=parent.notes if parent else {},
    )
