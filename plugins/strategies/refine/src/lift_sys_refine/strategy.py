"""Draws, has that criticised, draws again with what was wrong; the best so far is kept."""

from collections.abc import Sequence
from typing import TypeVar

from lift_sys.interfaces import Candidate, Context, Outcome, Parts, Problem
from lift_sys.pipeline.concurrency import all_of
from lift_sys.pipeline.context import RunContext

from .chain import Best, Chain
from .critic import Critic
from .plugin import RefineOptions

T = TypeVar("T")


class Refine:
    def __init__(self, options: RefineOptions, parts: Parts) -> None:
        self._options = options
        self._inner = parts.strategy(options.inner)
        self._provider = None if options.provider is None else parts.provider(options.provider)

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        first = await self._inner.run(problem, ctx, want)
        best: Best[T] = Best(ctx)
        chains = [
            # Each has a critic of its own: what one knew would depend on the others' pace.
            Chain(self._options, self._inner, self._critic(problem), best, problem, start)
            for start in _starts(problem, first)
        ]
        for chain in chains:
            await chain.begin(first.stopped if first.cut_short else "")
        await _run(chains, ctx)
        return _outcome(first, chains, want)

    def _critic(self, problem: Problem[T]) -> Critic[T]:
        return Critic(self._options, self._provider, problem)


async def _run(chains: Sequence[Chain[T]], ctx: Context) -> None:
    """Side by side where there are several: each has draws of its own."""
    if isinstance(ctx, RunContext) and len(chains) > 1:
        with ctx.lanes(len(chains)) as lanes:
            await all_of([chain.run(lane) for chain, lane in zip(chains, lanes, strict=True)])
    else:
        for chain in chains:
            await chain.run(ctx)


def _starts(problem: Problem[T], first: Outcome[T]) -> list[Candidate[T]]:
    """Each form once; where nothing is valid, the first that a model did write."""
    forms: dict[str, Candidate[T]] = {}
    for winner in first.winners:
        if winner.value is not None:
            forms.setdefault(problem.canonical(winner.value), winner)
    if forms:
        return list(forms.values())
    tried = [each for each in first.candidates if each.stage == problem.stage]
    return ([each for each in tried if each.text] or tried)[:1]


def _outcome(first: Outcome[T], chains: Sequence[Chain[T]], want: int) -> Outcome[T]:
    judged = [each for chain in chains for each in chain.seen if each.valid]
    ranked = sorted(judged, key=lambda each: each.standing, reverse=True)
    winners = {each.candidate.id: each.candidate for each in ranked}
    winners |= {copy.id: copy for copy in first.winners if copy.id not in winners}
    told = dict.fromkeys(chain.told for chain in chains)
    return Outcome(
        winners=tuple(winners.values())[:want],
        stopped="; ".join(told) or first.stopped,
        candidates=(*first.candidates, *(each for chain in chains for each in chain.candidates)),
        cut_short=any(chain.cut_short for chain in chains),
    )
