"""Who holds which engine: providers that say the same of it share it; the last one stops it."""

from lift_sys.errors import ProviderError
from lift_sys.interfaces import Health
from lift_sys.local_models import Lease, Shared

from .engine import imported, kind_of
from .plugin import VllmOptions
from .wire import engine_arguments
from .worker import Worker

WORKERS = Shared[Worker]()
_OF_A_REQUEST = {
    *("adapter", "dialect", "format", "in_flight", "n", "price", "template", "top_k", "top_p")
}
"""Options in which providers of one engine may differ."""


def lease(options: VllmOptions) -> Lease[Worker]:
    key = options.model_dump_json(exclude=_OF_A_REQUEST)
    return Lease(WORKERS, key, lambda: Worker(options))


def health(worker: Worker | None, options: VllmOptions) -> Health:
    """Whether the model could be loaded, from its config alone."""
    if worker is not None and worker.is_loaded:
        return Health(ok=True, detail=f"{options.model} is loaded")
    try:
        device = imported("vllm.platforms").current_platform.device_type
        engine_arguments(options)
        return Health(ok=True, detail=f"{options.model} ({kind_of(options)}) by vLLM on {device}")
    except ProviderError as error:
        return Health(ok=False, detail=str(error))
