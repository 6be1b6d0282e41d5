"""Every strategy over real stages and a real sandbox, on the first phase and its hidden tests.

The model's wrong answers are mutants of the references.
"""

import json
from pathlib import Path
from typing import Any

from lift_sys_phases.plugin import PhasesOptions
from lift_sys_phases.source import PhasesSource

from lift_sys.checking.mutants import mutants
from lift_sys.checking.sandbox import ZygoteSandbox
from lift_sys.evaluation.grading import judge_code
from lift_sys.interfaces import Code, Hidden, Request, Task
from lift_sys.prompts import ir_text
from lift_sys.testing.pipelines import GivenModels
from lift_sys.testing.samples import asks_for_ir
from lift_sys.testing.simulated import Said, SimulatedModel, SimulatedProvider, Skill

BEST: dict[str, Any] = {"use": "best-of-n", "n": 6}
STRATEGIES: dict[str, dict[str, Any]] = {
    "single": {"use": "single"},
    "best-of-n": BEST,
    "self-consistency": {"use": "self-consistency", "n": 6, "weights": "score"},
    "best-of-n over chain-of-thought": {**BEST, "inner": "chain-of-thought"},
    "refine": {"use": "refine", "rounds": 6, "patience": 6},
}
MISTAKES = 4
"""Wrong mutants of each reference that the model gives."""
SUCCESS = 0.4


class Phases:
    """The tasks, and what the model says of them; the hidden tests grade alone."""

    def __init__(self) -> None:
        source = PhasesSource(PhasesOptions(phase=1), None)
        self.tasks = list(source.tasks())
        self.hidden: dict[str, Hidden] = dict(source.hidden([task.id for task in self.tasks]))
        self.wrong: dict[str, list[str]] = {}

    async def plant(self, sandbox: ZygoteSandbox) -> None:
        for name, hidden in self.hidden.items():
            found: list[str] = []
            for mutant in list(mutants(hidden.reference.source))[::2]:
                code = Code(name=name, source=mutant.source)
                verdict, _ = await judge_code(code, hidden, sandbox)
                # One that never ends would be waited for in each of its draws.
                if not verdict.passed and verdict.category != "timeout":
                    found.append(mutant.source)
                if len(found) == MISTAKES:
                    break
            self.wrong[name] = found

    def say(self, task: Task, request: Request, said: Said) -> str:
        hidden = self.hidden[task.id]
        if request.messages[0].content.startswith("You review"):
            return json.dumps({"issues": [], "quality": 9})
        if asks_for_ir(request):
            return ir_text(hidden.ir)
        mistakes = self.wrong[task.id]
        number = 0 if said.right else int(said.answer.partition(" ")[2]) % len(mistakes)
        source = hidden.reference.source if said.right else mistakes[number]
        return f"Thought of it ({said.wording}).\n```python\n# {said.wording}\n{source}```"


async def solved(phases: Phases, stage: str, strategy: dict[str, Any], folder: Path):
    model = SimulatedModel(skill=Skill(success=SUCCESS), n=1, seed=4)
    models = GivenModels({"model": SimulatedProvider(model, phases.tasks, phases.say)})
    stages = {"specify": {"provider": "model"}, "implement": {"provider": "model"}}
    chosen = {"strategy": strategy, "scorers": ["execution"]}
    stages[stage] = {**stages.get(stage, {}), **chosen}
    results = await models.solve(phases.tasks, {"stages": stages}, folder / "record")
    return results, models.stops_of(strategy["use"])


async def test_selection_by_execution_beats_one_draw_and_each_says_what_it_did(tmp_path: Path):
    sandbox = ZygoteSandbox(zygotes=2)
    phases = Phases()
    await phases.plant(sandbox)
    assert all(len(found) >= 3 for found in phases.wrong.values())

    async def right(results: Any) -> int:
        graded = [
            (await judge_code(result.solution.code, phases.hidden[result.task.id], sandbox))[0]
            for result in results
        ]
        return sum(verdict.passed for verdict in graded)

    found: dict[str, int] = {}
    cases = [("implement", name) for name in STRATEGIES] + [("attempt", "best-of-n")]
    for stage, name in cases:
        folder = tmp_path / f"{stage} {name}"
        results, stopped = await solved(phases, stage, STRATEGIES[name], folder)
        found[f"{stage}: {name}"] = await right(results)
        assert len(stopped) == len(phases.tasks), name
        for each in stopped:
            assert each.why
            assert each.distinct is not None
            assert 1 <= each.distinct <= each.drawn
            assert each.spend is not None
            assert each.spend.calls >= each.drawn
        assert sum(result.spend.calls for result in results) >= sum(s.spend.calls for s in stopped)
    await sandbox.aclose()
    one = found.pop("implement: single")
    assert one < len(phases.tasks)
    assert {name for name, count in found.items() if count <= one} == set(), (one, found)
