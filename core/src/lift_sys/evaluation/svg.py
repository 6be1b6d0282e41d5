"""Charts as SVG that stands inside a page: colours come from the page's own style."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .calibration import Bin
from .page import text as safe
from .ratios import Estimate

_ROW, _LABEL, _VALUE = 26, 196, 150
_PLOT = 320


class Bar(NamedTuple):
    label: str
    value: float
    """In [0, 1]."""
    low: float
    high: float
    told: str
    """Beside the bar."""


def bars(rows: Sequence[Bar], title: str) -> str:
    """Shares with their intervals, one below the other."""
    width, height = _LABEL + _PLOT + _VALUE, _ROW * len(rows) + 22
    parts = [stroke(_x(at), 4, _x(at), height - 20, "grid") for at in (0, 0.25, 0.5, 0.75, 1)]
    parts += [word(_x(at), height - 5, f"{100 * at:.0f} %", "tick") for at in (0, 0.5, 1)]
    for place, row in enumerate(rows):
        top = place * _ROW + 4
        middle = top + _ROW / 2 - 2
        parts += [
            word(_LABEL - 8, middle + 4, _short(row.label), "label"),
            box("bar", _x(0), top + 3, _PLOT * row.value, _ROW - 10),
            stroke(_x(row.low), middle, _x(row.high), middle, "whisker"),
            stroke(_x(row.low), middle - 4, _x(row.low), middle + 4, "whisker"),
            stroke(_x(row.high), middle - 4, _x(row.high), middle + 4, "whisker"),
            word(_x(1) + 8, middle + 4, row.told, "value"),
        ]
    return drawing(width, height, title, parts)


def curve(points: Sequence[tuple[str, Estimate]], title: str) -> str:
    """Estimates in [0, 1] at equal steps, with their intervals."""
    width, height, left, bottom = 360, 200, 44, 170
    step = (width - left - 30) / max(1, len(points) - 1)

    def y(value: float) -> float:
        return bottom - value * (bottom - 12)

    parts = [
        part
        for at in (0, 0.5, 1)
        for part in (
            stroke(left, y(at), width - 10, y(at), "grid"),
            word(left - 6, y(at) + 4, f"{100 * at:.0f} %", "label"),
        )
    ]
    places = [(left + 10 + place * step, label, each) for place, (label, each) in enumerate(points)]
    path = " ".join(f"{x:.1f},{y(each.value):.1f}" for x, _, each in places)
    parts.append(f'<polyline class="curve" points="{path}"/>')
    for x, label, each in places:
        low, high = each.low or 0.0, 1.0 if each.high is None else each.high
        parts += [
            stroke(x, y(low), x, y(high), "whisker"),
            f'<circle class="dot" cx="{x:.1f}" cy="{y(each.value):.1f}" r="3.5"/>',
            word(x, bottom + 18, label, "tick"),
        ]
    return drawing(width, height, title, parts)


def reliability(bins: Iterable[Bin], title: str) -> str:
    """How often what was scored so is right; on the diagonal a score means what it says."""
    size, left = 200, 46
    side = size - left - 8

    def x(value: float) -> float:
        return left + value * side

    def y(value: float) -> float:
        return 8 + (1 - value) * side

    found = list(bins)
    most = max((each.n for each in found), default=1)
    parts = [
        box("frame", x(0), y(1), side, side),
        stroke(x(0), y(0), x(1), y(1), "grid"),
        word(x(0), y(0) + 16, "0", "tick"),
        word(x(1), y(0) + 16, "1", "tick"),
        word(x(0.5), y(0) + 16, "score", "tick"),
        word(x(0) - 5, y(1) + 10, "100 %", "label"),
        word(x(0) - 5, y(0.5) + 4, "right", "label"),
        word(x(0) - 5, y(0) + 2, "0", "label"),
    ]
    for each in found:
        radius = 2.5 + 6 * (each.n / most) ** 0.5
        parts.append(
            f'<circle class="dot" cx="{x(each.mean):.1f}" cy="{y(each.right / each.n):.1f}" '
            f'r="{radius:.1f}"><title>{each.right} of {each.n} right, mean score '
            f"{each.mean:.2f}</title></circle>"
        )
    return drawing(size, y(0) + 22, title, parts)


def _x(value: float) -> float:
    return _LABEL + _PLOT * value


def drawing(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    told = safe(title)
    return (
        f'<svg viewBox="0 0 {width} {height}" style="max-width:{width}px" role="img" '
        f'aria-label="{told}"><title>{told}</title>{"".join(parts)}</svg>'
    )


def stroke(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def box(kind: str, x: float, y: float, width: float, height: float) -> str:
    at = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" {at}/>'


def word(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{safe(text)}</text>'


def _short(text: str) -> str:
    return text if len(text) <= 27 else f"{text[:26]}…"
