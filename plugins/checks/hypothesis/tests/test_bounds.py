import pytest
from lift_sys_hypothesis.bounds import bounds_of
from lift_sys_hypothesis.order import Bounds

from lift_sys.ir import parse_predicate


@pytest.mark.parametrize(
    ("text", "name", "bounds"),
    [
        ("x >= 3", "x", Bounds(low=3)),
        ("x > 3", "x", Bounds(low=3.25)),
        ("-2 < x", "x", Bounds(low=-1.75)),
        ("0 <= x < 10 ** 3", "x", Bounds(low=0, high=999.75)),
        ("x == 5", "x", Bounds(low=5, high=5)),
        ("len(x) > 1 and len(x) <= 4", "x", Bounds(shortest=2, longest=4)),
        ("x", "x", Bounds(shortest=1)),
        ("len(x) == 0", "x", Bounds(longest=0)),
        ("all(0 < each for each in x)", "x", Bounds(each=Bounds(low=0.25))),
        ("5 <= x <= y <= 9", "y", Bounds(low=5, high=9)),
        ("x > y and y >= 7", "x", Bounds(low=7)),
    ],
)
def test_what_is_read(text: str, name: str, bounds: Bounds):
    assert bounds_of([parse_predicate(text, ["x", "y"])])[name] == bounds


@pytest.mark.parametrize(
    "text",
    ["x != 3", "x > 1 or x < 0", "not x > 3", "x > y", "x > 1e300", "x > True", "x in (1, 2)"],
)
def test_what_says_nothing_certain_is_left_to_the_filter(text: str):
    assert bounds_of([parse_predicate(text, ["x", "y"])]).get("x", Bounds()) == Bounds()


def test_several_count_together():
    texts = ("x >= 1", "x >= 4", "x <= 9")
    found = bounds_of([parse_predicate(text, ["x"]) for text in texts])
    assert found == {"x": Bounds(low=4, high=9)}
