"""What a model in this process is asked, and how the answers come back to the event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..errors import ProviderError
from ..interfaces import Reply, Request

Answer = Reply | ProviderError


def _future() -> "Future[Answer]":
    return Future()


OptionsT = TypeVar("OptionsT")


@dataclass(slots=True, eq=False)
class Job(Generic[OptionsT]):
    request: Request
    options: OptionsT
    model: str
    """As the reply names it."""
    future: "Future[Answer]" = field(default_factory=_future)
    given_up: bool = False
    """Nobody waits for it any more: looked at before every token."""

    def give_up(self) -> None:
        self.given_up = True

    def answer(self, answer: Answer) -> None:
        if self.future.set_running_or_notify_cancel():
            self.future.set_result(answer)


def closed() -> ProviderError:
    """Of one that was given up because of that; who cancelled it hears nothing."""
    return ProviderError("the provider was closed", remedy="ask before it is, or another one")


async def answers(
    submit: Callable[[Job[OptionsT]], None], jobs: Sequence[Job[OptionsT]]
) -> list[Answer]:
    """Cancelled, it gives the jobs up."""
    for job in jobs:
        submit(job)
    try:
        return await asyncio.gather(*(asyncio.wrap_future(job.future) for job in jobs))
    finally:
        for job in jobs:
            job.give_up()  # of no effect on one that is done
