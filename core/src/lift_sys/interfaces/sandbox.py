"""Sandbox: runs hostile code and reports what was seen, nothing more.

Nothing is judged inside: values come back encoded and are compared by whoever asked.
"""

from typing import Annotated, Any, Literal, Protocol, runtime_checkable

from pydantic import Field

from ..ir import Frozen


class SandboxLimits(Frozen):
    """What a job may use. It is one process, and starts no other."""

    cpu_seconds: Annotated[float, Field(gt=0)] = 2.0
    """For loading the source, and for each call."""
    wall_seconds: Annotated[float, Field(gt=0)] = 5.0
    """For loading the source, and for each call."""
    job_seconds: Annotated[float, Field(gt=0)] = 30.0
    """For the whole job."""
    memory_bytes: Annotated[int, Field(gt=0)] = 256 * 2**20
    output_bytes: Annotated[int, Field(gt=0)] = 2**20
    """The most kept of what is printed, and the largest value that is reported."""


class Invocation(Frozen):
    """Call `function` with these arguments, given in the codec's JSON form."""

    function: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}


class Job(Frozen):
    """Load `source` in a fresh process, then make the calls in order.

    A call that ends the process costs its own result only: the rest are made in another fresh
    process, a few times over.
    """

    source: str
    invocations: tuple[Invocation, ...] = ()
    limits: SandboxLimits = SandboxLimits()


class Observation(Frozen):
    """What one call did."""

    outcome: Literal["returned", "raised", "unencodable", "timeout", "memory", "crash", "forbidden"]
    value: Any = None
    """The returned value in the codec's JSON form."""
    exception: str | None = None
    """Class name, or the type of a value that has no encoding. A class that only bears the name
    of a built-in exception is told with its module."""
    bases: tuple[str, ...] = ()
    """Names of the exception's base classes, nearest first."""
    detail: str = ""
    args_after: tuple[Any, ...] | None = None
    """The arguments as the call left them; None where nothing could be read."""


class Report(Frozen):
    """`loaded` is None when the module loaded, else what went wrong while it did."""

    loaded: Observation | None = None
    observations: tuple[Observation, ...] = ()
    """One for each call, in order; none where the module did not load."""
    guards: tuple[str, ...] = ()
    stdout: str = ""
    """The beginning of what was printed, on either stream."""


@runtime_checkable
class Sandbox(Protocol):
    def guards(self) -> tuple[str, ...]:
        """The protections in force; empty means: nothing but a separate process."""
        ...

    async def run(self, job: Job) -> Report:
        """Raises SandboxFailed where the sandbox itself broke, never for what the code does."""
        ...

    async def aclose(self) -> None: ...
