import math

import pytest
from lift_sys_logprob.plugin import LogprobOptions
from lift_sys_logprob.scorer import Logprob

from lift_sys.interfaces import Candidate, Code, Completion, Failure
from lift_sys.pipeline.config import SamplingConfig
from lift_sys.testing.conformance import ScorerConformance
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.runs import make_context, make_route
from lift_sys.testing.samples import RIGHT_TEXT, SPECIFICATION, TASK, WRONG_TEXT
from lift_sys.testing.sandboxes import TrustingSandbox

CODE = Code(name="f", source="def f(): ...")


class TestLogprob(ScorerConformance):
    component = "logprob"


def candidate(logprob=None, tokens=None, value=CODE):
    return Candidate("a", "implement", value, logprob=logprob, tokens=tokens)


async def scores(candidates, **options):
    return await Logprob(LogprobOptions(**options), None).score(None, candidates, None)


@pytest.mark.parametrize(
    ("normalise", "values"),
    [("length", [math.exp(-1.5), 1.0]), ("sum", [1.0, math.exp(-1.0)])],
)
async def test_it_is_the_ratio_to_the_most_probable_draw(normalise, values):
    """-4 over 2 tokens beside -5 over 10: shorter wins by the sum, surer by the mean."""
    found = await scores([candidate(-4.0, 2), candidate(-5.0, 10)], normalise=normalise)
    assert [score.value for score in found] == pytest.approx(values)


async def test_its_reason_says_both_values():
    first, _ = await scores([candidate(-4.0, 2), candidate(-5.0, 10)])
    assert first.reason == "log-probability of a token -2.000, the best of the set -0.500"


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ([candidate()], "the model gave no log-probabilities"),
        ([candidate(-4.0, 2)], "there is nothing to compare with"),
        ([candidate(-4.0, 2), candidate()], "there is nothing to compare with"),
        ([candidate(-4.0, 0), candidate(-3.0, 1)], "the model gave no log-probabilities"),
        ([candidate(math.nan, 2), candidate(-3.0, 1)], "the model gave no log-probabilities"),
        ([candidate(-math.inf, 2)] * 2, "no draw has a probability above 0"),
    ],
)
async def test_it_abstains_where_there_is_nothing_to_tell(others, reason):
    first, *_ = await scores(others)
    assert (first.value, first.reason) == (None, reason)


async def test_what_is_no_result_gets_0_and_is_no_measure_for_the_others():
    cut = Candidate("x", "implement", None, Failure(category="invalid", message="?"), logprob=-0.1)
    found = await scores([cut, candidate(-4.0, 2), candidate(-4.0, 2)])
    assert [score.value for score in found] == [0.0, 1.0, 1.0]


async def test_a_stage_hands_on_what_the_model_said():
    said = [
        Completion(text=RIGHT_TEXT, logprobs=(-0.2, -0.4)),
        Completion(text=WRONG_TEXT, logprobs=(-1.3,)),
    ]
    stage = make_route(sampling=SamplingConfig(logprobs=True)).stages.implement_stage
    problem = stage.implement(TASK, SPECIFICATION, TrustingSandbox())
    ctx = make_context(ScriptedProvider(said))
    drawn = await problem.draw(ctx, 2)
    found = await Logprob(LogprobOptions(), None).score(problem, drawn, ctx)
    assert [score.value for score in found] == pytest.approx([1.0, math.exp(-1.0)])
