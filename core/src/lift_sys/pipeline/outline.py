"""What a pipeline would do, as plain data to show: no secret in it, nothing expanded."""

from collections.abc import Mapping
from typing import Any

from ..interfaces import ComponentRef, Limits, StrategyRef
from ..ir import Frozen
from .config import AttemptConfig, RouteConfig, StageConfig
from .load import ResolvedPipeline
from .shapes import leaves
from .tree import dotted


class Part(Frozen):
    """One component, with the options that are stated and the components inside it."""

    use: str
    summary: str
    options: Mapping[str, Any] = {}
    inner: Mapping[str, "Part"] = {}


class StageOutline(Frozen):
    provider: str | None
    strategy: Part | None
    scorers: tuple[Part, ...] = ()


class Outline(Frozen):
    files: tuple[str, ...]
    providers: Mapping[str, Part]
    routes: Mapping[str, Mapping[str, StageOutline]]
    parts: Mapping[str, Part]
    """Router, sandbox, observers and the like, where the file names them."""
    limits: Mapping[str, Mapping[str, float]]

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


def outline(resolved: ResolvedPipeline) -> Outline:
    settings = resolved.settings
    limits = {"budget": settings.budget, "run_budget": settings.run_budget}
    return Outline(
        files=tuple(map(str, resolved.files)),
        providers={name: _part(resolved, ref) for name, ref in resolved.providers.items()},
        routes={name: _route(resolved, route) for name, route in resolved.routes.items()},
        parts={
            dotted(path): _part(resolved, ref)
            for path, ref in leaves(settings)
            if isinstance(ref, ComponentRef)
        },
        limits={name: _stated(limit) for name, limit in limits.items() if _stated(limit)},
    )


def _route(resolved: ResolvedPipeline, route: RouteConfig) -> dict[str, StageOutline]:
    stages = {"specify": route.specify, "implement": route.implement, "attempt": route.attempt}
    return {name: _stage(resolved, stage) for name, stage in stages.items() if stage is not None}


def _stage(resolved: ResolvedPipeline, stage: StageConfig | AttemptConfig) -> StageOutline:
    strategy: StrategyRef | None = stage.strategy
    return StageOutline(
        provider=stage.provider.root if isinstance(stage, StageConfig) else None,
        strategy=None if strategy is None else _part(resolved, strategy),
        scorers=tuple(_part(resolved, ref) for ref in stage.scorers),
    )


def _part(resolved: ResolvedPipeline, ref: ComponentRef) -> Part:
    component, options = resolved.of(ref).component, resolved.of(ref).options
    inner = {path: leaf for path, leaf in leaves(options) if isinstance(leaf, ComponentRef)}
    held = {str(path[0]) for path in inner}
    stated = {
        **ref.model_dump(include=ref.model_fields_set & (set(type(ref).model_fields) - {"use"})),
        **options.model_dump(
            mode="json", include=options.model_fields_set, exclude=held, fallback=str
        ),
    }
    return Part(
        use=ref.use,
        summary=component.summary,
        options=resolved.secrets.redact_data(stated),
        inner={dotted(path): _part(resolved, leaf) for path, leaf in inner.items()},
    )


def _stated(limits: Limits) -> dict[str, float]:
    return limits.model_dump(exclude_none=True)
