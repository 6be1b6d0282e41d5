from collections.abc import AsyncIterator

import pytest

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.checking.trials import Trials
from lift_sys.interfaces import Code, Example, Sandbox, Subject, Task
from lift_sys.ir import IR, Assertion, Effect, Intent, Parameter, Signature


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    made = default_sandbox()
    yield made
    await made.aclose()


def trials_of(
    body: str, sandbox: Sandbox, *predicates: str, effects: tuple[Effect, ...] = ()
) -> Trials:
    ir = IR(
        intent=Intent(summary="f"),
        signature=Signature(name="f", parameters=(Parameter(name="x", type="int"),), returns="int"),
        effects=effects,
        assertions=tuple(Assertion(predicate=text) for text in predicates),
    )
    code = Code(name="f", source=f"def f(x):\n    {body}\n")
    task = Task(id="t", request="f", examples=(Example(args=(1,), expected=1),))
    return Trials(Subject(task=task, ir=ir, code=code), code, sandbox)


async def test_inputs_beyond_the_preconditions_are_not_tried(sandbox: Sandbox):
    trials = trials_of("return -x", sandbox, "x > 0", "result == x")
    done = await trials.run([(-1,), (0,), (7,), (1,)])
    assert [trial.call.args for trial in done] == [(1,), (7,)]
    assert all(trial.failure is not None for trial in done)


async def test_each_input_has_its_own_failure(sandbox: Sandbox):
    trials = trials_of("return 0 if x > 100 else x", sandbox, "result == x")
    done = await trials.run([(number,) for number in range(60, 160)])
    assert len(done) == 100
    for trial in done:
        (number,) = trial.call.args
        assert (trial.failure is not None) == (number > 100)
    failure = await trials.fails((5000,))
    assert failure is not None
    assert (failure.category, failure.input, failure.got) == ("assertion", "f(5000)", "0")
    assert await trials.fails((5,)) is None


async def test_a_call_without_an_answer_is_no_failure_but_is_told(sandbox: Sandbox):
    trials = trials_of("while x > 3: pass\n    return x", sandbox, "result == x")
    (slow,) = await trials.run([(9,)])
    assert (slow.answered, slow.failure) == (False, None)
    (quick,) = await trials.run([(2,)])
    assert (quick.answered, quick.failure) == (True, None)


async def test_an_exception_is_a_failure_where_the_answer_is_known(sandbox: Sandbox):
    effects = (Effect(description="none", when="x > 3", return_values=(0,)),)
    trials = trials_of("return 1 // 0", sandbox, "result < 9", effects=effects)
    assert await trials.fails((2,)) is None
    failure = await trials.fails((9,))
    assert failure is not None
    assert failure.expected == "0"


async def test_an_assertion_that_a_visible_example_denies_counts_for_nothing(sandbox: Sandbox):
    trials = trials_of("return x", sandbox, "result == x + 1")
    assert await trials.fails((4,)) is None
    assert await trials.refuted() == {0}


async def test_code_that_does_not_load_shows_nothing(sandbox: Sandbox):
    trials = trials_of("return x\n1 // 0", sandbox, "result == x")
    assert await trials.run([(1,)]) == []
