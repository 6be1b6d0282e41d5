"""From a resolved pipeline to one that can run: components made, routes put together."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from ..interfaces import (
    Check,
    CheckRef,
    ComponentRef,
    DataSource,
    Engine,
    ImplementStage,
    Observer,
    Provider,
    ProviderHandle,
    ProviderRef,
    Router,
    Sandbox,
    Scorer,
    ScorerRef,
    SpecifyStage,
    Strategy,
    StrategyRef,
)
from ..plugins import KINDS, PluginManager
from ..prompts import PromptLibrary
from .config import RouteConfig, StageConfig
from .load import ResolvedPipeline
from .loop import BuiltRoute
from .pricing import Priced, PriceList
from .routing import OneAttempt
from .scoring import Composite, Weighted
from .stages import Implement, RouteStages, Specify, StageRunner
from .strategies import Anytime, PlainDraws


class Builder:
    """Makes each component once its config is known to be right. Implements `Parts`."""

    def __init__(self, resolved: ResolvedPipeline, manager: PluginManager) -> None:
        self._resolved = resolved
        self._manager = manager
        self._prompts = PromptLibrary(resolved.settings.prompts)
        self._providers: dict[str, Provider] = {}
        self.made: list[tuple[str, object]] = []
        """Every component so far, with what the pipeline calls it."""

    @cached_property
    def _prices(self) -> PriceList:
        return PriceList.over_shipped(self._resolved.settings.prices)

    @cached_property
    def _checks(self) -> tuple[Check, ...]:
        return tuple(map(self._make, self._resolved.settings.checks))

    def strategy(self, ref: StrategyRef | None) -> Strategy:
        return PlainDraws() if ref is None else Anytime(ref.use, self._make(ref))

    def scorer(self, ref: ScorerRef) -> Scorer:
        return self._make(ref)

    def check(self, ref: CheckRef) -> Check:
        return self._make(ref)

    def provider(self, ref: ProviderRef) -> ProviderHandle:
        return ProviderHandle(ref.root)

    def wrapped(self, ref: ProviderRef) -> Provider:
        return Priced(self.own_provider(ref.root), self._prices)

    def providers(self) -> dict[str, Provider]:
        return {name: self.own_provider(name) for name in self._resolved.providers}

    def routes(self) -> dict[str, BuiltRoute]:
        return {name: self.route(config) for name, config in self._resolved.routes.items()}

    def router(self) -> Router:
        ref = self._resolved.settings.router
        return OneAttempt() if ref is None else self._make(ref)

    def sandbox(self) -> Sandbox | None:
        ref = self._resolved.settings.sandbox
        return None if ref is None else self._make(ref)

    def engine(self) -> Engine | None:
        ref = self._resolved.settings.engine
        return None if ref is None else self._make(ref)

    def tasks(self) -> DataSource | None:
        ref = self._resolved.settings.tasks
        return None if ref is None else self._make(ref)

    def observers(self) -> Iterator[tuple[str, Observer]]:
        """Made one by one: those already made are to be closed when the next cannot be made."""
        for ref in self._resolved.settings.observers:
            yield ref.use, self._make(ref)

    def made_providers(self) -> dict[str, Provider]:
        """So far, also where the rest could not be made: they are to be closed."""
        return self._providers

    def prompts(self, dialects: Iterable[str]) -> dict[str, str]:
        """Digests of what prompts are made from, by `stage/dialect`."""
        return {
            f"{stage}/{dialect}": self._prompts.digest(stage, dialect)
            for stage in ("specify", "implement")
            for dialect in sorted(set(dialects))
        }

    def _make(self, ref: ComponentRef) -> Any:
        resolved = self._resolved.of(ref)
        built = self._manager.build(resolved.component, resolved.options, self)
        self.made.append((f"the {KINDS[ref.kind].singular} {ref.use!r}", built))
        return built

    def own_provider(self, name: str) -> Provider:
        """The entry of the pipeline's `providers:` table."""
        if name not in self._providers:
            self._providers[name] = self._make(self._resolved.providers[name])
        return self._providers[name]

    def route(self, config: RouteConfig) -> BuiltRoute:
        attempt = config.attempt
        return BuiltRoute(
            stages=RouteStages(
                specify_stage=self._specify(config.specify),
                specify=self._runner(config.specify),
                implement_stage=self._implement(config.implement),
                implement=self._runner(config.implement),
            ),
            strategy=self.strategy(attempt.strategy if attempt else None),
            scorer=self._scorers(attempt.scorers if attempt else ()),
        )

    def _specify(self, config: StageConfig) -> SpecifyStage:
        if config.stage is not None:
            return self._make(config.stage)
        sampling = self._resolved.settings.sampling.under(config.sampling)
        return Specify(self._prompts, sampling, self._checks)

    def _implement(self, config: StageConfig) -> ImplementStage:
        if config.stage is not None:
            return self._make(config.stage)
        sampling = self._resolved.settings.sampling.under(config.sampling)
        return Implement(self._prompts, sampling, self._checks)

    def _runner(self, config: StageConfig) -> StageRunner:
        return StageRunner(
            strategy=self.strategy(config.strategy),
            provider=self.provider(config.provider),
            scorer=self._scorers(config.scorers),
        )

    def _scorers(self, refs: Sequence[ScorerRef]) -> Scorer | None:
        if not refs:
            return None
        return Composite(
            [Weighted(ref.use, self.scorer(ref), ref.weight, ref.gate) for ref in refs]
        )
