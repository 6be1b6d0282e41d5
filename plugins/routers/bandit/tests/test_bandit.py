"""What it believes, and which way it takes by that."""

import itertools
from random import Random

import pytest
from lift_sys_bandit.beliefs import Beliefs
from lift_sys_bandit.choosing import Chances, best_chain
from lift_sys_bandit.experience import Audit, Experience, Try
from lift_sys_bandit.plugin import BanditOptions, lift_sys_routers
from lift_sys_bandit.router import Bandit
from pydantic import ValidationError

from lift_sys.interfaces import Attempt, Failure, Limits, Spend, Task, Verdict
from lift_sys.testing.conformance import RouterConformance

TIERS = [{"route": "cheap", "usd": 0.0056}, {"route": "strong", "usd": 0.015}]
PASSED = Verdict(status="pass")
FAILED = Verdict(status="fail", failures=(Failure(category="wrong_output", message="wrong"),))


class TestBandit(RouterConformance):
    component = "bandit"
    options = {"tiers": TIERS}


class TestBanditByExpectation(RouterConformance):
    component = "bandit"
    options = {"tiers": TIERS, "choose": "expected", "worth": 1.0, "audit": 1.0}


def bandit(*tries, audits=(), **options):
    made = BanditOptions.model_validate({"tiers": TIERS, **options})
    return Bandit(made, experience=Experience(tries=tries, audits=audits))


def task(number=0, category=None, difficulty=None):
    return Task(id=f"t{number}", request="Add", category=category, difficulty=difficulty)


def begins(router, count=200, **about):
    """The share of tasks that begin at the strong tier."""
    routes = [router.next(task(n, **about), (), Limits()).name for n in range(count)]
    return routes.count("strong") / count


def tries(route, passed, of, category=None, after=False, usd=None):
    return [
        Try(route=route, passed=n < passed, category=category, after=after, usd=usd)
        for n in range(of)
    ]


def value_of(places, tiers, worth):
    """What a way is worth, told the long way round."""
    value, reached = 0.0, 1.0
    for number, place in enumerate(places):
        tier = tiers[place]
        passes = tier.fresh if number == 0 else tier.after
        usd = tier.usd if number == 0 else tier.usd_after
        value += reached * (passes * (1 - tier.mistaken) * worth - usd)
        reached *= 1 - passes
    return value


def test_the_way_taken_is_the_best_of_all_ways():
    dice = Random(7)
    for _ in range(200):
        tiers = [Chances(*(dice.random() for _ in range(5))) for _ in range(4)]
        chain = best_chain(tiers, worth=1.0)
        ways = [places for size in range(1, 5) for places in itertools.combinations(range(4), size)]
        best = max(value_of(places, tiers, 1.0) for places in ways)
        assert chain.value == pytest.approx(best)
        assert value_of(chain.places, tiers, 1.0) == pytest.approx(best)


def test_without_anything_known_a_posterior_is_the_prior_and_then_it_is_beta():
    made = BanditOptions.model_validate({"tiers": TIERS, "half_life": 1e12, "strength": 2.0})
    tier = made.tiers[0]
    beta = Beliefs(made, Experience()).passing(tier, None, None, after=False)
    assert (beta.good, beta.bad) == (1.0, 1.0)
    seen = Experience(tries=tuple(tries("cheap", 6, 8, category="maths")))
    whole = Beliefs(made, seen).passing(tier, "strings", None, after=False).mean
    assert whole == pytest.approx((2 * 0.7 + 6) / (2 + 8)), "of another category, by the route"
    own = Beliefs(made, seen).passing(tier, "maths", None, after=False).mean
    assert whole < own < 0.75, "its own tries pull it further towards 6 of 8"
    after = Beliefs(made, seen).passing(tier, "maths", None, after=True).mean
    assert after == pytest.approx((1 + 6) / (2 + 8)), "never tried there: as it did elsewhere"
    costs = Experience(tries=tuple(tries("cheap", 1, 2, usd=0.01)))
    paid = Beliefs(made, costs).usd(tier, after=False)
    assert paid == pytest.approx((2 * 0.0056 + 2 * 0.01) / 4)
    assert Beliefs(made, costs).usd(tier, after=True) == 0.0056


def test_old_tries_fade_by_half_with_each_half_life():
    made = BanditOptions.model_validate({"tiers": TIERS, "half_life": 10, "strength": 0.001})
    seen = Experience(tries=(*tries("cheap", 30, 30), *tries("cheap", 0, 10)))
    mean = Beliefs(made, seen).passing(made.tiers[0], None, None, after=False).mean
    weights = [0.5 ** (age / 10) for age in range(40)]
    assert mean == pytest.approx(sum(weights[10:]) / sum(weights), abs=1e-3)
    other = Experience(tries=(*seen.tries, *tries("strong", 0, 500)))
    assert Beliefs(made, other).passing(made.tiers[0], None, None, after=False).mean == mean


def test_it_begins_where_that_pays_by_category_and_says_why():
    known = [
        *tries("cheap", 5, 40, category="strings"),
        *tries("cheap", 38, 40, category="maths"),
        *(each for about in ("strings", "maths") for each in tries("strong", 60, 80, about)),
        *(each for about in ("strings", "maths") for each in tries("strong", 20, 40, about, True)),
    ]
    router = bandit(*known)
    assert begins(router, category="strings") > 0.95
    assert begins(router, category="maths") < 0.05
    route = router.next(task(category="maths"), (), Limits())
    assert route.reason.startswith("P(pass | maths) is about 0.9")
    assert "the best way begins here" in route.reason
    failed = Attempt("cheap", FAILED, "implement", Spend())
    after = router.next(task(category="maths"), (failed,), Limits())
    assert after is None or after.reason.startswith("cheap failed (wrong_output); P(pass | maths)")


def test_what_is_little_known_is_tried_unless_it_goes_by_what_is_likely():
    known = tries("strong", 30, 40)
    shares = [begins(bandit(*known, worth=0.1, choose=how)) for how in ("thompson", "expected")]
    assert 0.05 < shares[0] < 0.95
    assert shares[1] in (0.0, 1.0)


def test_false_accepts_that_audits_show_send_tasks_to_the_strong_tier():
    known = [*tries("cheap", 36, 40), *tries("strong", 38, 40)]
    audits = [Audit(route="cheap", wrong=n % 2 == 0) for n in range(40)]
    assert begins(bandit(*known, choose="expected")) == 0
    assert begins(bandit(*known, audits=tuple(audits), choose="expected")) == 1
    by_lot = [begins(bandit(*known, audits=each)) for each in ((), tuple(audits))]
    assert by_lot[0] < 0.4 < 0.9 < by_lot[1]


def test_the_same_seed_gives_the_same_ways_and_another_one_others():
    known = tries("cheap", 2, 5)
    first, again, other = (bandit(*known, seed=seed, worth=0.03) for seed in (1, 1, 2))
    ways = [[router.chain(task(n)) for n in range(50)] for router in (first, again, other)]
    assert ways[0] == ways[1] != ways[2]


def test_a_share_of_what_passed_on_a_cheaper_tier_is_audited_and_always_the_same_tasks():
    router = bandit(audit=0.2)
    cheap, strong = (Attempt(name, PASSED, None, Spend()) for name in ("cheap", "strong"))
    audited = [router.audit(task(n), (cheap,), Limits()) for n in range(1000)]
    assert 0.16 < sum(route is not None for route in audited) / 1000 < 0.24
    assert {route.name for route in audited if route} == {"strong"}
    assert audited == [router.audit(task(n), (cheap,), Limits()) for n in range(1000)]
    assert not any(router.audit(task(n), (strong,), Limits()) for n in range(100))
    poor = Limits(usd=0.001)
    assert not any(router.audit(task(n), (cheap,), poor) for n in range(100))
    assert not any(bandit(audit=0.0).audit(task(n), (cheap,), Limits()) for n in range(100))


def test_it_goes_on_only_where_the_budget_reaches_and_always_begins():
    router = bandit(*tries("strong", 9, 9, after=True), choose="expected", worth=1.0)
    left = Limits(usd=0.001)
    assert router.next(task(), (), left).name == "cheap"
    failed = (Attempt("cheap", FAILED, "implement", Spend()),)
    assert router.next(task(), failed, left) is None
    assert router.next(task(), failed, Limits()).name == "strong"
    worthless = bandit(*tries("cheap", 0, 90), *tries("strong", 0, 90), worth=0.0001)
    assert worthless.next(task(), (), Limits()) is not None


def test_its_state_can_be_looked_at():
    (cheap, strong) = bandit(*tries("cheap", 3, 4, category="maths")).state()
    assert (cheap["route"], cheap["category"], strong["route"]) == ("cheap", "maths", "strong")
    assert 0.5 < cheap["passes"] < 0.75
    assert strong["passes"] == 0.5


def test_a_route_is_listed_once():
    with pytest.raises(ValidationError, match="listed twice: cheap"):
        BanditOptions.model_validate({"tiers": [TIERS[0], TIERS[0]]})


@pytest.mark.parametrize(
    ("more", "count"), [({}, 1), ({"store": "s.db"}, 0), ({"state": "s.json"}, 0)]
)
def test_that_it_can_learn_nothing_is_remarked(more, count):
    [component] = lift_sys_routers()
    options = BanditOptions.model_validate({"tiers": TIERS, **more})
    remarks = component.remarks(options)
    assert len(remarks) == count
    assert all("learns nothing" in remark.cause for remark in remarks)
