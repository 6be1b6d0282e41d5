import math

import pytest

from lift_sys.checking.ordinary import is_ordinary


@pytest.mark.parametrize(
    "value",
    [
        *(0, -3, 10**12, 0.0, -0.25, 1e-3, 2.5 + 1j, True, None, b"x", "", "a B\n~", "éÆж日🙂"),
        *([1, ["x"]], {"k": (1.5, {2})}, range(3)),
    ],
)
def test_ordinary(value: object):
    assert is_ordinary(value)


@pytest.mark.parametrize(
    "value",
    [
        *(10**13, math.nan, math.inf, 1e-9, 1e300, complex(math.nan, 0)),
        *("ß", "İ", "\u0131", "ŉ", "ς", "\u212a", "²", "٣", "\x1d", "\u200b", "\u00a0", "\ud800"),
        *([1, [math.nan]], {"ß": 1}, {1: "İ"}, ({"ŉ"},)),
    ],
)
def test_not_ordinary(value: object):
    assert not is_ordinary(value)
