"""The far end of work that is done elsewhere: what an engine's process does with its orders."""

import asyncio
import traceback
from collections.abc import AsyncGenerator, Callable, Generator
from importlib import import_module
from typing import Any

from ..errors import EngineError, LiftError
from ..interfaces import Broken, Order, Told, Worker, WorkSpec


class FarEnd:
    """One for a process: its worker is made once, as the orders of one batch come one by one."""

    def __init__(self) -> None:
        self._spec: WorkSpec | None = None
        self._worker: Worker | None = None
        self._runner = asyncio.Runner()

    def obey(self, order: Order) -> Generator[Told]:
        """What is to be sent back, as it happens. Nothing is raised: errors are told."""
        number = 0
        try:
            told = self._worker_for(order.spec).do(order.document)
            try:
                while (document := self._runner.run(_next(told))) is not None:
                    yield _told(order, number, document=document)
                    number += 1
            finally:
                self._runner.run(_closed(told))
        except Exception as error:  # noqa: BLE001 - raised where the order came from
            yield _told(order, number, error=_broken(error), last=True)
        else:
            yield _told(order, number, last=True)

    def close(self) -> None:
        self._dismiss()
        self._runner.close()

    def _worker_for(self, spec: WorkSpec) -> Worker:
        if self._worker is None or spec != self._spec:
            self._dismiss()
            module, _, name = spec.factory.partition(":")
            make: Callable[[dict[str, Any]], Worker] = getattr(import_module(module), name)
            self._worker, self._spec = make(spec.document), spec
        return self._worker

    def _dismiss(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            self._runner.run(_dismissed(worker))


async def _dismissed(worker: Worker) -> None:
    await worker.aclose()


async def _next(told: AsyncGenerator[dict[str, Any]]) -> dict[str, Any] | None:
    return await anext(told, None)


async def _closed(told: AsyncGenerator[dict[str, Any]]) -> None:
    await told.aclose()


def _told(order: Order, number: int, **more: Any) -> Told:
    return Told(key=order.key, attempt=order.attempt, number=number, **more)


def _broken(error: Exception) -> Broken:
    """A bug with the place it was met at; what is raised on purpose speaks for itself."""
    if isinstance(error, LiftError):
        return Broken(kind=type(error).__name__, cause=error.cause, remedy=error.remedy)
    *_, place = traceback.extract_tb(error.__traceback__)
    told = f"{type(error).__name__}: {error} ({place.filename}, line {place.lineno})"
    return Broken(kind=EngineError.__name__, cause=told, remedy="its author should know")
