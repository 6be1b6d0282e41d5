"""The pictures, as files that read on light and on dark ground."""

from collections.abc import Sequence
from typing import NamedTuple

from lift_sys.evaluation.svg import drawing, stroke, word

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 330, 52, 178, 34, 286
_STYLE = """<style>text{font:13px system-ui,sans-serif;fill:#1c2430}.tick{text-anchor:middle}
.label{text-anchor:end}.title{font-weight:600}.grid{stroke:#d9dee5}
.line{fill:none;stroke-width:2.4}.band{stroke:none;opacity:.13}.dash{stroke-dasharray:6 4}
.s0{stroke:#1f8a57;fill:#1f8a57}.s1{stroke:#2f6fd0;fill:#2f6fd0}.s2{stroke:#b5952a;fill:#b5952a}
.s3{stroke:#c0392b;fill:#c0392b}.s4{stroke:#7a8494;fill:#7a8494}polyline.line{fill:none}
@media(prefers-color-scheme:dark){text{fill:#e6e9ee}.grid{stroke:#343c48}
.s0{stroke:#54c08a;fill:#54c08a}.s1{stroke:#6ea3f2;fill:#6ea3f2}.s2{stroke:#d8b84e;fill:#d8b84e}
.s3{stroke:#ef7f72;fill:#ef7f72}.s4{stroke:#9aa5b4;fill:#9aa5b4}}</style>"""


class Line(NamedTuple):
    label: str
    points: Sequence[tuple[float, float, float]]
    """Value, and the ends of its interval."""
    colour: int
    dashed: bool = False


def shares(title: str, ticks: Sequence[str], lines: Sequence[Line], under: str) -> str:
    """Lines of shares over equal steps, each named where it ends."""
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(ticks) - 1)

    def x(place: int) -> float:
        return _LEFT + place * step

    def y(value: float) -> float:
        return _BOTTOM - value * (_BOTTOM - _TOP)

    parts = [_STYLE, word(_LEFT, 18, title, "title")]
    for at in (0, 0.25, 0.5, 0.75, 1):
        parts += [
            stroke(_LEFT, y(at), _WIDTH - _RIGHT, y(at), "grid"),
            word(_LEFT - 8, y(at) + 4, f"{100 * at:.0f} %", "label"),
        ]
    parts += [word(x(place), _BOTTOM + 20, text, "tick") for place, text in enumerate(ticks)]
    parts.append(word((_LEFT + _WIDTH - _RIGHT) / 2, _BOTTOM + 38, under, "tick"))
    for line in lines:
        upper = [f"{x(i):.1f},{y(high):.1f}" for i, (_, _, high) in enumerate(line.points)]
        lower = [f"{x(i):.1f},{y(low):.1f}" for i, (_, low, _) in enumerate(line.points)]
        if not line.dashed:
            around = " ".join([*upper, *reversed(lower)])
            parts.append(f'<polygon class="band s{line.colour}" points="{around}"/>')
        way = " ".join(f"{x(i):.1f},{y(value):.1f}" for i, (value, _, _) in enumerate(line.points))
        dash = " dash" if line.dashed else ""
        parts.append(f'<polyline class="line{dash} s{line.colour}" points="{way}"/>')
    for line, height in zip(lines, _apart([y(each.points[-1][0]) for each in lines]), strict=True):
        across = _WIDTH - _RIGHT + 8
        parts += [
            f'<circle class="s{line.colour}" cx="{across + 4}" cy="{height:.1f}" r="4"/>',
            word(across + 14, height + 4, line.label, "name"),
        ]
    found = drawing(_WIDTH, _HEIGHT, title, parts)
    return found.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"


def _apart(heights: Sequence[float], least: float = 17) -> list[float]:
    """Moved down where names would stand on each other."""
    found = [0.0] * len(heights)
    last = -least
    for place in sorted(range(len(heights)), key=lambda each: heights[each]):
        found[place] = last = max(heights[place], last + least)
    over = max(0.0, last - _BOTTOM)
    return [height - over for height in found]
