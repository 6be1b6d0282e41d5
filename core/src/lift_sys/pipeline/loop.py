"""The one loop across stages: attempt, blame, feed back, escalate; as the router says."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..errors import BudgetExhausted, PluginError
from ..interfaces import (
    Attempt,
    AttemptAudited,
    AttemptEnded,
    Auditor,
    Candidate,
    CutOff,
    Failure,
    Fault,
    Feedback,
    Limits,
    Outcome,
    Route,
    Router,
    RouteTaken,
    Sandbox,
    Scorer,
    Solution,
    Strategy,
    Task,
    Verdict,
)
from .auditing import compared
from .budget import Budget
from .context import RunContext
from .stages import AttemptProblem, RouteStages
from .stages.attempt import rank
from .stages.progress import Progress
from .task_result import Status, TaskResult


@dataclass(frozen=True, slots=True)
class BuiltRoute:
    """A route of the pipeline, ready to run."""

    stages: RouteStages
    strategy: Strategy
    scorer: Scorer | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole pipeline, ready to run."""

    routes: Mapping[str, BuiltRoute]
    router: Router
    sandbox: Sandbox


@dataclass(slots=True)
class Solving:
    """One task on its way. What was reached can be read at any moment, also after a cancel."""

    task: Task
    plan: Plan
    ctx: RunContext
    history: list[Attempt] = field(default_factory=list[Attempt])
    _best: Solution | None = None
    _current: RunContext | None = None

    async def run(self) -> TaskResult:
        problem = AttemptProblem(
            task=self.task,
            stages=self.plan.routes["default"].stages,
            sandbox=self.plan.sandbox,
            progress=Progress.of(self.task),
        )
        while route := self._route():
            built = self._built(route)
            problem = problem.on(built.stages)
            if route.start == "specify":
                problem = problem.from_the_start()
            candidate, cut_short, attempt = await self._attempt(problem, route, built)
            self._keep(candidate)
            self.history.append(attempt)
            verdict = attempt.verdict
            if cut_short:
                return self._result(cut_short)
            if verdict.status == "pass":
                await self._audit(candidate)
            if verdict.status != "fail":
                return self._result(_FINISHED[verdict.status])
            problem = problem.with_feedback(Feedback(candidate, verdict.failures))
        return self._result(self._stopped())

    async def _audit(self, accepted: Candidate[Solution] | None) -> None:
        """Solves it again from the start, where the router asks for that; the answer stays."""
        route = self._audit_route()
        if route is None or accepted is None or accepted.value is None:
            return
        built = self._built(route)
        problem = AttemptProblem(
            task=self.task,
            stages=built.stages,
            sandbox=self.plan.sandbox,
            progress=Progress.of(self.task),
        )
        candidate, cut_short, attempt = await self._attempt(problem, route, built, audit=True)
        other = None if candidate is None else candidate.value
        agrees, why = await compared(
            self.task, self.plan.sandbox, built.stages, accepted.value, other
        )
        self.ctx.emit(
            AttemptAudited(
                attempt=len(self.history),
                route=self.history[-1].route,
                by=route.name,
                agrees=agrees,
                why=cut_short or why,
                spend=attempt.spend,
            )
        )

    def _audit_route(self) -> Route | None:
        past, router = self.ctx.scope.past, self.plan.router
        known = past.route(len(self.history) + 1)
        if known is not None or past.complete or not isinstance(router, Auditor):
            return known
        return router.audit(self.task, self.history, self.ctx.budget.left)

    def _stopped(self) -> str:
        why = f"the router stopped after {_attempts(len(self.history))}"
        failures = self.history[-1].verdict.failures if self.history else ()
        if failures and failures[0].category == "infrastructure":
            why += f": {failures[0].message}"
        return why

    def _route(self) -> Route | None:
        """As recorded, as far as that goes: a router may have learnt since."""
        past = self.ctx.scope.past
        known = past.route(len(self.history) + 1)
        if known is not None or past.complete:
            return known
        return self.plan.router.next(self.task, self.history, self.ctx.budget.left)

    def interrupted(self) -> TaskResult:
        """What there is after a cancel."""
        return self._broken_off("it was stopped before its end", "cancelled")

    def failed(self, why: str) -> TaskResult:
        """What there is after an error that ends the task."""
        return self._broken_off(why, "error")

    def _broken_off(self, why: str, status: Status) -> TaskResult:
        if self._current is not None:
            self._keep(self._current.offers.best)
        return self._result(why, status)

    def _built(self, route: Route) -> BuiltRoute:
        if route.name not in self.plan.routes:
            raise PluginError(
                f"the router chose route {route.name!r}, which the pipeline does not have",
                remedy=f"name one of: {', '.join(sorted(self.plan.routes))}",
            )
        return self.plan.routes[route.name]

    async def _attempt(
        self, problem: AttemptProblem, route: Route, built: BuiltRoute, *, audit: bool = False
    ) -> tuple[Candidate[Solution] | None, str, Attempt]:
        """The attempt's answer, why it was cut short where it was, and what came of it."""
        number = len(self.history) + 1
        budget = Budget(f"route {route.name}", route.budget or Limits(), self.ctx.budget)
        ctx = self.ctx.paid_by(budget).at("attempt", None, built.scorer)
        self._current = None if audit else ctx
        start: Fault = "specify" if problem.progress.ir is None else "implement"
        ctx.emit(
            RouteTaken(
                attempt=number,
                route=route.name,
                reason=route.reason,
                start=start,
                budget=route.budget,
                forced=route.start is not None,
                audit=audit,
            )
        )
        outcome = await self._outcome(problem, ctx, built.strategy, number)
        cut_short = outcome.stopped if outcome.cut_short else ""
        candidate = outcome.best or next(iter(outcome.candidates), None)
        verdict, fault = _verdict(candidate, cut_short)
        attempt = Attempt(route.name, verdict, fault, budget.spent)
        self._current = None
        ctx.emit(
            AttemptEnded(
                attempt=number,
                route=route.name,
                verdict=verdict,
                fault=fault,
                spend=budget.spent,
                audit=audit,
            )
        )
        return candidate, cut_short, attempt

    async def _outcome(
        self, problem: AttemptProblem, ctx: RunContext, strategy: Strategy, number: int
    ) -> Outcome[Solution]:
        past = ctx.scope.past
        limit = asyncio.timeout(past.time_for(ctx.budget.left.seconds))
        try:
            async with limit:
                past.watch(number, limit, lambda: _id(ctx.offers.best))
                return await strategy.run(problem, ctx)
        except BudgetExhausted as exhausted:
            return _cut_short(ctx.offers.best, str(exhausted))
        except asyncio.CancelledError:
            ctx.emit(_cut_off(ctx, number, "cancelled"))
            raise
        except TimeoutError:
            if not limit.expired():
                raise
            if past.stopped_by_person:
                raise asyncio.CancelledError from None
            ctx.emit(_cut_off(ctx, number, "time"))
            return _cut_short(ctx.offers.best, "the time of the budget is over")

    def _keep(self, candidate: Candidate[Solution] | None) -> None:
        """The best solution over all attempts, the earliest of equals."""
        found = candidate.value if candidate else None
        if found is not None and (self._best is None or _worth(found) > _worth(self._best)):
            self._best = found

    def _result(self, why: str, status: Status | None = None) -> TaskResult:
        return TaskResult(
            task=self.task,
            status=status or self._status(),
            why=why,
            solution=self._best,
            attempts=tuple(self.history),
            spend=self.ctx.budget.spent,
            seconds=self.ctx.scope.past.seconds(self.ctx.budget.seconds),
        )

    def _status(self) -> Status:
        if self._best is not None and self._best.code is not None:
            return self._best.verdict.status
        blamed = {failure.category for a in self.history for failure in a.verdict.failures}
        return "error" if blamed <= {"infrastructure"} else "fail"


_FINISHED = {
    "pass": "the code passes its checks",
    "unverified": "there is too little to check the code against",
}


def _cut_off(ctx: RunContext, attempt: int, reason: Literal["time", "cancelled"]) -> CutOff:
    return CutOff(
        attempt=attempt,
        reason=reason,
        best=_id(ctx.offers.best),
        waiting=tuple(sorted(ctx.scope.waiting)),
    )


def _id(candidate: Candidate[Any] | None) -> str | None:
    return None if candidate is None else candidate.id


def _cut_short(best: Candidate[Solution] | None, why: str) -> Outcome[Solution]:
    return Outcome(() if best is None else (best,), why, cut_short=True)


def _verdict(candidate: Candidate[Solution] | None, cut_short: str) -> tuple[Verdict, Fault | None]:
    if candidate is not None and candidate.value is not None:
        return candidate.value.verdict, candidate.value.fault
    failure = candidate.failure if candidate is not None else None
    if failure is None:
        failure = Failure(category="infrastructure", message=cut_short or "nothing was drawn")
    fault = None if failure.category == "infrastructure" else "specify"
    return Verdict(status="fail", failures=(failure,)), fault


def _worth(solution: Solution) -> tuple[int, int]:
    return rank(solution), -len(solution.verdict.failures)


def _attempts(count: int) -> str:
    return "one attempt" if count == 1 else f"{count} attempts"
