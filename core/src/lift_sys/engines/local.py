"""The engine `local`: the jobs of a batch side by side on this event loop."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import Any, TypeVar

from ..interfaces import Parts, Work
from ..plugins import Component, Options, hookimpl

R = TypeVar("R")


class LocalEngine:
    def __init__(self, options: Options | None = None, parts: Parts | None = None) -> None:
        pass

    def run(self, work: Work[R], keys: Iterable[str], concurrency: int) -> AsyncGenerator[R]:
        return side_by_side(work, keys, concurrency)

    async def aclose(self) -> None:
        pass


async def side_by_side(
    do: Callable[[str], Awaitable[R]], keys: Iterable[str], concurrency: int
) -> AsyncGenerator[R]:
    """What `do` gives for each key, as it becomes ready; so many are under way at once. An error
    comes after what is ready, and cancels the rest."""
    waiting = iter(keys)
    under_way: set[asyncio.Task[R]] = set()
    ended: list[asyncio.Task[R]] = []
    broken: Exception | None = None
    try:
        while True:
            while broken is None and len(under_way) < concurrency:
                try:
                    key = next(waiting, None)
                except Exception as error:  # noqa: BLE001 - raised once the rest is done
                    broken = error
                    break
                if key is None:
                    break
                started = asyncio.ensure_future(do(key))
                started.add_done_callback(ended.append)
                under_way.add(started)
            if not under_way:
                if broken is not None:
                    raise broken
                return
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            # In the order in which they ended, but what is ready before what ends it all.
            done, ended[:] = sorted(ended, key=_failed), []
            for each in done:
                result = await each
                under_way.remove(each)
                yield result
    finally:
        for each in under_way:
            each.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


def _failed(task: "asyncio.Task[Any]") -> bool:
    return task.cancelled() or task.exception() is not None


@hookimpl
def lift_sys_engines() -> list[Component]:
    return [
        Component(
            name="local",
            factory=LocalEngine,
            summary="The jobs of a batch side by side in this process",
        )
    ]
