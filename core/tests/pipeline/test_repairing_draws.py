"""Draws that fail are mended where that can be shown, in sight of everybody and for nothing."""

from dataclasses import replace

import pytest

from lift_sys.errors import SandboxFailed
from lift_sys.interfaces import CandidateDrawn, Example
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.runs import make_context, make_implementation, make_session
from lift_sys.testing.samples import (
    RIGHT_TEXT,
    SPECIFICATION,
    TASK,
    WRONG_TEXT,
    scripted_model,
)

FORGOT = "```python\ndef double(x):\n    2 * x\n```"
BROKEN = "```python\ndef double(x)\n    return 2 * x\n```"


async def draw(*texts, problem=None, events=None):
    problem = problem or make_implementation(TASK, SPECIFICATION)
    ctx = make_context(ScriptedProvider(lambda _: list(texts)), events=events)
    return await problem.draw(ctx, len(texts))


@pytest.mark.parametrize(("text", "by"), [(FORGOT, "missing-return"), (BROKEN, "missing-colon")])
async def test_a_mended_draw_is_a_candidate_of_its_own(text, by):
    events = []
    (candidate,) = await draw(text, events=events)
    first, second = [event for event in events if isinstance(event, CandidateDrawn)]
    assert candidate.id == second.candidate != first.candidate
    assert candidate.parents == second.parents == (first.candidate,)
    assert candidate.notes["repair"] == by
    assert "return 2 * x" in candidate.value.source
    assert candidate.failure is None
    assert first.text in text, "what the model wrote is kept as it was"
    problem = make_implementation(TASK, SPECIFICATION)
    assert (await problem.check(candidate.value)).passed


async def test_it_costs_no_call_and_none_is_counted_twice():
    ctx = make_context(provider := ScriptedProvider(lambda _: [FORGOT]))
    (candidate,) = await make_implementation(TASK, SPECIFICATION).draw(ctx, 1)
    assert provider.calls == 1
    assert len(candidate.calls) == 1


async def test_a_batch_keeps_its_size_and_its_order():
    candidates = await draw(RIGHT_TEXT, FORGOT, WRONG_TEXT, "no code")
    assert ["repair" in candidate.notes for candidate in candidates] == [False, True, False, False]
    assert candidates[2].value is not None, "wrong, but nothing shows how to mend it"
    assert candidates[3].failure is not None


async def test_a_draw_that_passes_is_left_alone():
    events = []
    (candidate,) = await draw(RIGHT_TEXT, events=events)
    assert candidate.parents == ()
    assert sum(isinstance(event, CandidateDrawn) for event in events) == 1


async def test_mending_is_an_option():
    problem = replace(make_implementation(TASK, SPECIFICATION), repairs=False)
    forgot, broken = await draw(FORGOT, BROKEN, problem=problem)
    assert "repair" not in forgot.notes
    assert broken.value is None
    assert "expected ':'" in broken.failure.message


async def test_a_broken_sandbox_leaves_the_draw_to_whoever_checks_it():
    class Down:
        def guards(self):
            return ()

        async def run(self, job):
            raise SandboxFailed("down")

        async def aclose(self):
            pass

    problem = make_implementation(TASK, SPECIFICATION)
    problem = replace(problem, examiner=replace(problem.examiner, sandbox=Down()))
    (candidate,) = await draw(FORGOT, problem=problem)
    assert candidate.value is not None
    assert "repair" not in candidate.notes
    with pytest.raises(SandboxFailed):
        await problem.check(candidate.value)


async def test_a_run_is_saved_by_it_without_a_second_call():
    provider = scripted_model(lambda i, _: FORGOT)
    result = await make_session(provider).solve(TASK)
    assert result.status == "pass"
    assert result.spend.calls == 2


async def test_wrong_code_is_not_talked_into_passing():
    task = TASK.model_copy(update={"examples": (Example(args=(3,), expected=7),)})
    (candidate,) = await draw(WRONG_TEXT, problem=make_implementation(task, SPECIFICATION))
    assert "repair" not in candidate.notes
