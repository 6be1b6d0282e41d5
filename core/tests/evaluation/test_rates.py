import pytest

from lift_sys.evaluation.rates import Rate, wilson


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [  # scipy.stats.binomtest(right, n).proportion_ci(method="wilson"), scipy 1.17.1
        (13, 18, 0.491273, 0.875002),
        (18, 18, 0.824121, 1.0),
        (0, 18, 0.0, 0.175879),
        (1, 1, 0.206549, 1.0),
        (250, 500, 0.456341, 0.543659),
        (499, 500, 0.988759, 0.999647),
    ],
)
def test_wilsons_interval(right, n, low, high):
    found = wilson(right, n)
    assert found == pytest.approx((low, high), abs=1e-6)
    assert found[0] <= right / n <= found[1]


def test_of_nothing_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)
    assert Rate(0, 0).value is None
    assert str(Rate(0, 0)) == "- (n=0)"


def test_what_is_no_share():
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


def test_a_rate_as_text():
    assert str(Rate(13, 18)) == "72.2 % [49.1, 87.5] (13/18)"
