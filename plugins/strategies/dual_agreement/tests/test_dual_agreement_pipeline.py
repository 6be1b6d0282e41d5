"""On the phases, in a whole pipeline through the real stages: from its file to what is recorded."""

import json

from lift_sys_phases.plugin import PhasesOptions
from lift_sys_phases.source import PhasesSource

from lift_sys import Pipeline
from lift_sys.checking.mutants import mutants
from lift_sys.interfaces import StrategyStopped
from lift_sys.plugins import Catalogue, Component, PluginManager
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.samples import asks_for_ir

SOURCE = PhasesSource(PhasesOptions(phase=1), parts=None)
NAMES = [task.id for task in SOURCE.tasks()]
HIDDEN = SOURCE.hidden(NAMES)
TASKS = [task.model_copy(update={"examples": ()}) for task in SOURCE.tasks()]
"""Without examples: nothing but the answers tells right from wrong."""


def name_in(request):
    text = request.messages[-1].content
    return next(task.id for task in TASKS if task.request.strip() in text)


def small(request):
    """A specification that demands nothing, and of three programs two that are wrong."""
    name = name_in(request)
    if asks_for_ir(request):
        bare = HIDDEN[name].ir.model_copy(
            update={"assertions": (), "effects": (), "constraints": ()}
        )
        return bare.model_dump_json(exclude_defaults=True)
    right = HIDDEN[name].reference.source
    wrong = next(each.source for each in mutants(right) if each.operator and differs(name, each))
    return [f"```python\n{source}\n```" for source in (wrong, wrong + "# again\n", right)]


def run_on(name, source):
    namespace = {}
    exec(source, namespace)
    results = []
    for test in HIDDEN[name].tests:
        try:
            results.append(repr(namespace[name](*test.args)))
        except Exception as error:
            results.append(type(error).__name__)
    return results


def differs(name, mutant):
    return run_on(name, mutant.source) != run_on(name, HIDDEN[name].reference.source)


def strong(request):
    """Writes a test for each of the hidden ones, and one that is wrong."""
    name = name_in(request)
    texts = [f"{test.call(name)} == {test.expected!r}" for test in HIDDEN[name].tests]
    first = HIDDEN[name].tests[0]
    return json.dumps({"tests": [*texts, f"{first.call(name)} == {[first.expected]!r}"]})


class Keeping:
    def __init__(self):
        self.events = []

    def on_event(self, event):
        self.events.append(event)

    def close(self):
        pass


async def test_on_the_phases_it_finds_the_minority_that_is_right_and_the_record_tells_how(tmp_path):
    providers = {"small": ScriptedProvider(small), "strong": ScriptedProvider(strong)}
    keeping = Keeping()
    given = [
        Component(name, lambda options, parts, it=it: it, name) for name, it in providers.items()
    ]
    plugins = PluginManager(
        Catalogue.installed(),
        given={
            "providers": given,
            "observers": [Component("keeping", lambda options, parts: keeping, "keeps")],
        },
    )
    strategy = {"use": "dual-agreement", "n": 3, "sets": 1, "provider": "strong"}
    document = {
        "version": 1,
        "providers": {name: {"use": name} for name in providers},
        "stages": {
            "specify": {"provider": "small"},
            "implement": {"provider": "small", "strategy": strategy},
        },
        "observers": ["keeping"],
        "record": str(tmp_path / "record"),
    }
    async with Pipeline.load(document, plugins=plugins).open() as session:
        for task in TASKS:
            result = await session.solve(task)
            found = result.solution.code.source
            right = HIDDEN[task.id].reference.source
            assert run_on(task.id, found) == run_on(task.id, right), task.id
            assert result.spend.calls == 3, "two stages, and one set of tests"
    stops = [each for each in keeping.events if isinstance(each, StrategyStopped)]
    told = [each for each in stops if each.strategy == "dual-agreement"]
    assert len(told) == len(TASKS) == 5
    assert all(each.why.startswith("the largest agreement won") for each in told)
    assert all([len(one.members) for one in each.clusters] == [1, 2] for each in told)
    assert all("1 no candidate passes" in each.why for each in told)
