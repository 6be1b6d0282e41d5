"""What the model cannot be asked for, on a simulated one: its gain is assumed, not measured."""

import asyncio
from random import Random
from typing import Any

from lift_sys_best_of_n.plugin import BestOfNOptions
from lift_sys_best_of_n.strategy import BestOfN
from lift_sys_chain_of_thought.plugin import ChainOfThoughtOptions
from lift_sys_chain_of_thought.strategy import ChainOfThought

from lift_sys.interfaces import Strategy, StrategyRef, Task
from lift_sys.pipeline.strategies import PlainDraws
from lift_sys.plugins import PluginManager
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.simulated import (
    Said,
    SimulatedModel,
    SimulatedProvider,
    Skill,
    simulate,
    simulated_tasks,
)

TASKS = 200
GAIN = 0.15
"""Of one draw, by reasoning first."""


class Reasoning(SimulatedModel):
    """Answers better where it is asked to reason."""

    gain: float = GAIN

    def draw(
        self, task: Task, prompt: str, temperature: float | None, dice: Random, *, told: bool
    ) -> Said:
        if "reason" not in prompt:
            return super().draw(task, prompt, temperature, dice, told=told)
        better = self.skill.model_copy(update={"success": min(1.0, self.skill.success + self.gain)})
        model = SimulatedModel(skill=better, seed=self.seed)
        return model.draw(task, prompt, temperature, dice, told=told)


class _Inner(TestParts):
    """`best-of-n` over chain-of-thought."""

    def strategy(self, ref: StrategyRef | None) -> Strategy:
        return _reasoning()


def _reasoning() -> ChainOfThought:
    return ChainOfThought(ChainOfThoughtOptions(), TestParts(PluginManager.of()))


def simulated(success: float) -> dict[str, Any]:
    """As likely right at one draw as was measured, at every task alike, and no two draws copies."""
    nobody = TestParts(PluginManager.of())
    strategies: dict[str, Strategy] = {
        "single": PlainDraws(),
        "chain-of-thought": _reasoning(),
        "best of 4": BestOfN(BestOfNOptions(n=4), nobody),
        "best of 4 over chain-of-thought": BestOfN(BestOfNOptions(n=4), _Inner(PluginManager.of())),
    }
    rows = {name: asyncio.run(_right(each, success)) for name, each in strategies.items()}
    return {"tasks": TASKS, "gain": GAIN, "success": success, "right": rows}


async def _right(strategy: Strategy, success: float) -> float:
    tasks = simulated_tasks(TASKS)
    provider = SimulatedProvider(Reasoning(skill=Skill(success=success)), tasks)
    solved = await simulate(strategy, tasks, provider, seed=1)
    return sum(each.right for each in solved) / len(solved)
