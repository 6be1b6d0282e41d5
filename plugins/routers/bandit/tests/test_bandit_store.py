"""From runs on the phases through the real stages, to a store, to the next run's routes."""

import json

import pytest
from lift_sys_bandit.learn import learn, main
from lift_sys_bandit.plugin import BanditOptions
from lift_sys_bandit.reading import from_store
from lift_sys_bandit.router import Bandit
from lift_sys_phases.plugin import PhasesOptions
from lift_sys_phases.source import PhasesSource

from lift_sys import Pipeline
from lift_sys.errors import InputError
from lift_sys.interfaces import Assignment, Price, Verdict
from lift_sys.plugins import Catalogue, Component, PluginManager
from lift_sys.store import Grade, Grades
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.samples import asks_for_ir
from lift_sys.testing.sandboxes import TrustingSandbox

SOURCE = PhasesSource(PhasesOptions(phase=2), parts=None)
TASKS = [task for task in SOURCE.tasks() if task.category != "edge_cases"][:6]
HIDDEN = SOURCE.hidden([task.id for task in TASKS])
STRINGS = "string_manipulation"
TIERS = [
    {"route": "default", "usd": 0.012, "passes": 0.8},
    {"route": "strong", "usd": 0.015, "passes": 0.9},
]


def model(fails):
    """Right but in the categories that it fails, where it returns nothing."""

    def answer(request):
        texts = [message.content for message in reversed(request.messages)]
        task = next(
            each for text in texts for each in TASKS if f"{each.request.strip()}\n" in f"{text}\n"
        )
        if asks_for_ir(request):
            return HIDDEN[task.id].ir.model_dump_json(exclude_none=True)
        right = HIDDEN[task.id].reference.source
        if task.category in fails:
            head = next(line for line in right.splitlines() if line.startswith("def "))
            return f"```python\n{head}\n    return None\n```"
        return f"```python\n{right}\n```"

    return answer


def pipeline(store, **router):
    priced = {"cheap": Price(input=4, output=4), "strong": Price(input=10, output=10)}
    providers = {
        name: ScriptedProvider(
            model({STRINGS} if name == "cheap" else ()),
            capabilities=ANYTHING.model_copy(update={"price": priced[name]}),
        )
        for name in priced
    }
    plugins = PluginManager(
        Catalogue.installed(),
        given={
            "providers": [
                Component(name, lambda options, parts, it=it: it, name)
                for name, it in providers.items()
            ],
            "sandboxes": [Component("trusting", lambda options, parts: TrustingSandbox(), "ours")],
        },
    )
    learning = {
        "use": "bandit",
        "tiers": TIERS,
        "worth": 0.03,
        "strength": 1.0,
        "choose": "expected",
        **router,
    }
    document = {
        "version": 1,
        "providers": {name: {"use": name} for name in providers},
        "stages": {stage: {"provider": "cheap"} for stage in ("specify", "implement")},
        "routes": {"strong": {stage: {"provider": "strong"} for stage in ("specify", "implement")}},
        "router": {"store": str(store), **learning},
        "sandbox": "trusting",
        "record": str(store),
    }
    return Pipeline.load(document, plugins=plugins)


def assignment(*tasks):
    return Assignment(
        suite=SOURCE.suite, use="phases", options={}, tasks={task.id: task.digest for task in tasks}
    )


async def solved(pipeline, tasks=TASKS):
    async with pipeline.open() as session:
        results = [await session.solve(task) for task in tasks]
    return session.run, results


async def test_a_run_learns_from_those_before_it(tmp_path):
    store = tmp_path / "store.db"
    assert from_store(str(store), 10).tries == (), "a store that is not there teaches nothing"
    _, results = await solved(pipeline(store, audit=1.0))
    assert {result.attempts[0].route for result in results} == {"default"}
    known = from_store(str(store), 10)
    assert {each.route for each in known.tries} <= {"default", "strong"}
    assert all(each.passed for each in known.tries if each.route == "strong")
    for each in known.tries:
        if each.route == "default":
            assert each.passed == (each.category != STRINGS)
    assert known.audits
    assert not any(each.wrong for each in known.audits), "what passed is right"
    _, results = await solved(pipeline(store))
    for task, result in zip(TASKS, results, strict=True):
        first = result.attempts[0].route
        assert first == ("strong" if task.category == STRINGS else "default"), task.id
    assert len(from_store(str(store), 1).tries) < len(from_store(str(store), 2).tries)
    made = BanditOptions.model_validate({"tiers": TIERS, "store": str(store), "strength": 1.0})
    again = Bandit(made)
    assert again.learnt_from == set(), "visible verdicts are no grades"
    believed = {(b["route"], b["category"]): b["passes"] for b in again.state()}
    assert believed["default", STRINGS] < 0.2 < 0.8 < believed["default", "list_operations"]


async def test_what_has_learnt_from_grades_is_not_evaluated_on_them(tmp_path, capsys):
    store, state = tmp_path / "store.db", tmp_path / "state.json"
    graded = [task for task in TASKS if task.category != STRINGS][:3]
    run, _ = await solved(pipeline(store, audit=0.0), graded)
    verdicts = [Verdict(status="fail" if n == 0 else "pass") for n in range(3)]
    with Grades.open(store) as grades:
        grades.put(
            run,
            [
                Grade(task=task.id, grader="hidden", verdict=verdict, total=1)
                for task, verdict in zip(graded, verdicts, strict=True)
            ],
        )
    assert learn(str(store)).learnt_from == frozenset()
    assert main([str(store), str(state), "--grades"]) == 0
    assert "default: 3 of 3 passed; of 3 audited 1 were wrong" in capsys.readouterr().out
    assert len(json.loads(state.read_text())["learnt_from"]) == 3
    learning = pipeline(tmp_path / "other.db", state=str(state))
    measured = assignment(graded[0])
    with pytest.raises(InputError, match="the router 'bandit' has learnt from the grades of 1"):
        async with learning.open(assignment=measured):
            pass
    others = assignment(*(task for task in TASKS if task.category == STRINGS))
    async with learning.open(assignment=others) as session:
        assert session.run
    async with pipeline(store).open(assignment=measured) as session:
        assert session.run, "verdicts that everybody sees may be learnt from"


def test_a_file_that_is_none_is_told_with_its_remedy(tmp_path):
    file = tmp_path / "state.json"
    tiers = [{"route": "default", "usd": 1.0}]
    for text in (None, "{", '{"tries": 3}'):
        if text is not None:
            file.write_text(text)
        options = BanditOptions.model_validate({"tiers": tiers, "state": file})
        with pytest.raises(InputError, match="holds nothing that a bandit has learnt"):
            Bandit(options)
    assert main([str(tmp_path / "none.db"), str(file)]) != 0
    assert main([]) == 2
