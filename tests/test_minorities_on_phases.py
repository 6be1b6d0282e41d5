"""Strategies that ask a model which of the draws are right, on the phases, in whole pipelines.

Of three programs two are wrong in the same way, and no example tells: votes would choose these.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lift_sys_phases.plugin import PhasesOptions
from lift_sys_phases.source import PhasesSource

from lift_sys.checking.mutants import mutants
from lift_sys.interfaces import Request
from lift_sys.testing.pipelines import GivenModels
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.samples import asks_for_ir

SOURCE = PhasesSource(PhasesOptions(phase=1), parts=None)
HIDDEN = SOURCE.hidden([task.id for task in SOURCE.tasks()])
TASKS = [task.model_copy(update={"examples": ()}) for task in SOURCE.tasks()]


def name_in(request: Request) -> str:
    text = request.messages[-1].content
    return next(task.id for task in TASKS if task.request.strip() in text)


def small(request: Request) -> list[str]:
    """A specification that demands nothing, and three programs."""
    name = name_in(request)
    if asks_for_ir(request):
        nothing: dict[str, Any] = {"assertions": (), "effects": (), "constraints": ()}
        bare = HIDDEN[name].ir.model_copy(update=nothing)
        return [bare.model_dump_json(exclude_defaults=True)]
    right = HIDDEN[name].reference.source
    wrong = next(each.source for each in mutants(right) if each.operator and differs(name, each))
    return [f"```python\n{source}\n```" for source in (wrong, wrong + "# again\n", right)]


def run_on(name: str, source: str) -> list[str]:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    results: list[str] = []
    for test in HIDDEN[name].tests:
        try:
            results.append(repr(namespace[name](*test.args)))
        except Exception as error:
            results.append(type(error).__name__)
    return results


def differs(name: str, mutant: Any) -> bool:
    return run_on(name, mutant.source) != run_on(name, HIDDEN[name].reference.source)


def judge(request: Request) -> str:
    """Knows what the reference does."""
    user = request.messages[-1].content
    (_, call), *_ = re.findall(r"CALL\n(=+)\n(.*?)\n\1", user, re.DOTALL)
    first, _ = re.findall(r"^[AB]: it (.*)$", user, re.MULTILINE)
    namespace: dict[str, Any] = {}
    exec(HIDDEN[name_in(request)].reference.source, namespace)
    try:
        right = f"returns {eval(call, namespace)!r}"
    except Exception as error:
        right = f"raises {type(error).__name__}"
    return json.dumps({"reason": "worked out", "winner": "A" if first == right else "B"})


def writer(request: Request) -> str:
    """Writes a test for each of the hidden ones, and one that is wrong."""
    name = name_in(request)
    texts = [f"{test.call(name)} == {test.expected!r}" for test in HIDDEN[name].tests]
    first = HIDDEN[name].tests[0]
    return json.dumps({"tests": [*texts, f"{first.call(name)} == {[first.expected]!r}"]})


@pytest.mark.parametrize(
    ("strategy", "strong", "asked", "why"),
    [
        # One question, in both orders.
        ({"use": "distinguish"}, judge, 2, r"the model chose against the largest cluster"),
        (
            {"use": "dual-agreement", "sets": 1},
            writer,
            1,
            r"the largest agreement won.*, 1 no candidate passes",
        ),
    ],
    ids=["distinguish", "dual-agreement"],
)
async def test_the_minority_that_is_right_is_found_and_the_record_tells_how(
    strategy: dict[str, Any], strong: Any, asked: int, why: str, tmp_path: Path
):
    models = GivenModels({"small": ScriptedProvider(small), "strong": ScriptedProvider(strong)})
    implement = {"provider": "small", "strategy": {**strategy, "n": 3, "provider": "strong"}}
    stages = {"specify": {"provider": "small"}, "implement": implement}
    results = await models.solve(TASKS, {"stages": stages}, tmp_path / "record")
    for task, result in zip(TASKS, results, strict=True):
        assert result.solution is not None
        assert result.solution.code is not None
        found = run_on(task.id, result.solution.code.source)
        assert found == run_on(task.id, HIDDEN[task.id].reference.source), task.id
        assert result.spend.calls == 2 + asked
    stops = models.stops_of(strategy["use"])
    assert len(stops) == len(TASKS) == 5
    for stop in stops:
        assert re.match(why, stop.why)
        assert [len(one.members) for one in stop.clusters] == [1, 2]
