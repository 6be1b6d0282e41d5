"""The thread that holds a model and writes replies: all that wait at once, where they fit."""

import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lift_sys.errors import ProviderError, ProviderUnavailable
from lift_sys.local_models import Job, closed

from .plugin import TransformersOptions

if TYPE_CHECKING:
    from .writing import Writer

_GATHERING = 0.002
"""Seconds that the first of several requests waits for those asked in the same moment."""

TransformersJob = Job[TransformersOptions]


class Worker:
    def __init__(self, options: TransformersOptions) -> None:
        self._options = options
        self._waiting: deque[TransformersJob] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._batch: Sequence[TransformersJob] = ()
        self._thread: threading.Thread | None = None
        self._writer: Writer | None = None

    @property
    def is_loaded(self) -> bool:
        return self._writer is not None

    def submit(self, job: TransformersJob) -> None:
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

    def _next(self) -> Sequence[TransformersJob]:
        """Waits for jobs; none: it was closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            self._changed.wait_for(lambda: self._closed, timeout=_GATHERING)
            self._batch = [] if self._closed else self._taken()
            if self._closed:
                for job in self._waiting:
                    job.answer(closed())
            return self._batch

    def _taken(self) -> list[TransformersJob]:
        """Those that fit with the one that has waited longest; the others keep their places."""
        first = self._waiting[0]
        taken: list[TransformersJob] = []
        room = first.options.rows
        for job in tuple(self._waiting):
            n = job.request.sampling.n
            if job is not first and (n > room or _adapter(job) != _adapter(first)):
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


def _adapter(job: TransformersJob) -> Path | None:
    """Jobs that differ in it cannot be written together."""
    name = job.options.adapter
    return None if name is None else job.options.adapters[name]


def _failure(error: Exception) -> ProviderError:
    if type(error).__name__ == "OutOfMemoryError":
        return ProviderUnavailable(
            "the device ran out of memory", remedy="lower `rows`, or use a smaller model"
        )
    return ProviderError(f"the model failed: {type(error).__name__}: {error}", remedy="report it")
