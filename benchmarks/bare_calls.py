"""What is measured beside a bare client: calls side by side to the loopback server, their cost."""

import asyncio
import gc
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

from lift_sys.testing.samples import IR_TEXT

T = TypeVar("T")


class Measured(NamedTuple):
    wall: float
    cpu: float
    """Of this process."""


async def measured(work: Callable[[], Awaitable[None]]) -> Measured:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    await work()
    return Measured(time.perf_counter() - wall, time.process_time() - cpu)


async def side_by_side(
    call: Callable[[T], Awaitable[None]], work: Sequence[T], at_once: int
) -> None:
    waiting = iter(work)

    async def worker() -> None:
        for one in waiting:
            await call(one)

    await asyncio.gather(*(worker() for _ in range(at_once)))


@contextmanager
def server(folder: str, latency: float) -> Iterator[str]:
    """The URL of one in a process of its own, which answers everything with one specification."""
    text = Path(folder, "reply.json")
    text.write_text(IR_TEXT, encoding="utf-8")
    command = [sys.executable, "-m", "lift_sys.testing.loopback", "--latency", str(latency)]
    process = subprocess.Popen(
        [*command, "--text-file", str(text)], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
