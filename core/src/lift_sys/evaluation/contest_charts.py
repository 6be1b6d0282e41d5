"""The pictures of a comparison: success against cost, and how costs and times are spread."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from .ratios import Estimate
from .svg import box, drawing, stroke, word

_COLOURS: Final = 6
_MARKS: Final = (0, 0.5, 0.95)
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 520, 280, 52, 240, 14, 20


class Point(NamedTuple):
    label: str
    usd: Estimate
    right: Estimate
    front: bool


def success_by_cost(points: Sequence[Point], title: str) -> str:
    """With the intervals of both; those on the Pareto front are ringed and joined."""
    most = max(p.usd.value if p.usd.high is None else p.usd.high for p in points) or 1.0
    x, y = _across(most), _up
    parts = [*_frame(most, "${:.4f}", "a task"), *_shares()]
    front = sorted((p for p in points if p.front), key=lambda p: p.usd.value)
    way = " ".join(f"{x(p.usd.value):.1f},{y(p.right.value):.1f}" for p in front)
    parts.append(f'<polyline class="front" points="{way}"/>')
    for place, p in enumerate(points):
        across, up = x(p.usd.value), y(p.right.value)
        low, high = max(0.0, p.usd.low or 0.0), most if p.usd.high is None else p.usd.high
        ring = f'<circle class="ring" cx="{across:.1f}" cy="{up:.1f}" r="8"/>' if p.front else ""
        top = y(1.0 if p.right.high is None else p.right.high)
        parts.append(
            f'<g class="s{place % _COLOURS}">'
            + stroke(x(low), up, x(high), up, "spread")
            + stroke(across, y(p.right.low or 0.0), across, top, "spread")
            + f'<circle class="spot" cx="{across:.1f}" cy="{up:.1f}" r="4.5"/>{ring}</g>'
        )
    return _whole(title, parts, [p.label for p in points])


def steps(lines: Sequence[tuple[str, Sequence[float]]], form: str, title: str) -> str:
    """The share of tasks that need no more than so much; beyond the 99th percentile it ends."""
    most = max((_near_the_end(values) for _, values in lines), default=0.0) or 1.0
    x, y = _across(most), _up
    parts = [*_frame(most, form, ""), *_shares()]
    for place, (_, values) in enumerate(lines):
        spots = [f"{x(0):.1f},{y(0):.1f}"]
        ordered = sorted(value for value in values if value <= most)
        height, jump = 0.0, max(1, len(ordered) // 200)
        for rank in range(jump - 1, len(ordered), jump):
            across = x(ordered[rank])
            spots.append(f"{across:.1f},{y(height):.1f}")
            height = (rank + 1) / len(values)
            spots.append(f"{across:.1f},{y(height):.1f}")
        spots.append(f"{x(most):.1f},{y(len(ordered) / len(values)):.1f}")
        colour = place % _COLOURS
        way = " ".join(spots)
        parts.append(f'<g class="s{colour}"><polyline class="step" points="{way}"/></g>')
    return _whole(title, parts, [label for label, _ in lines])


def _near_the_end(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))] if ordered else 0.0


def _across(most: float) -> Callable[[float], float]:
    return lambda value: _LEFT + min(1.0, value / most) * (_WIDTH - _LEFT - _RIGHT)


def _up(share: float) -> float:
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _frame(most: float, form: str, unit: str) -> list[str]:
    x = _across(most)
    return [
        box("frame", _LEFT, _TOP, _WIDTH - _LEFT - _RIGHT, _BOTTOM - _TOP),
        *(
            word(x(most * at), _BOTTOM + 16, form.format(most * at), "tick")
            for at in (0, 0.5, 0.95)
        ),
        word(x(most * 0.25), _BOTTOM + 16, unit, "tick"),
    ]


def _shares() -> list[str]:
    lines = [stroke(_LEFT, _up(at), _WIDTH - _RIGHT, _up(at), "grid") for at in (0.25, 0.5, 0.75)]
    told = [word(_LEFT - 6, _up(at) + 4, f"{100 * at:.0f} %", "label") for at in (0, 0.5, 1)]
    return lines + told


def _whole(title: str, parts: Sequence[str], labels: Sequence[str]) -> str:
    return drawing(_WIDTH, _HEIGHT + 18 * len(labels), title, [*parts, *_key(labels)])


def _key(labels: Sequence[str]) -> list[str]:
    return [
        f'<g class="s{place % _COLOURS}"><circle class="spot" cx="{_LEFT + 6}" '
        f'cy="{_HEIGHT + 18 * place - 4}" r="4.5"/></g>'
        + word(_LEFT + 18, _HEIGHT + 18 * place, _short(label), "value")
        for place, label in enumerate(labels)
    ]


def _short(label: str) -> str:
    return label if len(label) <= 60 else f"{label[:59]}…"
