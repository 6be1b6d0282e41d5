"""In a whole pipeline, from its file to what is recorded."""

from pathlib import Path

import pytest

from lift_sys.pipeline.load import load
from lift_sys.plugins import PluginManager
from lift_sys.testing.pipelines import GivenModels
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, TASK, asks_for_ir
from lift_sys.testing.simulated import SimulatedModel, SimulatedProvider, Skill

EXAMPLES = Path(__file__).parents[4] / "examples"


def say(task, request, said):
    if asks_for_ir(request):
        return IR_TEXT
    return RIGHT_TEXT if said.right else RIGHT_TEXT.replace("2 * x", f"x + {said.wording}")


@pytest.mark.parametrize("name", ["best-of-n", "self-consistency"])
def test_the_examples_have_no_mistake(name):
    file = EXAMPLES / name / "pipeline.yaml"
    resolved = load(file, registry=PluginManager.installed(), environ={"OPENAI_API_KEY": "k"})
    assert list(resolved.routes) == ["default"]


@pytest.mark.parametrize("stage", ["implement", "attempt"])
async def test_it_finds_what_one_draw_misses_and_the_record_tells_how(stage, tmp_path):
    provider = SimulatedProvider(SimulatedModel(skill=Skill(success=0.25), seed=3), [TASK], say)
    models = GivenModels({"model": provider})
    best = {"strategy": {"use": "best-of-n", "n": 16}, "scorers": ["execution"]}
    stages = {"specify": {"provider": "model"}, "implement": {"provider": "model"}}
    stages[stage] = {**stages.get(stage, {}), **best}
    (result,) = await models.solve([TASK], {"stages": stages}, tmp_path / "record")
    assert result.status == "pass"
    assert "2 * x" in result.solution.code.source
    (stopped,) = models.stops_of("best-of-n")
    assert stopped.stage == stage
    assert [each.drawn for each in stopped.rounds] == [4, 4, 8]
    assert sum(each.behaviours for each in stopped.rounds) == stopped.distinct_behaviour > 1
    assert stopped.spend.calls == provider.calls - (stage == "implement")
