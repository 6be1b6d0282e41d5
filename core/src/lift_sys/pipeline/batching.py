"""How requests reach a provider: several in one call where it likes that, and not for ever."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..errors import LiftError, MalformedReply, ProviderError, ProviderUnavailable
from ..interfaces import Provider, Reply, Request

Answer = Reply | ProviderError


class Answered(NamedTuple):
    answer: Answer
    seconds: float
    """How long the call took; of a batch all of its requests say the same."""


def _future() -> "asyncio.Future[Answered]":
    return asyncio.get_running_loop().create_future()


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    request: Request
    future: "asyncio.Future[Answered]" = field(default_factory=_future)


class Batcher:
    """Collects what is asked for in one turn of the loop, or while all calls are under way.

    A ProviderError is an answer; it is never raised.
    """

    def __init__(
        self, name: str, provider: Provider, *, size: int, in_flight: int, timeout: float
    ) -> None:
        self._name = name
        self._provider = provider
        self._size = size
        self._in_flight = in_flight
        self._timeout = timeout
        self._waiting: list[_Waiting] = []
        self._calls: set[asyncio.Task[None]] = set()

    async def ask(self, request: Request) -> Answered:
        if self._size == 1:
            # Nothing to collect, and the gateway lets no more than `in_flight` in.
            return (await self._call([request]))[0]
        waiting = _Waiting(request)
        if not self._waiting:
            # At the end of this turn of the loop: others may ask in it too.
            asyncio.get_running_loop().call_soon(self._start)
        self._waiting.append(waiting)
        return await waiting.future

    async def idle(self) -> None:
        """Waits for the end of calls that nobody waits for any more."""
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _start(self, ended: "asyncio.Task[None] | None" = None) -> None:
        if ended is not None:
            self._calls.discard(ended)
        self._waiting = [each for each in self._waiting if not each.future.done()]
        while self._waiting and len(self._calls) < self._in_flight:
            batch, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
            call = asyncio.create_task(self._carry(batch))
            self._calls.add(call)
            call.add_done_callback(self._start)

    async def _carry(self, batch: Sequence[_Waiting]) -> None:
        call = asyncio.current_task()
        assert call is not None

        def abandon(_: object) -> None:
            if all(each.future.done() for each in batch):
                call.cancel()

        for each in batch:
            each.future.add_done_callback(abandon)
        try:
            answers = await self._call([each.request for each in batch])
        except LiftError as error:
            for each in batch:
                if not each.future.done():
                    each.future.set_exception(error)
        else:
            for each, answered in zip(batch, answers, strict=True):
                if not each.future.done():
                    each.future.set_result(answered)
        finally:
            for each in batch:
                each.future.cancel()

    async def _call(self, requests: Sequence[Request]) -> list[Answered]:
        started = time.monotonic()
        answers = await self._guarded(requests)
        seconds = time.monotonic() - started
        return [Answered(answer, seconds) for answer in answers]

    async def _guarded(self, requests: Sequence[Request]) -> Sequence[Answer]:
        """An answer to each request, whatever the provider does."""
        limit = asyncio.timeout(self._timeout)
        try:
            async with limit:
                answers = await self._provider.complete(requests)
            return self._checked(answers, len(requests))
        except ProviderError as error:
            failed = error
        except LiftError:
            raise
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            failed = self._broken(error)  # it was not us whom somebody cancelled
        except TimeoutError as error:
            failed = ProviderUnavailable(
                f"provider {self._name} did not answer within {self._timeout:g} s",
                remedy="raise calls.timeout, or look at the provider's health",
                lost=True,
            )
            if not limit.expired():
                failed = ProviderUnavailable(f"provider {self._name} timed out: {error}", lost=True)
        except Exception as error:  # noqa: BLE001 - a provider's bug costs its draw, not the run
            failed = self._broken(error)
        return [failed] * len(requests)

    def _checked(self, answers: Sequence[object], count: int) -> Sequence[Answer]:
        if len(answers) != count:
            raise MalformedReply(
                f"provider {self._name} gave {len(answers)} answers to {count} requests"
            )
        return [
            each if isinstance(each, Reply | ProviderError) else self._broken(TypeError(repr(each)))
            for each in answers
        ]

    def _broken(self, error: BaseException) -> ProviderError:
        return ProviderError(
            f"provider {self._name} broke: {type(error).__name__}: {error}",
            remedy="report it to the plugin's author (`lift plugins` names the distribution)",
        )
