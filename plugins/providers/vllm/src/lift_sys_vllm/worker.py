"""The thread that holds an engine: what arrives joins what is being written at its next step."""

from dataclasses import dataclass, field
from typing import Any

from lift_sys.errors import ProviderError
from lift_sys.local_models import Job, Lease, Shared, Worker, closed

from .engine import Engine, failed
from .plugin import VllmOptions
from .wire import reply_of

WORKERS = Shared[Worker[VllmOptions]]()
_OF_A_REQUEST = {
    *("adapter", "dialect", "format", "in_flight", "n", "price", "template", "top_k", "top_p")
}
"""Options in which providers of one engine may differ."""


def lease(options: VllmOptions) -> Lease[Worker[VllmOptions]]:
    key = options.model_dump_json(exclude=_OF_A_REQUEST)
    return Lease(WORKERS, key, lambda: VllmWorker(options))


@dataclass(slots=True, eq=False)
class _Asked:
    job: Job[VllmOptions]
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


class VllmWorker(Worker[VllmOptions]):
    def __init__(self, options: VllmOptions) -> None:
        super().__init__("vllm", options)
        self._engine: Engine | None = None
        self._asked: dict[str, _Asked] = {}

    @property
    def is_loaded(self) -> bool:
        return self._engine is not None

    @property
    def _is_writing(self) -> bool:
        return bool(self._asked)

    def _write(self) -> None:
        """A token for each of the replies."""
        if self._engine is None:
            self._engine = Engine(self._options)
        self._add(self._engine)
        self._take_out(self._engine)
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

    def _take_out(self, engine: Engine) -> None:
        """What nobody waits for any more."""
        gone = {id(asked): asked for asked in self._asked.values() if asked.job.given_up}
        for asked in gone.values():
            engine.abort(asked.left)
            for name in asked.left:
                del self._asked[name]
            asked.job.answer(closed())

    def _fail(self, error: Exception) -> None:
        """With this as the answer to those that wait, too; the next one starts the engine anew."""
        answer = error if isinstance(error, ProviderError) else failed(error)
        unanswered = [*{id(asked): asked.job for asked in self._asked.values()}.values()]
        self._asked.clear()
        while self._waiting:
            unanswered.append(self._waiting.popleft())
        self._unload()
        for job in unanswered:
            job.answer(answer)

    def _unload(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()
