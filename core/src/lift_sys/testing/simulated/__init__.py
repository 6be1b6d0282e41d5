"""A simulated model whose truth is known: what strategies gain can be held against what they must.

`SimulatedModel` says how good a model is, how often it repeats itself and what its calls cost;
`SimulatedProvider` is a provider that draws from it; `SimulatedProblem` reads its replies, and its
check may accept wrong answers as often as you say. `simulate` runs a strategy on many such tasks
through the ordinary context, budget and gateway, and tells what was right.
"""

from .expected import pass_rate
from .model import Said, SimulatedModel, Skill
from .problem import SimulatedAnswer, SimulatedProblem
from .provider import Say, SimulatedProvider, in_json
from .trial import ByVisibleChecks, Solved, simulate, simulated_tasks

__all__ = [
    "ByVisibleChecks",
    "Said",
    "Say",
    "SimulatedAnswer",
    "SimulatedModel",
    "SimulatedProblem",
    "SimulatedProvider",
    "Skill",
    "Solved",
    "in_json",
    "pass_rate",
    "simulate",
    "simulated_tasks",
]
