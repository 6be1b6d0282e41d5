"""Runs a candidate's code in a sandbox and tells what it did; judging is done elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import is_
from typing import Any, NamedTuple

from ..interfaces import Code, Example, Invocation, Job, Observation, Sandbox, SandboxLimits
from ..ir import decode, encode
from .inputs import Arguments

_PROBING = SandboxLimits(cpu_seconds=0.5, wall_seconds=1.0, job_seconds=4.0)
"""For inputs nobody asked for: code that is slow on some of them is not wrong."""


@dataclass(frozen=True, slots=True)
class Call:
    """Arguments for the function under test."""

    args: Arguments
    kwargs: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, example: Example) -> "Call":
        return cls(example.args, tuple(example.kwargs.items()))

    def text(self, function: str) -> str:
        arguments = [repr(value) for value in self.args]
        arguments += [f"{name}={value!r}" for name, value in self.kwargs]
        return f"{function}({', '.join(arguments)})"


class Seen(NamedTuple):
    """An observation with its values decoded, which is done once."""

    outcome: str
    result: Any
    """What was returned; None where nothing was."""
    exception: str | None
    bases: tuple[str, ...]
    detail: str
    after: Arguments
    """The arguments as the call left them: the very same where it left them alone, or where
    nothing could be read."""

    @classmethod
    def of(cls, seen: Observation, call: Call, given: Sequence[Any] = ()) -> "Seen":
        """`given` are the call's arguments in the codec's JSON form, as they were sent."""
        after, told = call.args, seen.args_after
        if told is not None and not _identical(told, given):
            after = tuple(decode(value) for value in told)
        result = decode(seen.value)
        return cls(seen.outcome, result, seen.exception, seen.bases, seen.detail, after)


def _identical(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return len(some) == len(others) and all(map(is_, some, others))


@dataclass(frozen=True, slots=True)
class Observed:
    """What the code did, call by call."""

    loaded: Seen | None
    """What went wrong while the module was loaded; None: nothing."""
    calls: tuple[Call, ...]
    seen: tuple[Seen, ...]
    guards: tuple[str, ...]


async def observe(
    code: Code, calls: Sequence[Call], sandbox: Sandbox, *, probing: bool = False
) -> Observed:
    """Makes the calls in one process; `probing` ones get little time each."""
    job = Job(
        source=code.source,
        invocations=tuple(
            Invocation(
                function=code.name,
                args=tuple(encode(value) for value in call.args),
                kwargs={name: encode(value) for name, value in call.kwargs},
            )
            for call in calls
        ),
        limits=_PROBING if probing else SandboxLimits(),
    )
    report = await sandbox.run(job)
    if report.loaded is not None:
        return Observed(Seen.of(report.loaded, Call(())), (), (), report.guards)
    seen = tuple(
        Seen.of(each, call, asked.args)
        for each, call, asked in zip(report.observations, calls, job.invocations, strict=True)
    )
    return Observed(None, tuple(calls), seen, report.guards)
