"""The engine `local`: tasks of a batch side by side on this event loop."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from typing import TypeVar

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
        try:
            while True:
                while len(under_way) < concurrency and (task := next(waiting, None)) is not None:
                    under_way.add(asyncio.ensure_future(work(task)))
                if not under_way:
                    return
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for each in done:
                    yield each.result()
        finally:
            for each in under_way:
                each.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def aclose(self) -> None:
        pass


@hookimpl
def lift_sys_engines() -> list[Component]:
    return [
        Component(
            name="local",
            factory=LocalEngine,
            summary="Tasks side by side in this process",
        )
    ]
