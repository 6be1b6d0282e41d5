"""Has another strategy's draws reason before they answer."""

from dataclasses import replace
from typing import Final, TypeVar

from lift_sys.interfaces import Context, Outcome, Parts, Problem, Variation
from lift_sys.pipeline.stages.varied import varied

from .plugin import ChainOfThoughtOptions

T = TypeVar("T")

REASONING: Final = "reasoning"
"""What a stage calls its variant that reasons first."""


class ChainOfThought:
    def __init__(self, options: ChainOfThoughtOptions, parts: Parts) -> None:
        self._inner = parts.strategy(options.inner)
        self._vary = Variation(variant=REASONING, constrained=options.calls == "fitting")

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        if REASONING not in problem.variants:
            outcome = await self._inner.run(problem, ctx, want)
            told = f"the stage has no prompt called {REASONING}, so none reasoned first"
            return replace(outcome, stopped=f"{outcome.stopped}; {told}")
        outcome = await self._inner.run(varied(problem, self._vary), ctx, want)
        drawn = [each for each in outcome.candidates if each.stage == problem.stage]
        reasoned = sum(each.reasoning is not None for each in drawn)
        told = f"{reasoned} of {len(drawn)} came with reasoning"
        return replace(outcome, stopped=f"{outcome.stopped}; {told}")
