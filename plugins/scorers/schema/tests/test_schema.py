from lift_sys_schema.scorer import Schema

from lift_sys.interfaces import Candidate, Code, Failure
from lift_sys.testing.conformance import ScorerConformance


class TestSchema(ScorerConformance):
    component = "schema"


async def test_only_a_valid_result_scores_and_the_reason_says_why():
    valid = Candidate(id="a", stage="implement", value=Code(name="f", source="def f(): ..."))
    broken = Candidate(
        id="b",
        stage="implement",
        value=None,
        failure=Failure(category="invalid", message="the code does not parse"),
    )
    scores = await Schema(options=None, parts=None).score(None, [valid, broken], None)
    assert [score.value for score in scores] == [1.0, 0.0]
    assert scores[1].reason == "the code does not parse"
