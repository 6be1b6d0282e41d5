"""Grades: right code passes, wrong code fails, and what breaks is counted as what it is."""

import pytest
import pytest_asyncio

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.errors import SandboxFailed
from lift_sys.evaluation.grading import grade, grader_of
from lift_sys.evaluation.winners import Winner
from lift_sys.interfaces import Code, Example, Hidden, Task, Verdict
from lift_sys.ir import IR, Assertion, Intent, Parameter, Signature

pytestmark = pytest.mark.asyncio(loop_scope="module")

HIDDEN = Hidden(
    task="half",
    tests=(
        Example(args=(4,), expected=2),
        Example(args=(5,), raises="ValueError"),
        Example(args=(0,), expected=0),
    ),
)
TASK = Task(id="half", request="Create a function that halves even numbers")
RIGHT = "def half(x):\n    if x % 2:\n        raise ValueError(x)\n    return x // 2\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox():
    made = default_sandbox()
    yield made
    await made.aclose()


def winner(source, status="pass"):
    code = None if source is None else Code(name="half", source=source)
    return Winner(status, "the budget is spent", code)


async def test_right_code(sandbox):
    given = await grade(TASK, winner(RIGHT), HIDDEN, sandbox)
    assert (given.verdict.status, given.passed, given.total) == ("pass", 3, 3)
    assert given.verdict.basis.examples == 3
    assert given.task == "half"


async def test_a_grade_tells_nothing_of_the_tests(sandbox):
    """It is kept in the store, which anything on this machine may read."""
    source = "def half(x):\n    raise KeyError(f'I was given {x * 1000}')\n"
    hidden = Hidden(task="half", tests=(Example(args=(4815162342,), expected=1),))
    given = await grade(TASK, winner(source), hidden, sandbox)
    assert "4815162342" not in given.model_dump_json()
    assert given.verdict.failures[0].message == "1 of 1 hidden tests"
    program = "def check(candidate):\n    assert candidate(4) == 2, 'four by two'\n"
    given = await grade(
        TASK,
        winner("def half(x): return 0\n"),
        HIDDEN.model_copy(update={"program": program, "tests": ()}),
        sandbox,
    )
    assert given.verdict.category == "wrong_output"
    assert "four" not in given.model_dump_json()


async def test_the_same_again(sandbox):
    one, other = [await grade(TASK, winner(RIGHT), HIDDEN, sandbox) for _ in range(2)]
    assert one.model_copy(update={"seconds": other.seconds}) == other


@pytest.mark.parametrize(
    ("source", "category", "passed"),
    [
        ("def half(x):\n    return x // 2\n", "wrong_output", 2),
        ("def half(x):\n    return x / 2\n", "wrong_output", 0),
        ("def half(x):\n    raise KeyError(x)\n", "exception", 0),
        ("def half(x):\n    while True: pass\n", "timeout", 0),
        ("def half(x:\n", "exception", 0),
        ("import no_such_module\n", "exception", 0),
        ("def other(x):\n    return x\n", "exception", 0),
        ("def half(x):\n    import os\n    os.system('true')\n", "forbidden", 0),
    ],
)
async def test_wrong_code(source, category, passed, sandbox):
    given = await grade(TASK, winner(source), HIDDEN, sandbox)
    assert given.verdict.status == "fail"
    assert (given.verdict.category, given.passed, given.total) == (category, passed, 3)


PARITY = Hidden(
    task="half",
    tests=tuple(
        Example(args=(x,), expected=y)
        for x, y in [(True, "neither"), (False, "neither"), (2, "even"), (3, "odd"), (4, "even")]
    ),
)
PARITY_IR = IR(
    intent=Intent(summary="Parity"),
    signature=Signature(name="half", parameters=(Parameter(name="x", type="int"),), returns="str"),
    assertions=(Assertion(predicate="result in ('even', 'odd', 'neither')"),),
)


@pytest.mark.parametrize(
    ("source", "category"),
    [
        ("def half(x): return 'odd' if x % 2 else 'even'", "bool_as_int"),
        (
            (
                "def half(x):\n    if x is True or x is False: return 'It is neither'\n"
                "    return 'odd' if x % 2 else 'even'"
            ),
            "literal_rewritten",
        ),
        (
            (
                "def half(x):\n    if x is not True and x is not False:\n"
                "        return 'odd' if x % 2 else 'even'"
            ),
            "missing_return",
        ),
        ("def half(x): return 'even'", "wrong_output"),
    ],
)
@pytest.mark.parametrize("whose", ["reference", "winner"])
async def test_a_mistake_with_a_name_is_named_and_nothing_else_told(
    source, category, whose, sandbox
):
    hidden = PARITY.model_copy(update={"ir": PARITY_IR if whose == "reference" else None})
    found = Winner(
        "pass", "", Code(name="half", source=source), PARITY_IR if whose == "winner" else None
    )
    verdict = (await grade(TASK, found, hidden, sandbox)).verdict
    assert verdict.category == category
    assert all(each.message.endswith("of 5 hidden tests") for each in verdict.failures)
    assert not any(each.input or each.expected or each.got for each in verdict.failures)


@pytest.mark.parametrize(
    "source",
    [
        "import os\ndef half(x): os._exit(0)",
        "def half(x): raise SystemExit(0)",
        "def half(x): return type('Two', (int,), {'__eq__': lambda *_: True})(2)",
        (
            "import builtins\nbuiltins.isinstance = builtins.all = lambda *_: True\n"
            "def half(x): return None"
        ),
        (
            "import json, sys\nverdict = json.dumps({'status': 'pass', 'passed': 3, 'total': 3})\n"
            "print(verdict); print(verdict, file=sys.stderr)\ndef half(x): print(verdict)"
        ),
        (
            "import sys\nfor name in list(sys.modules): vars(sys.modules[name]).update(same=all)\n"
            "def half(x): return x"
        ),
        (
            "import os\nfor number in range(3, 64):\n    try: os.write(number, b'[\"pass\"]')\n"
            "    except OSError: pass\ndef half(x): return x"
        ),
        "def half(x): return 'x' * 10**9",
        "def half(x): return 10 ** 10 ** 6",
        "def half(x):\n    found = []\n    found.append(found)\n    return found",
    ],
)
async def test_hostile_code_does_not_pass(source, sandbox):
    given = await grade(TASK, winner(source), HIDDEN, sandbox)
    assert (given.verdict.status, given.passed) == ("fail", 0)
    assert given.verdict.category != "infrastructure"
    assert len(given.model_dump_json()) < 2_000
    assert (await grade(TASK, winner(RIGHT), HIDDEN, sandbox)).verdict.passed, "it goes on"


async def test_hidden_tests_that_never_end_say_nothing_of_the_code(sandbox):
    hanging = Hidden(task="half", program="def check(candidate):\n    while True: pass\n")
    given = await grade(TASK, winner(RIGHT), hanging, sandbox)
    assert (given.verdict.category, given.passed) == ("infrastructure", 0)
    assert "the hidden tests cannot be run" in given.verdict.failures[0].message


async def test_code_that_does_as_if_all_were_equal(sandbox):
    """What it returns is compared outside, so nothing it defines can help."""
    source = (
        "class Any:\n    def __eq__(self, other):\n        return True\n"
        "def half(x):\n    return Any()\n"
    )
    assert (await grade(TASK, winner(source), HIDDEN, sandbox)).passed == 0


@pytest.mark.parametrize(
    ("status", "category"),
    [("error", "infrastructure"), ("cancelled", "infrastructure"), ("not run", "infrastructure")],
)
async def test_what_the_run_lost_counts_as_wrong_and_is_told_apart(status, category, sandbox):
    given = await grade(TASK, winner(None, status), HIDDEN, sandbox)
    assert (given.verdict.status, given.verdict.category) == ("fail", category)
    assert (given.passed, given.total) == (0, 3)
    assert "the budget is spent" in given.verdict.failures[0].message


async def test_a_task_without_usable_code_is_blamed_on_the_code(sandbox):
    given = await grade(TASK, winner(None, "fail"), HIDDEN, sandbox)
    assert given.verdict.category == "invalid"


class Shaky:
    def __init__(self, inner, failures):
        self.inner, self.left = inner, failures

    def guards(self):
        return ()

    async def run(self, job):
        if self.left:
            self.left -= 1
            raise SandboxFailed("the zygote died")
        return await self.inner.run(job)


async def test_a_sandbox_that_breaks_once_costs_nothing(sandbox):
    assert (await grade(TASK, winner(RIGHT), HIDDEN, Shaky(sandbox, 2))).verdict.passed


async def test_a_sandbox_that_stays_broken_is_an_infrastructure_failure(sandbox):
    given = await grade(TASK, winner(RIGHT), HIDDEN, Shaky(sandbox, 100))
    assert (given.verdict.status, given.verdict.category) == ("fail", "infrastructure")
    assert "the zygote died" in given.verdict.failures[0].message


async def test_changed_tests_are_another_grader():
    changed = HIDDEN.model_copy(update={"tests": HIDDEN.tests[1:]})
    commented = HIDDEN.model_copy(update={"reference": Code(name="half", source=RIGHT)})
    assert grader_of(changed) != grader_of(HIDDEN)
    assert grader_of(commented) == grader_of(HIDDEN)


async def test_a_verdict_of_the_run_is_no_part_of_the_grade(sandbox):
    code = Code(name="half", source="def half(x):\n    return 0\n")
    sure = Winner("pass", "", code, visible=Verdict(status="pass"))
    assert (await grade(TASK, sure, HIDDEN, sandbox)).verdict.status == "fail"


class Breaking:
    """As a sandbox whose report sets off a bug of ours."""

    def guards(self):
        return ()

    async def run(self, job):
        raise ZeroDivisionError(job.invocations[0].args)


async def test_what_breaks_in_grading_costs_one_task_and_tells_no_test():
    given = await grade(TASK, winner(RIGHT), HIDDEN, Breaking())
    assert given.verdict.category == "infrastructure"
    assert given.verdict.failures[0].message == "grading it broke with ZeroDivisionError"
