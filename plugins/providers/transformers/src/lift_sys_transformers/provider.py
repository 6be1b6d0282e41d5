"""The provider: what the models can do, and whether this one could."""

from importlib.util import find_spec

from lift_sys.interfaces import Health, Parts
from lift_sys.local_models import LocalModelProvider

from .plugin import TransformersOptions
from .worker import lease

_IN_FLIGHT = 64
"""Requests wait here and not at the core: those that wait are written together."""


def create(options: TransformersOptions, parts: Parts) -> "TransformersProvider":
    return TransformersProvider(options)


class TransformersProvider(LocalModelProvider[TransformersOptions]):
    def __init__(self, options: TransformersOptions) -> None:
        super().__init__(
            options,
            lease(options),
            n=options.n,
            in_flight=_IN_FLIGHT,
            constraints=frozenset({"json_schema", "regex", "grammar"}),
        )

    def _found(self) -> Health:
        missing = [name for name in _needed(self._options) if find_spec(name) is None]
        if missing:
            return Health(ok=False, detail=f"not installed: {', '.join(missing)}")
        from .loading import found  # torch takes seconds to import

        return found(self._options)


def _needed(options: TransformersOptions) -> list[str]:
    engines = ["xgrammar"] if options.engine == "xgrammar" else []
    adapters = ["peft"] if options.adapter else []
    return ["torch", "transformers", "llguidance", *engines, *adapters]
