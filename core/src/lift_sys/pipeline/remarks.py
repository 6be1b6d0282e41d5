"""What is right in a pipeline file, and hardly meant."""

from collections.abc import Iterator
from typing import Final

from ..errors import Mistake
from ..interfaces import ComponentRef, StrategyRef
from .config import AttemptConfig, StageConfig
from .load import ResolvedPipeline
from .shapes import leaves

_NEVER_ASKED: Final = "it never runs, as {} asks no scorer"
_REMEDY: Final = "choose with one that does, such as `strategy: best-of-n`, or leave it out"


def remarks(resolved: ResolvedPipeline) -> list[Mistake]:
    """In the order of the file. Routes share what `stages` states: it is told once."""
    told: dict[tuple[str, int | None, str], Mistake] = {}
    for remark in (*_of_options(resolved), *_of_scorers(resolved)):
        told.setdefault((remark.file, remark.line, remark.cause), remark)
    return sorted(told.values(), key=lambda remark: (remark.file, remark.line or 0))


def _of_options(resolved: ResolvedPipeline) -> Iterator[Mistake]:
    for part in resolved.resolutions():
        for remark in part.component.remarks(part.options):
            yield part.mistake(remark.cause, remark.remedy)


def _of_scorers(resolved: ResolvedPipeline) -> Iterator[Mistake]:
    for route in resolved.routes.values():
        stages: tuple[StageConfig | AttemptConfig | None, ...] = (
            route.specify,
            route.implement,
            route.attempt,
        )
        for stage in stages:
            if stage is None or _asks_scorers(resolved, stage.strategy):
                continue
            use = stage.strategy.use if stage.strategy else None
            who = "a stage without a strategy" if use is None else f"the strategy {use!r}"
            for ref in stage.scorers:
                yield resolved.of(ref).mistake(_NEVER_ASKED.format(who), _REMEDY)


def _asks_scorers(resolved: ResolvedPipeline, ref: ComponentRef | None) -> bool:
    """Itself, or one inside it; where that is not told, it may."""
    if ref is None:
        return False
    part = resolved.of(ref)
    inner = [leaf for _, leaf in leaves(part.options) if isinstance(leaf, StrategyRef)]
    return part.component.asks_scorers is not False or any(
        _asks_scorers(resolved, each) for each in inner
    )
