"""Runs a candidate's code in a sandbox and tells what it did; judging is done elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..interfaces import Code, Example, Invocation, Job, Observation, Sandbox, SandboxLimits
from ..ir import encode
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


@dataclass(frozen=True, slots=True)
class Observed:
    """What the code did, call by call."""

    loaded: Observation | None
    """What went wrong while the module was loaded; None: nothing."""
    calls: tuple[Call, ...]
    seen: tuple[Observation, ...]
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
        return Observed(report.loaded, (), (), report.guards)
    return Observed(None, tuple(calls), report.observations, report.guards)
