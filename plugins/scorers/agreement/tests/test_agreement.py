import pytest
from lift_sys_agreement.plugin import AgreementOptions
from lift_sys_agreement.scorer import Agreement

from lift_sys.interfaces import Candidate, Code
from lift_sys.testing.conformance import ScorerConformance
from lift_sys.testing.runs import make_implementation
from lift_sys.testing.samples import SPECIFICATION, TASK

BODIES = ["return 2 * x", "return x + x", "return x + x  # again", "return x + 3", "return x + 3"]


class TestAgreement(ScorerConformance):
    component = "agreement"


class TestAgreementOfWhatIsNotRefuted(ScorerConformance):
    component = "agreement"
    options = {"copies": "once", "refuted": "zero"}


async def scores(bodies, **options):
    drawn = [
        Candidate(
            id=str(place),
            stage="implement",
            value=body and Code(name="double", source=f"def double(x):\n    {body}\n"),
        )
        for place, body in enumerate(bodies)
    ]
    scorer = Agreement(AgreementOptions(**options), parts=None)
    given = await scorer.score(make_implementation(TASK, SPECIFICATION), drawn, None)
    return [score.value for score in given], given


async def test_each_gets_the_share_of_the_others_that_do_the_same():
    values, given = await scores(BODIES)
    assert values == [0.5, 0.5, 0.5, 0.25, 0.25]
    assert given[0].reason == "2 of the 4 others do the same, in 2 clusters"


async def test_copies_can_count_once():
    values, _ = await scores(BODIES, copies="once")
    assert values == [0.5, 0.5, 0.5, 0.0, 0.0]


async def test_what_is_refuted_can_be_left_out():
    values, given = await scores(BODIES, refuted="zero")
    assert values == [1.0, 1.0, 1.0, 0.0, 0.0]
    assert given[3].reason == "the visible checks refute it"


@pytest.mark.parametrize("bodies", [["return 2 * x"], ["return 2 * x", None]])
async def test_one_alone_has_nothing_to_agree_with(bodies):
    values, _ = await scores(bodies)
    assert values == [None, 0.0][: len(bodies)]
