"""The one place where synchronous callers meet asynchronous work."""

import asyncio
import signal
import threading
from collections.abc import Coroutine, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 5
"""After so many, whoever presses Ctrl-C means it: something does not let itself be cancelled."""


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`, but every Ctrl-C cancels: also the second never breaks off a step.

    Where asyncio raises KeyboardInterrupt, it may be in the middle of a record's line.
    """
    interrupts = _Interrupts()
    watching: AbstractContextManager[None] = nullcontext()
    if (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ):
        watching = interrupts.watched()
    with watching:
        try:
            return asyncio.run(interrupts.reaching(work))
        except asyncio.CancelledError:
            if not interrupts.count:
                raise
            raise KeyboardInterrupt from None


class _Interrupts:
    def __init__(self) -> None:
        self._task: asyncio.Task[Any] | None = None
        self.count = 0

    async def reaching(self, work: Coroutine[Any, Any, T]) -> T:
        self._task = asyncio.current_task()
        if self.count:
            work.close()
            raise asyncio.CancelledError
        return await work

    @contextmanager
    def watched(self) -> Generator[None]:
        before = signal.signal(signal.SIGINT, self._on_interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _on_interrupt(self, *_: object) -> None:
        self.count += 1
        if self.count >= PATIENCE:
            raise KeyboardInterrupt
        if self._task is not None and not self._task.done():
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
