"""The engine `local`: tasks of a batch side by side on this event loop."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from typing import Any, TypeVar

from ..interfaces import Parts, Task, Work
from ..plugins import Component, Options, hookimpl

R = TypeVar("R")


class LocalEngine:
    def __init__(self, options: Options | None = None, parts: Parts | None = None) -> None:
        pass

    async def run(
        self, work: Work[R], tasks: Iterable[Task], concurrency: int
    ) -> AsyncGenerator[R]:
        waiting = iter(tasks)
        under_way: set[asyncio.Task[R]] = set()
        ended: list[asyncio.Task[R]] = []
        broken: Exception | None = None
        try:
            while True:
                while broken is None and len(under_way) < concurrency:
                    try:
                        task = next(waiting, None)
                    except Exception as error:  # noqa: BLE001 - raised once the rest is done
                        broken = error
                        break
                    if task is None:
                        break
                    started = asyncio.ensure_future(work(task))
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

    async def aclose(self) -> None:
        pass


def _failed(task: "asyncio.Task[Any]") -> bool:
    return task.cancelled() or task.exception() is not None


@hookimpl
def lift_sys_engines() -> list[Component]:
    return [
        Component(
            name="local",
            factory=LocalEngine,
            summary="Tasks side by side in this process",
        )
    ]
