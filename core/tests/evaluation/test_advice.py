"""Advice from planted records, and none where the record carries none."""

import pytest

pytest.importorskip("statsmodels")

import random

from lift_sys.evaluation.advice import advice_on
from lift_sys.evaluation.results import Draws, Evaluation, Row
from lift_sys.evaluation.scorers import ScoredSet
from lift_sys.interfaces import Spend, Suite

CATEGORIES = ("strings", "lists", "maths")


def draws(drawn=1, right=1, distinct=None, usd=0.003, stage="implement", any_right=None):
    return Draws(stage=stage, drawn=drawn, right=right, valid=drawn,
                 distinct=drawn if distinct is None else distinct,
                 any_right=right > 0 if any_right is None else any_right, usd=usd)  # fmt: skip


def row(number, right=True, usd=0.004, **more):
    fields = {
        "task": f"t{number}", "digest": f"d{number}", "visible": "pass", "right": right,
        "category": CATEGORIES[number % 3], "passed": right, "total": 1, "route": "default",
        "failure": None if right else "wrong_output", "seconds": 2.0, "attempts": 1,
        "spend": Spend(calls=2, input_tokens=90, output_tokens=10, usd=usd),
        "draws": (draws(right=int(right)),), **more,
    }  # fmt: skip
    return Row(**fields)


def advice(rows, config=None):
    return advice_on(
        Evaluation(run="r", started="2026-01-01T00:00:00+00:00", suite=Suite(name="s"), tasks="t",
                   tests="h", seed=0, distributions={}, config=config or {}, rows=tuple(rows))
    )  # fmt: skip


def only(rows, about, config=None):
    [found] = advice(rows, config)
    assert found.about == about, found
    return found


def test_fifteen_of_eighteen_sets_of_copies_are_worth_a_word():
    """What the first system measured and nothing acted on."""
    rows = [
        row(n, right=n % 4 > 0, draws=(draws(3, 3 * (n % 4 > 0), 1 if n < 15 else 2, usd=0.0168),))
        for n in range(18)
    ]
    found = only(rows, "draws")
    assert "raise the temperature" in found.what
    assert found.numbers["alike"] == (15, 18)
    assert found.numbers["wasted_usd"] == pytest.approx(0.0168 * (15 * 2 / 3 + 3 / 3))
    assert not advice(rows[10:]), "five of eight say too little"


def test_draws_that_differ_and_gain_nothing():
    rows = [row(n, n % 4 > 0, draws=(draws(3, 3 * (n % 4 > 0)),)) for n in range(160)]
    found = only(rows, "n")
    assert found.numbers["saved_usd"] == pytest.approx(160 * 0.002)
    assert not advice(rows[:60])


def scored(scores, times):
    """Pairs of one right and one wrong code, the right one by turns first."""
    return [
        row(n, n % 2 == 0, draws=(draws(),), sets=(ScoredSet(
            task=f"t{n}", stage="implement", right=(n % 2 == 0, n % 2 == 1),
            scores={name: of(n) for name, of in scores.items()}),))
        for n in range(times)
    ]  # fmt: skip


def test_a_scorer_that_does_not_predict_and_no_other():
    kinds = {
        "good": lambda n: (0.9, 0.1) if n % 2 == 0 else (0.1, 0.9),
        "blind": lambda n: (0.9, 0.1) if n % 4 < 2 else (0.1, 0.9),
        "turned": lambda n: (0.1, 0.9) if n % 2 == 0 else (0.9, 0.1),
    }
    rows = [each.model_copy(update={"right": True}) for each in scored(kinds, 200)]
    found = advice(rows)
    assert [each.numbers["scorer"] for each in found] == ["blind", "turned"]
    assert "worse than chance" in found[1].what
    few = [each.model_copy(update={"right": True}) for each in scored({"blind": kinds["blind"]}, 8)]
    assert not advice(few)


def test_a_right_code_that_was_drawn_and_not_taken():
    rows = [row(n, n % 3 > 0, category="one", draws=(draws(4, 2),)) for n in range(60)]
    found = only(rows, "choosing")
    assert found.numbers["missed"] == (20, 60)
    assert found.numbers["points"] == pytest.approx(100 / 3)


def test_a_weak_category_on_one_route():
    weak = [row(n, n % 3 > 0 or n % 9 == 0) for n in range(90)]
    found = only(weak, "category")
    assert found.what == "send strings to a stronger model"
    assert found.numbers["own"] == (10, 30)
    assert found.numbers["points"] == pytest.approx(100 * 20 / 90)
    assert not advice([row(n, n % 4 > 0) for n in range(90)]), "all alike"
    assert not advice(weak[:9])
    lost = [row(n, n % 3 > 0, failure=None if n % 3 else "infrastructure") for n in range(90)]
    assert not advice(lost), "what was lost says nothing of the model"


def test_a_category_that_escalates_nearly_always():
    def routed(n):
        hard = n % 3 == 0 or n % 9 == 1
        return {"route": "strong", "attempts": 2, "usd": 0.010} if hard else {"route": "cheap"}

    found = only([row(n, **routed(n)) for n in range(180)], "category")
    assert found.what == "send strings to the route strong at once"
    assert found.numbers["saved_usd"] == pytest.approx(0.004)
    cheap = [row(n, **({"route": "strong", "attempts": 2, "usd": 0.010} if n % 9 == 0
                       else {"route": "cheap"})) for n in range(180)]  # fmt: skip
    assert not advice(cheap), "one in three escalates: trying the cheap one pays"


def test_retries_that_never_help():
    rows = [row(n, n % 2 == 0, usd=0.008 if n % 2 else 0.004, attempts=1 + n % 2,
                category="one") for n in range(100)]  # fmt: skip
    found = only(rows, "retries")
    assert found.numbers["rescued"] == (0, 50)
    assert found.numbers["wasted_usd"] == pytest.approx(50 * 0.004)
    assert not advice(rows[:20])
    helps = [row(n, n % 4 != 1, attempts=1 + n % 2, category="one") for n in range(100)]
    assert not advice(helps)


def test_a_budget_that_never_binds():
    rows = [row(n) for n in range(60)]
    config = {"budget": {"usd": 0.05, "seconds": 3, "calls": "${CALLS}"}}
    found = only(rows, "budget", config)
    assert found.what == "lower budget.usd from 0.05 to 0.008: it never binds"
    assert not advice(rows[:20], config)
    assert not advice(rows, {"budget": {"usd": 0.006}})
    stored = [each.model_copy(update={"spend": Spend(cached_calls=1, usd=0.001)}) for each in rows]
    assert not advice(stored, config), "what comes from the store tells no limit"


def test_runs_in_which_nothing_is_planted_carry_no_advice():
    """Chance alone: 60 tasks, right in 7 of 10, two draws, at times a second attempt."""
    dice, told = random.Random(5), 0
    for _ in range(40):
        rows = []
        for n in range(60):
            right = dice.random() < 0.7
            scores = {"fair": (0.5 + dice.random() / 2, dice.random())}
            kept = ScoredSet(task=f"t{n}", stage="implement", right=(True, False), scores=scores)
            rows.append(
                row(n, right, attempts=1 + (dice.random() < 0.2), sets=(kept,),
                    draws=(draws(2, int(right), 1 + (dice.random() < 0.6)),))
            )  # fmt: skip
        told += bool(advice(rows, {"budget": {"usd": 0.006}}))
    assert told <= 4
