"""Several scorers as one: weights, abstaining, gates, and scorers that are wrong."""

import math

import pytest

from lift_sys.errors import BrokenPlugin
from lift_sys.interfaces import Candidate, Score
from lift_sys.pipeline.scoring import Composite, Weighted
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.runs import make_context, make_specification
from lift_sys.testing.samples import SPECIFICATION, TASK


class Says:
    """Gives each candidate the value its id is listed with, and remembers whom it saw."""

    def __init__(self, reason: str = "", **values: float | None) -> None:
        self.values = values
        self.reason = reason
        self.seen: list[str] = []

    async def score(self, problem, candidates, ctx):
        self.seen += [candidate.id for candidate in candidates]
        return [Score(self.values[candidate.id], self.reason) for candidate in candidates]


async def scores(*weighted: Weighted, of: str = "ab", events=None) -> list[Score]:
    ctx = make_context(ScriptedProvider([]), events=events)
    candidates = [Candidate(id=each, stage="specify", value=SPECIFICATION) for each in of]
    return list(await Composite(weighted).score(make_specification(TASK), candidates, ctx))


async def values(*weighted: Weighted, of: str = "ab") -> list[float | None]:
    return [score.value for score in await scores(*weighted, of=of)]


async def test_the_mean_is_weighted():
    first, second = Says(a=1.0, b=0.0), Says(a=0.0, b=0.5)
    assert await values(Weighted("1", first, 3.0), Weighted("2", second, 1.0)) == [0.75, 0.125]


async def test_who_abstains_does_not_count():
    first, second = Says(a=None, b=0.2), Says(a=0.5, b=0.6)
    assert await values(Weighted("1", first, 9.0), Weighted("2", second, 1.0)) == [
        0.5,
        pytest.approx(0.24),
    ]


async def test_where_all_abstain_so_does_the_composite():
    (score,) = await scores(Weighted("1", Says(a=None)), of="a")
    assert score.value is None
    assert score.reason == "every scorer abstained"


async def test_weights_of_nought_are_heard_and_do_not_count():
    (score,) = await scores(Weighted("1", Says(a=1.0), 0.0), Weighted("2", Says(a=0.25)), of="a")
    assert score.value == 0.25
    assert [name for name, _ in score.parts] == ["1", "2"]


async def test_what_a_gate_gives_nought_the_next_scorers_never_see():
    gate, dear = Says("does not parse", a=0.0, b=0.3), Says(b=0.9)
    result = await scores(Weighted("gate", gate, gate=True), Weighted("dear", dear))
    assert dear.seen == ["b"]
    assert [score.value for score in result] == [0.0, pytest.approx(0.6)]
    assert result[0].reason == "does not parse"


async def test_a_gate_that_abstains_is_open_and_one_that_shuts_all_ends_it():
    dear = Says(a=0.9)
    assert await values(
        Weighted("gate", Says(a=None), gate=True), Weighted("dear", dear), of="a"
    ) == [0.9]
    unseen = Says()
    assert await values(
        Weighted("gate", Says(a=0.0, b=0.0), gate=True), Weighted("dear", unseen)
    ) == [0.0, 0.0]
    assert unseen.seen == []


async def test_a_gate_after_others_still_shuts():
    first, gate = Says(a=1.0), Says("forbidden", a=0.0)
    assert await values(Weighted("1", first), Weighted("gate", gate, gate=True), of="a") == [0.0]


async def test_every_score_is_an_event_with_its_parts():
    events = []
    await scores(Weighted("x", Says("fine", a=1.0, b=None)), events=events)
    assert [(e.candidate, e.score, e.reason, e.parts) for e in events] == [
        ("a", 1.0, "x: fine", {"x": 1.0}),
        ("b", None, "every scorer abstained", {"x": None}),
    ]
    assert {event.task for event in events} == {"task"}


@pytest.mark.parametrize("value", [1.5, -0.1, math.nan, math.inf])
async def test_a_value_that_is_no_score_is_the_scorers_fault(value):
    with pytest.raises(BrokenPlugin, match=r"scorer odd gave .* not in \[0, 1\]"):
        await values(Weighted("odd", Says(a=value)), of="a")


async def test_too_few_scores_are_the_scorers_fault():
    class Lazy:
        async def score(self, problem, candidates, ctx):
            return [Score(1.0)]

    with pytest.raises(BrokenPlugin, match="scorer lazy gave 1 scores to 2 candidates"):
        await values(Weighted("lazy", Lazy()))
