"""Building as a check: what only making the components tells, each with its place in the file."""

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from ..errors import BrokenPlugin, ConfigError, LiftError, Mistake
from ..interfaces import Capabilities, ComponentRef, Provider
from ..plugins import PluginManager
from .build import Builder
from .load import ResolvedPipeline
from .prices import tell_unpriced
from .pricing import PriceList

T = TypeVar("T")


def tell_building(
    resolved: ResolvedPipeline,
    manager: PluginManager,
    environ: Mapping[str, str] = os.environ,
) -> list[Mistake]:
    """Every mistake that a run would meet before its first call, in the order of the file.

    Observers and the sandbox are only imported, as making them may start something.
    """
    trial = _Trial(resolved, manager)
    try:
        trial.build()
    finally:
        asyncio.run(_close(trial.made_providers().values()))
    told = [*trial.mistakes, *_variables(resolved, environ)]
    if not trial.mistakes:
        told += tell_unpriced(resolved, trial.capabilities)
    return sorted(dict.fromkeys(told), key=lambda mistake: (mistake.file, mistake.line or 0))


class _Trial(Builder):
    """Goes on after a component that cannot be made, and tells of each once, where it stands."""

    def __init__(self, resolved: ResolvedPipeline, manager: PluginManager) -> None:
        super().__init__(resolved, manager)
        self.mistakes: dict[Mistake, None] = {}
        self.capabilities: dict[str, Capabilities] = {}
        self._told: list[LiftError] = []
        self._prices = PriceList()

    def build(self) -> None:
        resolved, settings = self._resolved, self._resolved.settings
        try:
            self._prices = PriceList.over_shipped(settings.prices)
        except ConfigError as error:
            self.mistakes |= dict.fromkeys(error.mistakes)
        for name, definition in resolved.providers.items():
            provider = self._tried(self.own_provider, name)
            if provider is not None:
                self._ask(name, provider, definition)
        for config in resolved.routes.values():
            self._tried(self.route, config)
        self._tried(self.router)
        self._tried(self.tasks)
        for ref in (*settings.observers, *([settings.sandbox] if settings.sandbox else ())):
            self._tried(self._imported, ref)

    def _tried(self, make: Callable[..., T], *arguments: Any) -> T | None:
        with suppress(LiftError):
            return make(*arguments)
        return None

    def _ask(self, name: str, provider: Provider, definition: ComponentRef) -> None:
        try:
            self.capabilities[name] = self._prices.applied(provider.capabilities())
        except Exception as error:  # noqa: BLE001 - a plugin's own
            cause = f"it broke when asked what it can do: {type(error).__name__}: {error}"
            self._tell(definition, BrokenPlugin(cause, remedy="its author should know"))

    def _imported(self, ref: ComponentRef) -> None:
        try:
            self._manager.factory(self._resolved.of(ref).component)
        except LiftError as error:
            self._tell(ref, error)

    def _make(self, ref: ComponentRef) -> Any:
        try:
            return super()._make(ref)
        except LiftError as error:
            self._tell(ref, error)
            raise

    def _tell(self, ref: ComponentRef, error: LiftError) -> None:
        """What goes wrong inside a component is told of that one, not of all around it."""
        if error in self._told:
            return
        self._told.append(error)
        if isinstance(error, ConfigError):
            self.mistakes |= dict.fromkeys(error.mistakes)
            return
        redact = self._resolved.secrets.redact
        told = self._resolved.of(ref).mistake(redact(error.cause), redact(error.remedy))
        self.mistakes[told] = None


def _variables(resolved: ResolvedPipeline, environ: Mapping[str, str]) -> Iterator[Mistake]:
    for part in resolved.resolutions():
        if part.path[:1] == ("providers",) and part.path[1] in resolved.unused:
            continue
        for variable in part.component.variables:
            if environ.get(variable.name) or variable.unless(part.options):
                continue
            state = "set, but empty" if variable.name in environ else "not set"
            yield part.mistake(
                f"the environment variable {variable.name} is {state}",
                f"set it: it is {variable.purpose}",
            )


async def _close(providers: Iterable[Provider]) -> None:
    for provider in providers:
        with suppress(Exception):
            await provider.aclose()
