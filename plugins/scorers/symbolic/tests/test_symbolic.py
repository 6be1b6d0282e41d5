import pytest
from lift_sys_symbolic.plugin import SymbolicOptions
from lift_sys_symbolic.scorer import Symbolic

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.interfaces import Candidate, Code, Finding, Score
from lift_sys.ir import Assertion
from lift_sys.pipeline.config import SamplingConfig
from lift_sys.pipeline.scoring import Composite, Weighted
from lift_sys.pipeline.stages import Implement
from lift_sys.prompts import PromptLibrary
from lift_sys.testing.conformance import ScorerConformance
from lift_sys.testing.conformance.base import TestParts as Parts
from lift_sys.testing.runs import make_context, make_implementation, make_specification
from lift_sys.testing.samples import RIGHT, SPECIFICATION, TASK, WRONG, scripted_model

RARE = "return 0 if x * 3 + 1 == 23758 else 2 * x"
LOOP = (
    "total = 0\n    for _ in range(abs(x)):\n        total += 2 if x > 0 else -2\n    return total"
)


class TestSymbolic(ScorerConformance):
    component = "symbolic"
    options = {"check": {"use": "crosshair", "condition_seconds": 1, "seconds": 15}, "most": 1}


def code(body):
    return Code(name="double", source=f"def double(x: int) -> int:\n    {body}\n")


def drawn(*codes):
    return [Candidate(str(n), "implement", each) for n, each in enumerate(codes)]


def symbolic(**options):
    made = SymbolicOptions.model_validate(options)
    return Symbolic(made, Parts.installed())


class Noting:
    """A check that remembers what it was asked of, and says nothing against it."""

    def __init__(self):
        self.asked = []

    async def examine(self, subject, sandbox):
        self.asked.append(subject.code.source)
        return [Finding(code="every-path-searched", severity="info", message="all of it")]


def over(check, **options):
    class With(Parts):
        def check(self, ref):
            return check

    return Symbolic(SymbolicOptions(**options), With(Parts.installed()._manager))


async def test_a_planted_mistake_that_no_drawing_finds_is_refuted_and_right_code_confirmed():
    """Through the real stage, in the real sandbox."""
    sandbox = default_sandbox()
    try:
        stage = Implement(PromptLibrary(), SamplingConfig())
        problem = stage.implement(TASK, SPECIFICATION, sandbox)
        candidates = drawn(code(RARE), RIGHT, WRONG, code(LOOP), RIGHT, None)
        assert (await problem.check(code(RARE))).passed, "nothing cheaper sees it"
        check = {"use": "crosshair", "condition_seconds": 4, "seconds": 60}
        scores = await symbolic(check=check).score(
            problem, candidates, make_context(scripted_model())
        )
    finally:
        await sandbox.aclose()
    values = [score.value for score in scores]
    assert values == [0.0, 1.0, 0.0, 0.75, 1.0, 0.0]
    rare, right, wrong, loop, _, none = scores
    assert rare.reason.startswith("refuted for double(7919): "), rare.reason
    assert "confirmed by running it" in rare.reason
    assert right.reason.startswith("confirmed: "), right.reason
    assert wrong.reason.startswith("the visible checks refute it: ")
    assert loop.reason.startswith("not refuted: "), loop.reason
    assert none.reason == "no result"


async def test_only_what_nothing_cheaper_settles_is_searched_and_each_form_once():
    noting, ctx = Noting(), make_context(scripted_model())
    problem = make_implementation(TASK, SPECIFICATION)
    scorer = over(noting)
    same = code("return  2 * x  # again")
    candidates = drawn(RIGHT, WRONG, same, None)
    for _ in range(2):
        scores = await scorer.score(problem, candidates, ctx)
        assert [score.value for score in scores] == [1.0, 0.0, 1.0, 0.0]
    assert noting.asked == [RIGHT.source]


async def test_most_goes_to_those_that_more_agree_with():
    noting, ctx = Noting(), make_context(scripted_model())
    vague = SPECIFICATION.model_copy(
        update={"assertions": (Assertion(predicate="result >= x or x < 0"),)}
    )
    task = TASK.model_copy(update={"examples": ()})
    problem = make_implementation(task, vague)
    candidates = drawn(code("return x + 5"), code("return x * 2"), code("return x + x"))
    scores = await over(noting, most=2).score(problem, candidates, ctx)
    assert [score.value for score in scores] == [None, 1.0, 1.0]
    assert scores[0].reason == "2 others were searched, `most` allows no more"
    assert len(noting.asked) == 2


@pytest.mark.parametrize(
    ("findings", "value"),
    [
        ([], None),
        ([Finding(code="nothing-searched", severity="info", message="no end")], None),
        ([Finding(code="symbolic-execution", severity="info", message="none")], 0.6),
        ([Finding(code="x", severity="error", message="is wrong", counterexample="f(1)")], 0.0),
    ],
)
async def test_what_a_check_says_becomes_a_score(findings, value):
    class Saying:
        async def examine(self, subject, sandbox):
            return findings

    problem = make_implementation(TASK, SPECIFICATION)
    scorer = over(Saying(), unrefuted=0.6)
    (score,) = await scorer.score(problem, drawn(RIGHT), make_context(scripted_model()))
    assert score.value == value
    assert score.reason


async def test_a_specification_has_no_code_to_search():
    noting = Noting()
    candidates = [Candidate("1", "specify", SPECIFICATION)]
    (score,) = await over(noting).score(
        make_specification(TASK), candidates, make_context(scripted_model())
    )
    assert (score.value, noting.asked) == (None, [])
    assert score.reason == "there is no code to be searched"


async def test_behind_a_gate_it_never_sees_what_the_gate_refuses():
    class Gate:
        async def score(self, problem, candidates, ctx):
            return [Score(float("x + x" in each.value.source), "gate") for each in candidates]

    noting = Noting()
    both = Composite([Weighted("gate", Gate(), gate=True), Weighted("symbolic", over(noting))])
    problem = make_implementation(TASK, SPECIFICATION)
    candidates = drawn(RIGHT, code("return x + x"))
    scores = await both.score(problem, candidates, make_context(scripted_model()))
    assert [score.value for score in scores] == [0.0, 1.0]
    assert noting.asked == [candidates[1].value.source]
