import pytest
from lift_sys_execution.plugin import ExecutionOptions
from lift_sys_execution.scorer import Execution

from lift_sys.interfaces import Basis, Candidate, Code, Example, Failure, Task, Verdict
from lift_sys.ir import IR, Assertion, Effect, Intent, Parameter, Signature
from lift_sys.testing.conformance import ScorerConformance
from lift_sys.testing.runs import make_implementation, make_specification

TASK = Task(
    id="clip",
    request="Create a function that gives a number, or 0 where it is negative",
    examples=(Example(args=(3,), expected=3), Example(args=(-2,), expected=0)),
)
SPECIFICATION = IR(
    intent=Intent(summary="A number, or 0 where it is negative"),
    signature=Signature(name="clip", parameters=(Parameter(name="x", type="int"),), returns="int"),
    effects=(Effect(description="negative", when="x < 0", return_values=(0,)),),
    assertions=(Assertion(predicate="result >= 0"),),
)


class TestExecution(ScorerConformance):
    component = "execution"


class TestExecutionAllOrNothing(ScorerConformance):
    component = "execution"
    options = {"partial": "none"}


def candidate(value, stage="implement"):
    return Candidate(id="a", stage=stage, value=value)


def code(body):
    return candidate(Code(name="clip", source=f"def clip(x: int) -> int:\n    {body}\n"))


async def score(one, problem=None, **options):
    scorer = Execution(ExecutionOptions(**options), parts=None)
    problem = problem or make_implementation(TASK, SPECIFICATION)
    (given,) = await scorer.score(problem, [one], None)
    return given


async def test_what_passes_gets_1_and_the_reason_counts_what_held():
    given = await score(code("return max(x, 0)"))
    assert given.value == 1.0
    assert given.reason == "2 of 2 examples, 1 of 1 assertions, 1 of 1 properties"


async def test_what_fails_gets_the_weighted_share_of_what_held():
    given = await score(code("return x"))
    parts = {name: part.value for name, part in given.parts}
    assert parts == {"examples": 0.5, "assertions": 0.0, "properties": 0.0}
    assert given.value == pytest.approx(2 * 0.5 / 4)
    assert "1 of 2 examples" in given.reason
    assert "clip(-2)" in given.reason
    heavier = await score(code("return x"), examples=8)
    assert heavier.value == pytest.approx(0.4)


async def test_nearly_right_beats_all_wrong_and_neither_reaches_1():
    nearly = await score(code("return abs(x)"))
    wrong = await score(code("return -abs(x) - 1"))
    assert 0.0 == wrong.value < nearly.value < 1.0


async def test_without_partial_credit_a_failure_gets_nothing():
    assert (await score(code("return x"), partial="none")).value == 0.0
    assert (await score(code("return max(x, 0)"), partial="none")).value == 1.0


class Says:
    """A problem whose check says what it is told to."""

    def __init__(self, *failures):
        self._failures = failures

    async def check(self, value):
        return Verdict(status="fail", basis=Basis(examples=2), failures=self._failures)


async def test_what_does_not_load_gets_no_credit():
    assert (await score(code("pass\nraise ImportError('gone')"))).value == 0.0


@pytest.mark.parametrize(
    "failure",
    [
        Failure(category="hard_coded", message="the answers stand in the code", claim="cases"),
        Failure(category="specification", message="its effects contradict each other"),
    ],
    ids=["answers by heart", "no sense in itself"],
)
async def test_what_held_is_worth_nothing_where_it_is_wrong_as_a_whole(failure):
    assert (await score(code("return x"), Says(failure))).value == 0.0


async def test_it_abstains_where_nothing_says_enough():
    bare = SPECIFICATION.model_copy(update={"effects": (), "assertions": ()})
    task = TASK.model_copy(update={"examples": ()})
    given = await score(code("return x"), make_implementation(task, bare))
    assert given.value is None
    assert "nothing" in given.reason


async def test_it_abstains_where_it_could_not_be_run():
    failure = Failure(category="infrastructure", message="the sandbox is gone")
    given = await score(code("return x"), Says(failure))
    assert given.value is None
    assert "the sandbox is gone" in given.reason


async def test_an_ir_gets_the_share_of_the_examples_that_it_does_not_deny():
    problem = make_specification(TASK)
    assert (await score(candidate(SPECIFICATION, "specify"), problem)).value == 1.0
    denying = SPECIFICATION.model_copy(
        update={"effects": (), "assertions": (Assertion(predicate="result >= 1"),)}
    )
    given = await score(candidate(denying, "specify"), problem)
    assert given.value == pytest.approx(0.5)
    assert "1 of 2 examples" in given.reason
