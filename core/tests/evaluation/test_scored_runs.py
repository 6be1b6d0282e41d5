"""A run whose scorers are known to be good or bad, recorded, graded and measured: end to end."""

import json

import pytest

from lift_sys import Pipeline
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.errors import InputError
from lift_sys.evaluation.grader import Grader, evaluation
from lift_sys.evaluation.reports import report_of
from lift_sys.evaluation.rescoring import Named, named_scorer, rescored
from lift_sys.evaluation.scorers import PIPELINE
from lift_sys.evaluation.sources import open_source
from lift_sys.evaluation.specifications import literals_kept, mutants_killed
from lift_sys.evaluation.winners import read_run
from lift_sys.interfaces import Assignment, Code, Example, Hidden, Score, Task
from lift_sys.ir import IR
from lift_sys.plugins import Catalogue, Component, PluginManager
from lift_sys.store import Grades, Store
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, scripted_model

TASKS = 6
CODES = (
    RIGHT_TEXT,
    "```python\ndef double(x: int) -> int:\n    return 4 if x == 2 else 7\n```",
    "```python\ndef double(x: int) -> int:\n    raise ValueError(x)\n```",
    "no code at all",
)
"""Each task draws all four: the second is right by its visible example alone."""
WRONG_IR = json.loads(IR_TEXT) | {"assertions": [{"predicate": "result == x + 2"}]}


def task(number):
    tests = [{"args": [3], "expected": 6}, {"args": [0], "expected": 0}]
    reference = {"name": "double", "source": "def double(x):\n    return 2 * x\n"}
    first = number == 0
    return {
        "id": f"t{number}",
        "request": f"Create a function that doubles a number ({number})"
        + "; return 'done' if it is None" * first,
        "examples": [{"args": [2], "expected": 4}],
        "function": "double",
        "category": "<b>odd</b>" if number % 2 else "even",
        "hidden": {"tests": tests, "reference": reference if first else None},
    }


class Fixed:
    """Says what a function makes of each candidate's text."""

    def __init__(self, say):
        self._say = say

    async def score(self, problem, candidates, ctx):
        return [Score(self._say(candidate.text)) for candidate in candidates]


def component(name, say):
    return Component(name, lambda options, parts: Fixed(say), "For tests")


def knows(text):
    return 1.0 if "2 * x" in text or "result == 2" in text else 0.0


SCORERS = {
    "inverted": lambda text: 1 - knows(text),
    "knows": knows,
    "silent": lambda text: None,
    "visible": lambda text: 0.9 if knows(text) or "x == 2" in text else 0.0,
}


@pytest.fixture
async def sandbox():
    made = default_sandbox()
    yield made
    await made.aclose()


def manager():
    def model(options, parts):
        return scripted_model(
            code=lambda place, request: CODES[place % len(CODES)],
            ir=lambda place, request: json.dumps(WRONG_IR) if place % 2 else IR_TEXT,
        )

    scorers = [component(name, say) for name, say in SCORERS.items()]
    given = {"providers": [Component("scripted", model, "For tests")], "scorers": scorers}
    return PluginManager(Catalogue.installed(), given=given)


async def recorded(folder):
    (folder / "doubles.jsonl").write_text("".join(json.dumps(task(n)) + "\n" for n in range(TASKS)))
    best = {"use": "best-of-n", "n": 4, "rounds": "one", "distinct": 0}
    weights = {"knows": 0.0, "inverted": 0.0, "silent": 1.0, "visible": 1.0}
    scorers = [{"use": name, "weight": weight or 0.001} for name, weight in weights.items()]
    document = {
        "version": 1,
        "providers": {"model": {"use": "scripted"}},
        "stages": {
            "specify": {"provider": "model", "strategy": {**best, "n": 2}, "scorers": ["knows"]},
            "implement": {"provider": "model", "strategy": best, "scorers": scorers},
        },
        "calls": {"attempts": 1},
        "concurrency": {"tasks": 1},
        "record": str(folder / "store.db"),
        "tasks": {"use": "jsonl", "path": str(folder / "doubles.jsonl")},
    }
    plugins = manager()
    pipeline = Pipeline.load(document, plugins=plugins)
    use, options = pipeline.task_source
    source = open_source(use, options.model_dump(mode="json"), plugins)
    tasks = source.tasks()
    assignment = Assignment(
        suite=source.suite,
        use=use,
        options=source.options,
        tasks={each.id: each.digest for each in tasks},
    )
    async with pipeline.open(assignment=assignment) as session:
        async for _ in session.solve_all(tasks):
            pass
    return folder / "store.db", session.run


async def test_scorers_are_measured_by_what_hidden_tests_say_of_every_draw(tmp_path, sandbox):
    where, run = await recorded(tmp_path)
    found = await evaluation(Grader(where, sandbox, manager()), run)
    report = report_of(found)
    by_name = {(each.stage, each.scorer): each for each in report.scorers}

    knows = by_name["implement", "knows"]
    assert (knows.scored, knows.right, knows.selection.mattered) == (18, 6, 6), "4 draws, 3 codes"
    assert knows.auc.value == knows.auc_within.value == 1.0
    assert knows.selection.regret.value == 0
    assert by_name["implement", "inverted"].selection.regret.value == 1.0
    visible = by_name["implement", "visible"]
    assert visible.auc.value == pytest.approx(0.75)
    assert (visible.selection.regret.value, visible.selection.tied) == (0.5, 6)
    assert by_name["implement", "silent"].selection.silent == 6
    assert PIPELINE in {name for _, name in by_name}
    assert by_name["specify", "knows"].auc.value == 1.0, "an IR that hidden tests deny is wrong"

    [first, *_] = report.pass_at_k
    assert (first.k, first.estimate.value, first.short) == (1, pytest.approx(0.25), 0)
    assert report.pass_at_k[-1].estimate.value == 1.0
    assert (report.oracle.right, report.oracle.n) == (6, 6)
    assert report.validity["implement"] == (18, 24)
    assert report.validity["specify"] == (12, 12)

    with Grades.open(where) as grades:
        kept = grades.of(run)
    assert {each.subject.partition(":")[0] for each in kept} == {"winner", "specify", "implement"}
    told = [failure for each in kept for failure in each.verdict.failures]
    assert all(f.input is f.expected is f.got is None for f in told), "no hidden test is kept"


async def test_other_scorers_see_the_same_draws_and_no_model_is_asked(tmp_path, sandbox):
    where, run = await recorded(tmp_path)
    plugins = manager()
    seen = []

    class Looking:
        async def score(self, problem, candidates, ctx):
            verdicts = [await problem.check(candidate.value) for candidate in candidates]
            seen.append((problem.stage, len(candidates)))
            return [Score(float(verdict.passed)) for verdict in verdicts]

    class Asking:
        async def score(self, problem, candidates, ctx):
            return await ctx.sample([])

    with Store.open(where) as store:
        finished = read_run(store, run)
        knows, looking = named_scorer("knows", plugins), Named("looking", Looking())
        found = await rescored(store, finished, [knows, looking])
        assert found.skipped == 0
        with pytest.raises(InputError, match="asks a model"):
            await rescored(store, finished, [Named("asking", Asking())])
        with pytest.raises(InputError, match="no options of the scorer 'knows'"):
            named_scorer('knows={"x": 1}', plugins)
    assert sorted(seen) == [("implement", 3)] * TASKS + [("specify", 2)] * TASKS
    graded = await evaluation(Grader(where, sandbox, manager(), scores=found.scores), run)
    by_name = {(each.stage, each.scorer): each for each in report_of(graded).scorers}
    assert by_name["implement", "knows (now)"].auc == by_name["implement", "knows"].auc
    assert by_name["implement", "looking"].auc.value == 1.0
    assert by_name["implement", "looking"].selection.regret.value == 0
    assert [name for _, name in by_name][-1] == PIPELINE


async def test_specifications_are_tried_on_mistakes_and_on_literals(tmp_path, sandbox):
    where, run = await recorded(tmp_path)
    found = await evaluation(Grader(where, sandbox, manager(), mutants=True), run)
    assert found.rows[1].mutants is None, "no reference, no mutants"
    killed, tried = found.rows[0].mutants
    assert killed == tried >= 3, "`result == 2 * x` lets no wrong mutant of it pass"
    report = report_of(found)
    assert (report.claims.right, report.claims.n) == (killed, tried)
    assert (report.literals.right, report.literals.n) == (0, 1), "'done' is nowhere"
    again = await evaluation(Grader(where, sandbox, manager()), run)
    assert again.rows[0].mutants == (killed, tried), "known, so told"


def weak(**more):
    """Says less than the task asks for."""
    ir = json.loads(IR_TEXT) | more
    return IR.model_validate_json(json.dumps(ir))


async def test_a_specification_that_says_little_lets_mistakes_pass(sandbox):
    known = Task(id="t", request="double it", function="double")
    hidden = Hidden(
        task="t", tests=(Example(args=(3,), expected=6), Example(args=(0,), expected=0)),
        reference=Code(name="double", source="def double(x):\n    return 2 * x\n"),
    )  # fmt: skip
    whole = await mutants_killed(known, weak(), hidden, sandbox)
    little = await mutants_killed(
        known, weak(assertions=[{"predicate": "isinstance(result, int)"}]), hidden, sandbox
    )
    assert whole.some == whole.of == little.of
    assert 0 < little.some < little.of
    asked = known.model_copy(update={"request": "return 'too short' if it is short"})
    assert literals_kept(asked, None) == literals_kept(asked, weak()) == (0, 1)
    assert literals_kept(asked, weak(assertions=[{"predicate": "result == 'too short'"}])) == (1, 1)


async def test_what_is_graded_is_not_graded_again_unless_asked(tmp_path, sandbox):
    where, run = await recorded(tmp_path)
    first = await evaluation(Grader(where, sandbox, manager()), run)

    class Counting:
        jobs = 0

        def guards(self):
            return sandbox.guards()

        async def run(self, job):
            self.jobs += 1
            return await sandbox.run(job)

    counting = Counting()
    assert await evaluation(Grader(where, counting, manager()), run) == first
    assert counting.jobs == 0
    assert await evaluation(Grader(where, counting, manager(), again=True), run) == first
    assert counting.jobs > 0
