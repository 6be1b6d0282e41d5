"""The thread that holds a model: it loads, writes and unloads there, and nowhere else."""

import threading
from abc import ABC, abstractmethod
from collections import deque
from typing import Generic, TypeVar

from .jobs import Job, closed

OptionsT = TypeVar("OptionsT")


class Worker(ABC, Generic[OptionsT]):
    def __init__(self, name: str, options: OptionsT) -> None:
        """`name` is the thread's."""
        self._name = name
        self._options = options
        self._waiting: deque[Job[OptionsT]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    @abstractmethod
    def is_loaded(self) -> bool: ...

    @property
    def _is_writing(self) -> bool:
        """Whether there is something to write even where nobody waits."""
        return False

    @abstractmethod
    def _write(self) -> None:
        """A step: takes of those that wait what it can, and loads the model where it is not."""

    @abstractmethod
    def _fail(self, error: Exception) -> None:
        """Answers what was taken and has no answer yet; of no effect where there is nothing."""

    @abstractmethod
    def _unload(self) -> None: ...

    def _give_up(self) -> None:
        """As it is being closed, where a step would not end soon by itself."""

    def submit(self, job: Job[OptionsT]) -> None:
        with self._changed:
            if self._closed:
                job.answer(closed())
                return
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Gives up what is under way, and unloads the model."""
        with self._changed:
            self._closed = True
            self._give_up()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while self._is_wanted():
            try:
                self._write()
            except Exception as error:  # noqa: BLE001 - it costs these replies, not the thread
                self._fail(error)
        self._fail(closed())
        for job in self._waiting:
            job.answer(closed())
        self._unload()

    def _is_wanted(self) -> bool:
        """Waits where there is nothing to write; false: it was closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_writing or self._closed)
            return not self._closed
