"""The provider: requests become jobs of the one worker that holds the engine."""

import asyncio
from collections.abc import Sequence
from typing import Literal

from lift_sys.errors import ProviderError
from lift_sys.interfaces import Capabilities, Health, Parts, Reply, Request
from lift_sys.local_models import Job, answers

from .plugin import VllmOptions
from .shared import health, lease

_Kinds = frozenset[Literal["json_schema", "regex", "grammar"]]
_CONSTRAINTS: dict[str, _Kinds] = {
    "guidance": frozenset({"json_schema", "regex", "grammar"}),
    # It reads another dialect of grammars.
    "xgrammar": frozenset({"json_schema", "regex"}),
}


def create(options: VllmOptions, parts: Parts) -> "VllmProvider":
    return VllmProvider(options)


class VllmProvider:
    def __init__(self, options: VllmOptions) -> None:
        self._options = options
        self._lease = lease(options)
        name = options.model
        self._model = name if options.adapter is None else f"{name}+{options.adapter}"

    def capabilities(self) -> Capabilities:
        options = self._options
        return Capabilities(
            model=self._model,
            n=options.n,
            in_flight=options.in_flight,
            seed=True,
            logprobs=True,
            constraints=_CONSTRAINTS[options.engine],
            dialect=options.dialect,
            price=options.price,
        )

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        jobs = [Job(request, self._options, self._model) for request in requests]
        return await answers(self._lease.worker().submit, jobs)

    async def health(self) -> Health:
        return await asyncio.to_thread(health, self._lease.taken, self._options)

    async def aclose(self) -> None:
        await asyncio.to_thread(self._lease.end)
