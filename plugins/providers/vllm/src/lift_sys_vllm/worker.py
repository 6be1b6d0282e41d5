"""The thread that holds an engine: what arrives joins what is being written at its next step."""

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from lift_sys.errors import ProviderError
from lift_sys.local_models import Job, closed

from .engine import Engine, failed
from .plugin import VllmOptions
from .wire import reply_of

VllmJob = Job[VllmOptions]


@dataclass(slots=True, eq=False)
class _Asked:
    job: VllmJob
    names: tuple[str, ...]
    """Of its replies at the engine."""
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])

    def take(self, name: str, output: Any) -> None:
        self.outputs[name] = output
        if len(self.outputs) == len(self.names):
            self.job.answer(reply_of([self.outputs[each] for each in self.names], self.job.model))

    @property
    def left(self) -> list[str]:
        return [name for name in self.names if name not in self.outputs]


class Worker:
    def __init__(self, options: VllmOptions) -> None:
        self._options = options
        self._waiting: deque[VllmJob] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._engine: Engine | None = None
        self._asked: dict[str, _Asked] = {}

    @property
    def is_loaded(self) -> bool:
        return self._engine is not None

    def submit(self, job: VllmJob) -> None:
        with self._changed:
            if self._closed:
                job.answer(closed())
                return
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="vllm", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Gives up what is under way, and stops the engine."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while self._take_up():
            try:
                self._write()
            except ProviderError as error:
                self._end(error)
            except Exception as error:  # noqa: BLE001 - it costs these replies, not the thread
                self._end(failed(error))
        self._end(closed())

    def _take_up(self) -> bool:
        """Waits where there is nothing to write; false: it was closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._asked or self._closed)
            return not self._closed

    def _write(self) -> None:
        """One step: a token for each of the replies."""
        if self._engine is None:
            self._engine = Engine(self._options)
        self._add(self._engine)
        self._give_up(self._engine)
        if self._asked:
            for name, output in self._engine.step().items():
                self._asked.pop(name).take(name, output)

    def _add(self, engine: Engine) -> None:
        while self._waiting:
            job = self._waiting[0]
            try:
                if job.given_up:
                    raise closed()
                asked = _Asked(job, tuple(engine.add(job.request, job.options)))
                self._asked |= dict.fromkeys(asked.names, asked)
            except ProviderError as error:
                job.answer(error)
            self._waiting.popleft()

    def _give_up(self, engine: Engine) -> None:
        gone = {id(asked): asked for asked in self._asked.values() if asked.job.given_up}
        for asked in gone.values():
            engine.abort(asked.left)
            for name in asked.left:
                del self._asked[name]
            asked.job.answer(closed())

    def _end(self, error: ProviderError) -> None:
        """With this as the answer to all; the next request starts the engine anew."""
        engine, self._engine = self._engine, None
        unanswered = [*{id(asked): asked.job for asked in self._asked.values()}.values()]
        self._asked.clear()
        while self._waiting:
            unanswered.append(self._waiting.popleft())
        if engine is not None:
            engine.close()
        for job in unanswered:
            job.answer(error)
