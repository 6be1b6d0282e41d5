"""The provider: requests become jobs of the one worker that holds the model."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, Literal, TypeVar

from ..errors import ProviderError
from ..interfaces import Capabilities, Health, Reply, Request
from .jobs import Job, answers
from .options import LocalModelOptions
from .sharing import Lease
from .worker import Worker

OptionsT = TypeVar("OptionsT", bound=LocalModelOptions)


class LocalModelProvider(ABC, Generic[OptionsT]):
    """Of a model that a worker holds: honours seeds, and gives log-probabilities."""

    def __init__(
        self,
        options: OptionsT,
        lease: Lease[Worker[OptionsT]],
        *,
        n: int,
        in_flight: int,
        constraints: frozenset[Literal["json_schema", "regex", "grammar"]],
    ) -> None:
        self._options = options
        self._lease = lease
        name = options.model if options.adapter is None else f"{options.model}+{options.adapter}"
        self._capabilities = Capabilities(
            model=name,
            n=n,
            in_flight=in_flight,
            seed=True,
            logprobs=True,
            constraints=constraints,
            dialect=options.dialect,
            price=options.price,
        )

    @abstractmethod
    def _found(self) -> Health:
        """Whether the model could be loaded, without loading it; may take seconds."""

    def capabilities(self) -> Capabilities:
        return self._capabilities

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        model = self._capabilities.model
        jobs = [Job(request, self._options, model) for request in requests]
        return await answers(self._lease.worker().submit, jobs)

    async def health(self) -> Health:
        held = self._lease.taken
        if held is not None and held.is_loaded:
            return Health(ok=True, detail=f"{self._options.model} is loaded")
        return await asyncio.to_thread(self._found)

    async def aclose(self) -> None:
        await asyncio.to_thread(self._lease.end)
