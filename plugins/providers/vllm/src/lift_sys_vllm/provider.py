"""The provider: what vLLM can do, and whether it could."""

from typing import Literal

from lift_sys.errors import ProviderError
from lift_sys.interfaces import Health, Parts
from lift_sys.local_models import LocalModelProvider

from .engine import imported, kind_of
from .plugin import VllmOptions
from .wire import engine_arguments
from .worker import lease

_Kinds = frozenset[Literal["json_schema", "regex", "grammar"]]
_CONSTRAINTS: dict[str, _Kinds] = {
    "guidance": frozenset({"json_schema", "regex", "grammar"}),
    # It reads another dialect of grammars.
    "xgrammar": frozenset({"json_schema", "regex"}),
}


def create(options: VllmOptions, parts: Parts) -> "VllmProvider":
    return VllmProvider(options)


class VllmProvider(LocalModelProvider[VllmOptions]):
    def __init__(self, options: VllmOptions) -> None:
        super().__init__(
            options,
            lease(options),
            n=options.n,
            in_flight=options.in_flight,
            constraints=_CONSTRAINTS[options.engine],
        )

    def _found(self) -> Health:
        """From the model's config alone."""
        options = self._options
        try:
            device = imported("vllm.platforms").current_platform.device_type
            engine_arguments(options)
            kind = kind_of(options)
        except ProviderError as error:
            return Health(ok=False, detail=str(error))
        return Health(ok=True, detail=f"{options.model} ({kind}) by vLLM on {device}")
