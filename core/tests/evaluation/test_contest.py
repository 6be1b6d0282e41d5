"""Runs compared task by task: the statistics against SciPy, statsmodels and simulation; the
verdict, the report and what cannot be compared."""

import json
import math
import re

import pytest

pytest.importorskip("statsmodels")

import numpy
from scipy import stats
from statsmodels.stats.power import NormalIndPower

from lift_sys.errors import InputError
from lift_sys.evaluation import paired
from lift_sys.evaluation.contest_html import contest_html
from lift_sys.evaluation.contest_json import contest_document
from lift_sys.evaluation.contest_text import lines_of_contest, verdict
from lift_sys.evaluation.contests import contest
from lift_sys.evaluation.markdown_report import as_markdown
from lift_sys.evaluation.paired import Pairing, detectable, holm, mcnemar, needed
from lift_sys.evaluation.results import Evaluation, Row
from lift_sys.interfaces import Spend, Suite

HOSTILE = "<script>alert(1)</script>|`**x**\x1b[31mred\x1b]0;title\x07\u202egnp.exe\n# head"


def row(number, right, usd=0.004, **more):
    fields = {
        "task": f"t{number}", "digest": f"d{number}", "visible": "pass", "right": right,
        "category": ["texts", "lists"][number % 2], "difficulty": "easy", "passed": 2 * right,
        "total": 2, "failure": None if right else "wrong_output", "seconds": 1.0 + number % 7,
        "spend": Spend(calls=1, usd=usd), **more,
    }  # fmt: skip
    return Row(**fields)


def run(name, rights, *, usd=0.004, rows=None, **changes):
    fields = {
        "run": name, "started": "2026-01-01T00:00:00+00:00", "seed": 3, "tasks": "t", "tests": "h",
        "suite": Suite(name="s", version="2"), "distributions": {"lift-sys": "0.1.0"},
        "config": {"version": 1, "model": name, "seed": 3},
        "rows": rows or tuple(row(n, bool(right), usd) for n, right in enumerate(rights)),
        **changes,
    }  # fmt: skip
    return Evaluation(**fields)


def flips(both, broken, mended, neither):
    before = [1] * both + [1] * broken + [0] * mended + [0] * neither
    after = [1] * both + [0] * broken + [1] * mended + [0] * neither
    return before, after


def duel(before, after, usd=(0.004, 0.004), **more):
    found = contest([("A", [run("a", before, usd=usd[0])]), ("B", [run("b", after, usd=usd[1])])])
    return found.duels[0]


def words(found):
    return "\n".join(lines_of_contest(found, lambda rows: ["  ".join(each) for each in rows]))


def test_tests_and_intervals_are_those_of_the_libraries():
    assert mcnemar(3, 14) == pytest.approx(stats.binomtest(3, 17).pvalue)
    assert mcnemar(0, 0) == 1
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    values = [1.0] * 14 + [-1.0] * 3 + [0.0] * 83
    spread = numpy.std(values, ddof=1)
    effect = detectable(values)
    power = NormalIndPower(ddof=0).power(effect / spread, 100, 0.05, ratio=0)
    assert power == pytest.approx(0.8, abs=0.001)
    assert needed(values, effect) == pytest.approx(100, abs=1)
    assert detectable([0.0] * 9) is None
    assert needed(values, 0.0) is None
    found = Pairing(seed=1).mean_difference(values)
    normal = 1.96 * spread / math.sqrt(100)
    assert (found.low, found.high) == pytest.approx((0.11 - normal, 0.11 + normal), abs=0.02)
    assert found == Pairing(seed=1).mean_difference(values)
    # Nothing flipped: as far off as Clopper and Pearson allow.
    same = Pairing().mean_difference([0.0] * 40)
    assert (same.value, same.high) == (0, pytest.approx(1 - 0.025 ** (1 / 40)))
    # The costs of one are exactly three times the other's.
    cost = [0.001 * n for n in range(1, 40)]
    tripled = Pairing().ratio(([3 * each for each in cost], [1.0] * 39), (cost, [1.0] * 39))
    assert (tripled.low, tripled.value, tripled.high) == pytest.approx((3, 3, 3))


def test_no_difference_is_seldom_called_one(monkeypatch):
    """Simulated: 150 tasks of differing difficulty, 200 times the same pipeline twice."""
    monkeypatch.setattr(paired, "_RESAMPLES", 399)
    dice, n, times = numpy.random.default_rng(7), 150, 200
    called = 0
    for _ in range(times):
        difficulty = dice.beta(2, 1, n)
        one, other = (dice.random(n) < difficulty for _ in range(2))
        null = list(other.astype(float) - one.astype(float))
        excludes = Pairing(1).mean_difference(null)
        p = mcnemar(null.count(-1.0), null.count(1.0))
        called += p < 0.05 and (excludes.low > 0 or excludes.high < 0)
    assert called / times <= 0.05


def test_the_interval_of_differences_covers_what_it_says(monkeypatch):
    """Over a grid of shares broken and mended; equal counts have equal intervals."""
    monkeypatch.setattr(paired, "_RESAMPLES", 999)
    dice, known, shares = numpy.random.default_rng(7), {}, []
    for n in (100, 200):
        for broken, mended in ((0.05, 0.1), (0.1, 0.1), (0.1, 0.3), (0.25, 0.25)):
            inside = 0
            for b, m, rest in dice.multinomial(n, [broken, mended, 1 - broken - mended], 200):
                if (b, m, n) not in known:
                    values = [-1.0] * b + [1.0] * m + [0.0] * rest
                    known[b, m, n] = Pairing().mean_difference(values)
                found = known[b, m, n]
                inside += found.low <= mended - broken <= found.high
            shares.append(inside / 200)
    assert 0.94 <= sum(shares) / len(shares) <= 0.97


def test_a_difference_is_told_in_one_sentence_and_its_price():
    found = duel(*flips(60, 4, 30, 6), usd=(0.002, 0.006))
    assert found.decided
    said = verdict(found)
    assert re.fullmatch(
        r"B is better than A by 26\.0 points, 95 % interval 1\d\.\d to 3\d\.\d, at 3\.0x the cost; "
        r"\$/success is worse",
        said,
    )
    turned = duel(*reversed(flips(60, 4, 30, 6)), usd=(0.006, 0.006))
    assert verdict(turned).startswith("B is worse than A by 26.0 points, 95 % interval 1")
    assert "$/success is worse" in verdict(turned)
    assert (len(found.flips.broken), len(found.flips.mended)) == (4, 30)
    assert [each.what for each in found.made_of] == ["model"], "seeds are no difference of config"


def test_what_cannot_be_decided_says_what_it_would_take():
    found = duel(*flips(60, 6, 9, 25), usd=(0.002, 0.006))
    assert not found.decided
    assert verdict(found).startswith("It is not decided whether B is better than A: +3.0 points")
    whole = contest([("A", [run("a", [1, 0] * 20)]), ("B", [run("b", [1, 0] * 20)])])
    assert "all tasks differ alike" in words(whole)
    assert found.detectable == pytest.approx(0.108, abs=0.003)
    assert 1200 < found.needed < 1400
    # Too few flips: the interval alone would have been sure of itself.
    few = duel(*flips(30, 0, 5, 5))
    assert few.difference.low > 0
    assert not few.decided


def test_epochs_are_clusters_not_more_tasks():
    before, after = flips(10, 1, 5, 4)
    one = duel(before, after)
    epochs = [
        (name, [run(f"{name}{k}", rights, seed=k, config={}) for k in range(5)])
        for name, rights in (("A", before), ("B", after))
    ]
    several = contest(epochs).duels[0]
    assert several.difference.n == 20
    assert several.difference.value == one.difference.value
    assert several.p == pytest.approx(one.p, abs=0.02), "the same draws five times prove no more"
    assert several.test == "permutation over tasks"
    mixed = contest(
        [("A", [run("a", [1, 1, 0])]), ("B", [run("b", [1, 0, 0]), run("c", [1, 1, 1], seed=4)])]
    )
    [broken], [mended] = mixed.duels[0].flips.broken, mixed.duels[0].flips.mended
    assert (broken.before, broken.after, mended.after) == (1, 0.5, 0.5)
    assert any("seeds are not the same" in note for note in mixed.notes)


def test_three_sides_are_adjusted_and_the_front_is_marked():
    before, after = flips(60, 2, 12, 6)
    found = contest(
        [("A", [run("a", before)]), ("B", [run("b", after, usd=0.008)]),
         ("C", [run("c", before, usd=0.009)])]
    )  # fmt: skip
    assert [side.front for side in found.sides] == [True, True, False]
    first = found.duels[0]
    assert first.p_holm == pytest.approx(2 * first.p)
    cells = [cell for each in found.duels for cell in each.cells]
    assert [c.p_holm for c in cells] == pytest.approx(holm([c.p for c in cells]))
    assert sum(cell.n for cell in first.cells) == 80
    text = words(found)
    assert text.index("broken: 2") < text.index("mended: 12")


def test_a_run_cut_off_decides_nothing_and_what_is_lost_is_named():
    before, after = flips(60, 0, 0, 0)
    cut = [row(n, n < 30, visible="pass" if n < 30 else "not run",
               failure=None if n < 30 else "infrastructure") for n in range(60)]  # fmt: skip
    found = contest([("A", [run("a", before)]), ("B", [run("b", after, rows=tuple(cut))])])
    assert found.duels[0].p < 0.001
    assert not found.duels[0].decided
    text = words(found)
    assert "Nothing is decided between B and A: 30 of 60 tasks were not run" in text
    assert "B: 30 were not run to their end and count as wrong" in text
    assert "over the 30 tasks that neither lost: +0.0 points" in text


def test_what_is_not_comparable_is_refused():
    one, rights = run("a", [1, 0]), [1, 0]
    for other in (
        run("b", rights, suite=Suite(name="s", version="3")),
        run("b", rights, tasks="u"),
        run("b", rights, tests="i"),
        run("a", rights),
    ):
        with pytest.raises(InputError):
            contest([("A", [one]), ("B", [other])])
    with pytest.raises(InputError):
        contest([("A", [one])])


def test_a_missing_library_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "scipy.stats", None)
    with pytest.raises(InputError, match=r"pip install 'lift-sys\[stats\]'"):
        Pairing().mean_difference([0.0, 1.0])


def test_the_report_is_whole_and_hostile_text_stays_text():
    told = {"category": HOSTILE}
    sides = [
        (HOSTILE, [run("a", [1, 0, 1], rows=tuple(
            row(n, n != 1, task=f"{n}{HOSTILE}", **told) for n in range(3)))]),
        ("B", [run("b", [1, 0, 1], config={"x": HOSTILE}, rows=tuple(
            row(n, n == 1, task=f"{n}{HOSTILE}", **told) for n in range(3)))]),
    ]  # fmt: skip
    found = contest(sides)
    page = contest_html(found)
    assert "<script" not in page
    assert "\x1b" not in page
    assert page.count("<svg") == 3
    assert "url(" not in page
    text = as_markdown("x", lambda table: lines_of_contest(found, table))
    assert "\n# head" not in text
    assert "\x1b" not in text
    document = json.loads(json.dumps(contest_document(found)))
    assert document["comparisons"][0]["difference"]["n"] == 3
    assert document["verdicts"] == [verdict(found.duels[0])]
