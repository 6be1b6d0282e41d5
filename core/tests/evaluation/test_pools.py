import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lift_sys_agreement.plugin import AgreementOptions
from lift_sys_agreement.scorer import Agreement
from lift_sys_best_of_n.plugin import BestOfNOptions
from lift_sys_best_of_n.strategy import BestOfN

from lift_sys.evaluation.playing import Kept, PoolEnded, play
from lift_sys.evaluation.pools import AGREEMENT, Pool, PoolDraw, by, first, of_size
from lift_sys.interfaces import Scorer
from lift_sys.plugins import PluginManager
from lift_sys.testing.conformance.base import TestParts

PARTS = TestParts(PluginManager.of())


@st.composite
def draws(draw: st.DrawFn) -> PoolDraw:
    form = draw(st.sampled_from(["", "a", "b", "c", "d"]))
    if not form:
        return PoolDraw(form="")
    return PoolDraw(
        form=form,
        behaviour={"a": "x", "b": "x"}.get(form, form),
        status={"a": "pass", "c": "unverified"}.get(form, "fail"),
        scores={"kept": {"a": 1.0, "b": 0.5, "c": None}.get(form, 0.0)},
        code=form,
    )


def taken(draws: Sequence[PoolDraw], scorer: Scorer, **options: object) -> PoolDraw | None:
    whole = BestOfNOptions.model_validate({"n": len(draws), "rounds": "one", **options})
    pools = {0.8: Pool(task="t", draws=tuple(draws))}
    return asyncio.run(play(BestOfN(whole, PARTS), scorer, pools, 0.8)).taken


@settings(deadline=None)
@given(st.lists(draws(), min_size=1, max_size=8))
def test_the_rules_take_what_best_of_n_takes(pool: list[PoolDraw]):
    ways: list[tuple[str, Scorer]] = [
        ("kept", Kept("kept")),
        (AGREEMENT, Agreement(AgreementOptions(), PARTS)),
    ]
    for name, scorer in ways:
        place = by(name)(pool)
        assert (None if place is None else pool[place]) == taken(pool, scorer, distinct=0)


def test_sizes_count_sets_of_a_task_together():
    good, bad = PoolDraw(form="g", behaviour="1", tokens=10), PoolDraw(form="b", behaviour="2")
    pools = [
        Pool(task="half", draws=(good, bad, bad, good), prompt_tokens=5),
        Pool(task="none", draws=(bad, bad, bad, PoolDraw(form=""))),
    ]

    def right(task: str, draw: PoolDraw) -> bool:
        return draw is good or draw == good

    one, two, four = (of_size(n, pools, first, right) for n in (1, 2, 4))
    assert one.by_task == {"half": 0.5, "none": 0.0}
    assert (one.right.value, one.oracle.value, one.regret) == (0.25, 0.25, 0)
    assert two.by_task == {"half": 0.5, "none": 0.0}, "of (g, b) and (b, g) the first is taken"
    assert (two.oracle.value, four.oracle.value) == (0.5, 0.5)
    assert four.regret == 0, "the first of four is right"
    assert two.distinct.value == pytest.approx((1 + (0.5 + 1) / 2) / 2)
    assert one.tokens == pytest.approx((4 * 5 + 20) / 8), "each set pays for its prompt"
    with pytest.raises(ValueError, match="no set of 5"):
        of_size(5, pools, first, right)


def test_a_strategy_that_varies_goes_on_in_the_pool_of_the_other_temperature():
    copies = tuple(PoolDraw(form="a", behaviour="a", scores={"kept": 0.0}) for _ in range(8))
    right = PoolDraw(form="r", behaviour="r", status="pass", scores={"kept": 1.0}, tokens=3)
    pools = {0.2: Pool(task="t", draws=copies), 1.0: Pool(task="t", draws=(right,) * 8)}
    strategy = BestOfN(BestOfNOptions(n=6), PARTS)
    played = asyncio.run(play(strategy, Kept("kept"), pools, 0.2))
    assert played.taken == right
    assert played.drawn == {0.2: 4, 1.0: 2}
    assert played.tokens == 6
    with pytest.raises(PoolEnded, match="at temperature 1"):
        asyncio.run(play(strategy, Kept("kept"), {0.2: pools[0.2]}, 0.2))
