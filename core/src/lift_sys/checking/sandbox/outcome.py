"""From what was heard of a job's processes to its report."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

from ...interfaces import Invocation, Job, Observation, Report
from .conversation import Ending
from .protocol import Answers

_MAX_RESTARTS = 3

Attempt = Callable[[tuple[Invocation, ...], float], Awaitable[tuple[Answers, Ending]]]
"""Load the job's source in a fresh process and make these calls, until the deadline."""


async def carry_out(job: Job, attempt: Attempt, guards: tuple[str, ...]) -> Report:
    """Make all calls, going on in a fresh process where one ended with a call."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + job.limits.job_seconds
    wanted = len(job.invocations)
    seen: list[Observation] = []
    failure: Observation | None = None
    stdout = ""
    for _ in range(1 + _MAX_RESTARTS):
        answers, ending = await attempt(job.invocations[len(seen) :], deadline)
        stdout += answers.stdout
        seen += answers.observations
        failure = answers.loaded
        if not answers.complete:
            failure = explain(ending, job)
        if answers.loaded is not None or not answers.has_loaded:
            if not seen:
                return Report(loaded=failure, guards=guards, stdout=stdout)
            break  # It loaded before: what is not run yet has no better answer than this.
        if failure is not None:
            seen.append(failure)
        if len(seen) == wanted or clock() >= deadline:
            break
    if failure is not None:
        skipped = failure.model_copy(update={"detail": f"not run: before it, {failure.detail}"})
        seen += [skipped] * (wanted - len(seen))
    kept = stdout[: job.limits.output_bytes]
    return Report(observations=tuple(seen), guards=guards, stdout=kept)


def explain(ending: Ending, job: Job) -> Observation:
    """Why a process ended without an answer."""
    limits = job.limits
    if ending.how == "timeout":
        detail = f"no answer within {limits.wall_seconds:g} s"
        return Observation(outcome="timeout", detail=detail)
    if ending.how == "malformed":
        return Observation(outcome="crash", detail="the code wrote into the sandbox's own channel")
    if ending.status >= 0:
        detail = f"the process ended with status {ending.status} in the middle of the call"
        return Observation(outcome="crash", detail=detail)
    number = -ending.status
    if number in _CPU_SIGNALS or _ran_out(ending, limits.job_seconds):
        detail = f"more than {limits.cpu_seconds:g} s of CPU time"
        return Observation(outcome="timeout", detail=detail)
    if number == getattr(signal, "SIGSYS", None):
        return Observation(outcome="forbidden", detail="a system call that the sandbox forbids")
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    return Observation(outcome="crash", detail=f"the process ended with {name}")


def _ran_out(ending: Ending, seconds: float) -> bool:
    """The last resort against code that ignores the signals above."""
    return ending.cpu_seconds is not None and ending.cpu_seconds >= seconds


_CPU_SIGNALS = {
    number for name in ("SIGPROF", "SIGXCPU") if (number := getattr(signal, name, None)) is not None
}
