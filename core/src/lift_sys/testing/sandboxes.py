"""A sandbox that protects from nothing, for tests of code that the test itself wrote."""

from typing import Any

from ..interfaces import Invocation, Job, Observation, Report
from ..ir import ValueCodecError, decode, encode


class TrustingSandbox:
    """Runs jobs in this very process. Never give it what a model wrote."""

    def guards(self) -> tuple[str, ...]:
        return ()

    async def run(self, job: Job) -> Report:
        namespace: dict[str, Any] = {}
        try:
            exec(compile(job.source, "<trusted>", "exec"), namespace)
        except Exception as error:  # noqa: BLE001 - whatever the code raises is the observation
            return Report(loaded=_raised(error))
        return Report(observations=tuple(_observe(namespace, each) for each in job.invocations))

    async def aclose(self) -> None:
        pass


def _observe(namespace: dict[str, Any], invocation: Invocation) -> Observation:
    args = [decode(value) for value in invocation.args]
    kwargs = {key: decode(value) for key, value in invocation.kwargs.items()}
    try:
        value = namespace[invocation.function](*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - whatever the code raises is the observation
        return _raised(error)
    try:
        encoded = encode(value)
    except ValueCodecError:
        return Observation(outcome="unencodable", exception=type(value).__name__)
    return Observation(
        outcome="returned", value=encoded, args_after=tuple(encode(value) for value in args)
    )


def _raised(error: Exception) -> Observation:
    bases = tuple(base.__name__ for base in type(error).__mro__[1:-1])
    return Observation(
        outcome="raised", exception=type(error).__name__, bases=bases, detail=str(error)
    )
