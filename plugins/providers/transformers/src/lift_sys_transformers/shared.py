"""Who holds which model: providers that name the same one share it, and the last one unloads it."""

from importlib.util import find_spec

from lift_sys.interfaces import Health
from lift_sys.local_models import Lease, Shared

from .plugin import TransformersOptions
from .worker import Worker

WORKERS = Shared[Worker]()


def lease(options: TransformersOptions) -> Lease[Worker]:
    key = (options.model, options.revision, options.dtype, options.device)
    return Lease(WORKERS, key, lambda: Worker(options))


def health(worker: Worker | None, options: TransformersOptions) -> Health:
    if worker is not None and worker.is_loaded:
        return Health(ok=True, detail=f"{options.model} is loaded")
    missing = [name for name in _needed(options) if find_spec(name) is None]
    if missing:
        return Health(ok=False, detail=f"not installed: {', '.join(missing)}")
    from .loading import found  # torch takes seconds to import

    return found(options)


def _needed(options: TransformersOptions) -> list[str]:
    engines = ["xgrammar"] if options.engine == "xgrammar" else []
    adapters = ["peft"] if options.adapter else []
    return ["torch", "transformers", "llguidance", *engines, *adapters]
