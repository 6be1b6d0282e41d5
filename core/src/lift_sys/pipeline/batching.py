"""Different requests share a provider's batch when they are asked for at the same moment."""

import asyncio
from collections.abc import Sequence

from ..errors import MalformedReply, ProviderError
from ..interfaces import Provider, Reply, Request

Answer = Reply | ProviderError


class Batcher:
    """Collects what one turn of the event loop asks for, up to `size` requests a call."""

    def __init__(self, provider: Provider, size: int) -> None:
        self._provider = provider
        self._size = size
        self._waiting: list[tuple[Request, asyncio.Future[Answer]]] = []
        self._calls: set[asyncio.Task[None]] = set()

    async def complete(self, request: Request) -> Answer:
        if self._size == 1:
            return _exactly(await self._provider.complete([request]), 1)[0]
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._flush)
        self._waiting.append((request, future))
        return await future

    def _flush(self) -> None:
        waiting = [(request, future) for request, future in self._waiting if not future.done()]
        self._waiting = []
        for start in range(0, len(waiting), self._size):
            call = asyncio.create_task(self._call(waiting[start : start + self._size]))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    async def _call(self, batch: Sequence[tuple[Request, asyncio.Future[Answer]]]) -> None:
        futures = [future for _, future in batch]
        requests = [request for request, _ in batch]
        work = asyncio.ensure_future(self._provider.complete(requests))

        def abandon(_: object) -> None:
            if all(future.done() for future in futures):
                work.cancel()

        for future in futures:
            future.add_done_callback(abandon)
        try:
            answers = _exactly(await work, len(batch))
        except asyncio.CancelledError:
            if not all(future.done() for future in futures):
                raise
        except Exception as error:  # noqa: BLE001 - each waiter gets it
            for future in futures:
                if not future.done():
                    future.set_exception(error)
        else:
            for future, answer in zip(futures, answers, strict=True):
                if not future.done():
                    future.set_result(answer)


def _exactly(answers: Sequence[Answer], count: int) -> Sequence[Answer]:
    if len(answers) != count:
        raise MalformedReply(f"a provider gave {len(answers)} answers to {count} requests")
    return answers
