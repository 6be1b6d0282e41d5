"""The thread that holds a model and writes replies: all that wait at once, where they fit."""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lift_sys.errors import ProviderError, ProviderUnavailable
from lift_sys.interfaces import Reply, Request

from .plugin import TransformersOptions

if TYPE_CHECKING:
    from .writing import Writer

_GATHERING = 0.002
"""Seconds that the first of several requests waits for those asked in the same moment."""

Answer = Reply | ProviderError


def _future() -> "Future[Answer]":
    return Future()


@dataclass(slots=True, eq=False)
class Job:
    request: Request
    options: TransformersOptions
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

    @property
    def goes_with(self) -> object:
        """Jobs that differ in it cannot be written together."""
        adapter = self.options.adapter
        return None if adapter is None else self.options.adapters[adapter]


class Worker:
    def __init__(self, options: TransformersOptions) -> None:
        self._options = options
        self._waiting: deque[Job] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._batch: Sequence[Job] = ()
        self._thread: threading.Thread | None = None
        self._writer: Writer | None = None

    @property
    def is_loaded(self) -> bool:
        return self._writer is not None

    def submit(self, job: Job) -> None:
        with self._changed:
            if self._closed:
                job.answer(closed())
                return
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="transformers", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Gives up what is under way, and unloads the model."""
        with self._changed:
            self._closed = True
            for job in (*self._waiting, *self._batch):
                job.give_up()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
        if self._writer is not None:
            self._writer.unload()
            self._writer = None

    def _work(self) -> None:
        while batch := self._next():
            try:
                self._loaded().write(batch)
            except ProviderError as error:
                failed = error
            except Exception as error:  # noqa: BLE001 - it costs these replies, not the thread
                failed = _failure(error)
            else:
                failed = ProviderError("the model wrote nothing", remedy="report it")
            for job in batch:
                if not job.future.done():
                    job.answer(failed)

    def _next(self) -> Sequence[Job]:
        """Waits for jobs; none: it was closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            self._changed.wait_for(lambda: self._closed, timeout=_GATHERING)
            self._batch = [] if self._closed else self._taken()
            if self._closed:
                for job in self._waiting:
                    job.answer(closed())
            return self._batch

    def _taken(self) -> list[Job]:
        """Those that fit with the one that has waited longest; the others keep their places."""
        first = self._waiting[0]
        taken: list[Job] = []
        room = first.options.rows
        for job in tuple(self._waiting):
            n = job.request.sampling.n
            if job is not first and (n > room or job.goes_with != first.goes_with):
                continue
            taken.append(job)
            room -= n
            self._waiting.remove(job)
        return taken

    def _loaded(self) -> "Writer":
        if self._writer is None:
            from .loading import load  # torch takes seconds to import
            from .writing import Writer

            self._writer = Writer(load(self._options))
        return self._writer


def closed() -> ProviderError:
    """Of one that was given up because of that; who cancelled it hears nothing."""
    return ProviderError("the provider was closed", remedy="ask before it is, or another one")


def _failure(error: Exception) -> ProviderError:
    if type(error).__name__ == "OutOfMemoryError":
        return ProviderUnavailable(
            "the device ran out of memory", remedy="lower `rows`, or use a smaller model"
        )
    return ProviderError(f"the model failed: {type(error).__name__}: {error}", remedy="report it")
