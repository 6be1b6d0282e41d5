"""Measures against planted truth, against other people's formulas, and by simulation."""

import math
import random

import pytest

from lift_sys.evaluation.calibration import calibration
from lift_sys.evaluation.choosing import Choice, pass_at, pass_at_k, selection
from lift_sys.evaluation.ranking import Ranked, auc, auc_within
from lift_sys.evaluation.rates import wilson
from lift_sys.evaluation.ratios import mean_share, percentiles, ratio, student
from lift_sys.evaluation.scorers import ScoredSet, scorer_reports

TASKS, DRAWS = 400, 4


def planted(seed=5):
    """Sets whose truth is known, seen by scorers that know it, guess, invert it, and so on."""
    dice = random.Random(seed)
    sets = []
    for number in range(TASKS):
        ease = dice.choice([0.0, 0.2, 0.5, 0.8, 1.0])
        right = tuple(dice.random() < ease for _ in range(DRAWS))
        knows = tuple(float(truth) for truth in right)
        scores = {
            "knows": knows,
            "inverted": tuple(1 - score for score in knows),
            "constant": (0.5,) * DRAWS,
            "random": tuple(dice.random() for _ in right),
            "task alone": (ease,) * DRAWS,
            "silent": (None,) * DRAWS,
        }
        sets.append(ScoredSet(task=f"t{number}", stage="implement", right=right, scores=scores))
    return sets


def test_scorers_with_a_known_worth_are_measured_at_it():
    sets = planted()
    found = {each.scorer: each for each in scorer_reports(sets)}
    mattered = [each for each in sets if 0 < sum(each.right) < DRAWS]
    by_lot = sum(1 - sum(each.right) / DRAWS for each in mattered) / len(mattered)
    share = sum(sum(each.right) for each in sets) / (TASKS * DRAWS)

    knows = found["knows"]
    assert knows.auc[:1] == knows.auc_within[:1] == (1.0,)
    assert 0.95 < knows.auc.low < 1.0 == knows.auc.high
    assert knows.selection.regret.value == 0 < knows.selection.regret.high < 0.05
    assert (knows.calibration.brier, knows.calibration.ece) == (0, 0)

    inverted = found["inverted"]
    assert inverted.auc[:1] == inverted.auc_within[:1] == (0.0,)
    assert inverted.selection.regret.value == 1.0
    assert inverted.calibration.brier == inverted.calibration.ece == 1.0
    lost = len(mattered) / TASKS
    assert inverted.selection.of_all.value == pytest.approx(lost)

    constant = found["constant"]
    assert constant.auc[:1] == constant.auc_within[:1] == (0.5,)
    assert constant.selection.regret.value == pytest.approx(by_lot)
    assert constant.selection.tied == constant.selection.mattered == len(mattered)
    assert constant.calibration.ece == pytest.approx(abs(0.5 - share))
    assert constant.calibration.brier == pytest.approx(0.25)

    guesses = found["random"]
    assert guesses.auc.low < 0.5 < guesses.auc.high
    assert guesses.auc_within.low < 0.5 < guesses.auc_within.high
    assert guesses.selection.regret.low < by_lot < guesses.selection.regret.high
    assert guesses.selection.by_lot.value == pytest.approx(by_lot)

    of_tasks = found["task alone"]
    assert of_tasks.auc.low > 0.8, "it knows which tasks are easy"
    assert of_tasks.auc_within.value == 0.5, "and is no help in choosing"
    assert of_tasks.calibration.ece < 0.06

    silent = found["silent"]
    assert (silent.auc, silent.auc_within, silent.calibration) == (None, None, None)
    assert (silent.scored, silent.candidates) == (0, TASKS * DRAWS)
    assert silent.selection.silent == TASKS, "nothing leaves the denominator"
    assert silent.selection.regret.value == pytest.approx(by_lot)
    assert silent.why_no_auc == "it scored none"


def test_sets_of_one_class_and_tasks_without_candidates():
    right = ScoredSet(task="a", stage="specify", right=(True, True), scores={"x": (0.1, None)})
    [report] = scorer_reports([right])
    assert (report.auc, report.why_no_auc) == (None, "all it scored are right")
    assert (report.selection.mattered, report.selection.regret) == (0, None)
    assert report.selection.of_all.value == 0
    wrong = right.model_copy(update={"right": (False, False)})
    [report] = scorer_reports([wrong])
    assert (report.why_no_auc, report.selection.of_all.value) == ("none it scored is right", 0)
    assert scorer_reports([]) == []
    assert selection([Choice((), ())]).of_all.value == 0
    assert calibration([], []) is None
    assert (mean_share([]), ratio([], []), ratio([1.0], [0.0])) == (None, None, None)
    assert pass_at_k([]) == []
    assert percentiles([], [0.5]) == [0.0]


def test_the_area_is_that_of_scikit_learn_and_its_interval_that_of_delong():
    metrics = pytest.importorskip("sklearn.metrics")
    stats = pytest.importorskip("scipy.stats")
    dice = random.Random(1)
    ranked = [
        Ranked(n, 0, round(dice.gauss(0.6 * (right := dice.random() < 0.4), 1), 1), right)
        for n in range(300)
    ]
    found = auc(ranked)
    truth, scores = [r.right for r in ranked], [r.score for r in ranked]
    assert found.value == pytest.approx(metrics.roc_auc_score(truth, scores))
    # DeLong's variance from his own definition, pair by pair.
    right = [r.score for r in ranked if r.right]
    wrong = [r.score for r in ranked if not r.right]
    psi = [[(a > b) + 0.5 * (a == b) for b in wrong] for a in right]
    v10 = [sum(row) / len(wrong) for row in psi]
    v01 = [sum(column) / len(right) for column in zip(*psi, strict=True)]

    def variance(values):
        mean = sum(values) / len(values)
        return sum((v - mean) ** 2 for v in values) / (len(values) - 1)

    error = math.sqrt(variance(v10) / len(right) + variance(v01) / len(wrong))
    half = stats.norm.ppf(0.975) * error
    logit = lambda p: math.log(p / (1 - p))  # noqa: E731 - a formula
    width = 2 * half / (found.value * (1 - found.value))
    assert logit(found.high) - logit(found.low) == pytest.approx(width, rel=0.01)


def test_wilson_and_pass_at_k_are_those_of_the_books():
    stats = pytest.importorskip("scipy.stats")
    for right, n in [(0, 7), (3, 7), (14, 18), (300, 300)]:
        book = stats.binomtest(right, n).proportion_ci(method="wilson")
        assert wilson(right, n) == pytest.approx((book.low, book.high), abs=1e-9)
        values = [1.0] * right + [0.0] * (n - right)
        assert mean_share(values)[1:3] == pytest.approx((book.low, book.high), abs=1e-9)
    for drawn, right, k in [(8, 3, 1), (8, 3, 4), (8, 8, 8), (5, 0, 3), (8, 7, 2)]:
        none = stats.hypergeom.pmf(0, drawn, right, k)
        assert pass_at(k, drawn, right) == pytest.approx(1 - none)
    assert pass_at(8, 0, 0) == 0
    assert pass_at(8, 3, 1) == pass_at(3, 3, 1) == 1
    found = pass_at_k([(6, 3), (2, 1), (0, 0)])
    assert [(each.k, each.short) for each in found] == [(1, 1), (2, 1), (4, 2), (6, 2)]
    assert found[0].estimate.value == pytest.approx((0.5 + 0.5 + 0) / 3)
    with pytest.raises(ValueError, match="no 1 draws of 2 with 3"):
        pass_at(1, 2, 3)


def coverage(trial, rounds=400):
    held, counted = 0, 0
    for seed in range(rounds):
        truth, estimate = trial(random.Random(seed))
        if estimate is None:
            continue
        counted += 1
        low = -math.inf if estimate.low is None else estimate.low
        high = math.inf if estimate.high is None else estimate.high
        held += low <= truth <= high
    assert counted > 0.9 * rounds
    return held / counted


def test_intervals_hold_what_they_promise():
    """Mean coverage over a grid, at n >= 100."""

    def a_share(p):
        return lambda dice: (p, mean_share([float(dice.random() < p) for _ in range(120)]))

    def cost_per_success(p):
        def trial(dice):
            costs = [dice.expovariate(100) for _ in range(150)]
            return 0.01 / p, ratio(costs, [float(dice.random() < p) for _ in costs])

        return trial

    def an_area(gap):
        true = 0.5 * math.erfc(-gap / 2)

        def trial(dice):
            ranked = []
            for task in range(100):
                for _ in range(2):
                    right = dice.random() < 0.5
                    ranked.append(Ranked(task, 0, dice.gauss(gap * right, 1), right))
            return true, auc(ranked)

        return trial

    def pairs_within(dice):
        ranked = []
        for task in range(100):
            shift = dice.gauss(0, 3)
            for _ in range(3):
                right = dice.random() < 0.5
                ranked.append(Ranked(task, 0, shift + dice.gauss(0.7 * right, 1), right))
        return 0.5 * math.erfc(-0.35), auc_within(ranked)

    grids = [
        [a_share(p) for p in (0.1, 0.3, 0.5, 0.7, 0.9)],
        [cost_per_success(p) for p in (0.3, 0.6, 0.9)],
        [an_area(gap) for gap in (0.3, 1.0, 2.0)],
        [pairs_within],
    ]
    for grid in grids:
        found = [coverage(trial) for trial in grid]
        assert 0.93 <= sum(found) / len(found) <= 0.975, found


def test_a_ratio_whose_lower_part_may_be_none_has_no_upper_end():
    costs = [0.01] * 20
    found = ratio(costs, [1.0] + [0.0] * 19)
    assert found.value == pytest.approx(0.2)
    assert found.high is None
    assert 0 < found.low < 0.2
    assert "..." in found.text()
    sure = ratio(costs, [1.0] * 20)
    assert sure[:3] == pytest.approx((0.01, 0.01, 0.01))


RATES = [place / 20 for place in range(1, 20)]
SIZES = (100, 200, 400)


def chances(n, rate):
    """Of each number of successes."""
    log = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(n + 1)]
    return [
        math.exp(each + k * math.log(rate) + (n - k) * math.log1p(-rate))
        for k, each in enumerate(log)
    ]


def covered(intervals, truth):
    """Mean over RATES and SIZES, exactly: by binomial sums, not by draws. `intervals(n, k)`."""
    shares = []
    for n in SIZES:
        found = [intervals(n, k) for k in range(n + 1)]
        for rate in RATES:
            inside = (end and end[0] <= truth(rate) <= end[1] for end in found)
            shares.append(sum(p for p, i in zip(chances(n, rate), inside, strict=True) if i))
    return sum(shares) / len(shares)


def test_intervals_of_shares_cover_what_they_say():
    assert 0.94 <= covered(lambda n, k: wilson(k, n), lambda rate: rate) <= 0.97


@pytest.mark.parametrize(("right", "wrong"), [(1.0, 1.0), (1.0, 3.0), (3.0, 1.0)])
def test_intervals_of_costs_by_success_cover_what_they_say(right, wrong):
    """Costs of right and of wrong tasks differ, so that above and below hang together."""

    def interval(n, k):
        costs = [right] * k + [wrong] * (n - k)
        found = ratio(costs, [1.0] * k + [0.0] * (n - k))
        return found and (found.low or 0.0, math.inf if found.high is None else found.high)

    def truth(rate):
        return (right * rate + wrong * (1 - rate)) / rate

    assert 0.94 <= covered(interval, truth) <= 0.97


def test_quantiles_and_intervals_are_those_of_the_libraries():
    stats = pytest.importorskip("scipy.stats")
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for freedom in (3, 5, 10, 30, 99, 999):
        assert student(0.95, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=0.01)
    for right, n in ((0, 100), (1, 7), (50, 100), (399, 400)):
        assert wilson(right, n) == pytest.approx(
            proportion.proportion_confint(right, n, method="wilson"), abs=1e-12
        )
