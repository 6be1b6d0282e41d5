"""The thread that holds a model and writes replies: all that wait at once, where they fit."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lift_sys.errors import ProviderError, ProviderUnavailable
from lift_sys.local_models import Job, Lease, Shared, Worker

from .plugin import TransformersOptions

if TYPE_CHECKING:
    from .writing import Writer

_GATHERING = 0.002
"""Seconds that the first of several requests waits for those asked in the same moment."""

TransformersJob = Job[TransformersOptions]
WORKERS = Shared[Worker[TransformersOptions]]()


def lease(options: TransformersOptions) -> Lease[Worker[TransformersOptions]]:
    key = (options.model, options.revision, options.dtype, options.device)
    return Lease(WORKERS, key, lambda: TransformersWorker(options))


class TransformersWorker(Worker[TransformersOptions]):
    def __init__(self, options: TransformersOptions) -> None:
        super().__init__("transformers", options)
        self._batch: Sequence[TransformersJob] = ()
        self._writer: Writer | None = None

    @property
    def is_loaded(self) -> bool:
        return self._writer is not None

    def _write(self) -> None:
        """All replies of a batch."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, timeout=_GATHERING)
            self._batch = () if self._closed else self._taken()
        if self._batch:
            self._loaded().write(self._batch)

    def _fail(self, error: Exception) -> None:
        answer = error if isinstance(error, ProviderError) else _failure(error)
        for job in self._batch:
            if not job.future.done():
                job.answer(answer)

    def _give_up(self) -> None:
        for job in self._batch:
            job.give_up()

    def _unload(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.unload()

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
