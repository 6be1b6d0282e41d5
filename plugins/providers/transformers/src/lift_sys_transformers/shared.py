"""Who holds which model: providers that name the same one share it, and the last one unloads it."""

import threading
from dataclasses import dataclass
from importlib.util import find_spec

from lift_sys.interfaces import Health

from .plugin import TransformersOptions
from .worker import Worker

Key = tuple[str, str | None, str, str]


@dataclass(slots=True)
class _Held:
    worker: Worker
    users: int = 0


_lock = threading.Lock()
_held: dict[Key, _Held] = {}


class Lease:
    """A provider's share of a worker: taken at the first use, given back once."""

    def __init__(self, options: TransformersOptions) -> None:
        self._options = options
        self._key: Key = (options.model, options.revision, options.dtype, options.device)
        self._worker: Worker | None = None

    def worker(self) -> Worker:
        with _lock:
            if self._worker is None:
                held = _held.setdefault(self._key, _Held(Worker(self._options)))
                held.users += 1
                self._worker = held.worker
            return self._worker

    def end(self) -> None:
        """Waits for the token under way, not for replies."""
        with _lock:
            worker, self._worker = self._worker, None
            if worker is None:
                return
            held = _held[self._key]
            held.users -= 1
            if held.users:
                return
            del _held[self._key]
        worker.close()

    def health(self) -> Health:
        with _lock:
            worker = self._worker
        if worker is not None and worker.is_loaded:
            return Health(ok=True, detail=f"{self._options.model} is loaded")
        missing = [name for name in _needed(self._options) if find_spec(name) is None]
        if missing:
            return Health(ok=False, detail=f"not installed: {', '.join(missing)}")
        from .loading import found  # torch takes seconds to import

        return found(self._options)


def _needed(options: TransformersOptions) -> list[str]:
    engines = ["xgrammar"] if options.engine == "xgrammar" else []
    adapters = ["peft"] if options.adapter else []
    return ["torch", "transformers", "llguidance", *engines, *adapters]
