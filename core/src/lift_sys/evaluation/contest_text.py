"""A comparison in words."""

from collections.abc import Iterator

from .contests import Contest, Duel, Side
from .flips_told import lines_of_flips, one_line
from .paired import ALPHA
from .ratios import Estimate
from .selection import named
from .tables import Columns, dollars, share


def lines_of_contest(found: Contest, columns: Columns) -> Iterator[str]:
    yield f"suite {named(found.suite)}, {found.n} tasks (digest {found.tasks}, tests {found.tests})"
    yield ""
    for duel in found.duels:
        yield verdict(duel)
        yield from doubts(duel)
    yield ""
    yield from columns(sides_table(found))
    for side in found.sides:
        yield from shortcomings(side)
    for note in found.notes:
        yield f"note: {note}"
    for duel in found.duels:
        yield ""
        yield f"{duel.other} against {duel.one}"
        yield from columns(duel_table(duel))
        yield from lines_of_flips(duel.flips)
        yield from columns(cells_table(duel))
        yield from _made_of(duel)


def verdict(duel: Duel) -> str:
    """In one sentence."""
    span = f"95 % interval {points(duel.difference.low)} to {points(duel.difference.high)}"
    value = duel.difference.value
    if duel.unfinished:
        return (
            f"Nothing is decided between {duel.other} and {duel.one}: {duel.unfinished} of "
            f"{duel.difference.n} tasks were not run to their end and count as wrong "
            f"({points(value, signed=True)} points, {span})"
        )
    price = _at_cost(duel)
    if duel.decided:
        how = "better" if value > 0 else "worse"
        return (
            f"{duel.other} is {how} than {duel.one} by {points(abs(value))} points, "
            f"{_turned(duel)}{price}"
        )
    return (
        f"It is not decided whether {duel.other} is better than {duel.one}: "
        f"{points(value, signed=True)} points, {span}, p {duel.p_holm:.2g}{price}"
    )


def doubts(duel: Duel) -> Iterator[str]:
    """What it would take to decide, and what the verdict rests on."""
    if duel.unfinished:
        yield "  `lift runs resume RUN` goes on with it, then compare again"
    elif not duel.decided:
        yield from _missing(duel)
    if duel.unlost is not None:
        yield (
            f"  over the {duel.unlost.n} tasks that neither lost: "
            f"{points(duel.unlost.value, signed=True)} points, 95 % interval "
            f"{points(duel.unlost.low)} to {points(duel.unlost.high)}"
        )


def _missing(duel: Duel) -> Iterator[str]:
    if duel.detectable is None:
        yield "  all tasks differ alike, so nothing tells how many would decide"
    else:
        yield (
            f"  {duel.difference.n} tasks show a difference of {points(duel.detectable)} points "
            "in 8 of 10 comparisons"
        )
    if duel.needed is not None and duel.needed > duel.difference.n:
        yield f"  to decide one as small as this takes about {duel.needed:,} such tasks"
    low, high = duel.difference.low or 0.0, duel.difference.high or 0.0
    if low > 0 or high < 0:
        yield "  the interval is on one side of 0, yet the test does not rule out chance"
    elif duel.p_holm < ALPHA:
        yield "  the test says that it is not chance, yet the interval contains 0"


def points(value: float | None, *, signed: bool = False) -> str:
    if value is None:
        return "..."
    return f"{100 * value:+.1f}" if signed else f"{100 * value:.1f}".replace("-0.0", "0.0")


def times(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    low = "..." if estimate.low is None else f"{estimate.low:.2f}"
    high = "..." if estimate.high is None else f"{estimate.high:.2f}"
    return f"{estimate.value:.2f}x [{low}, {high}]"


def sides_table(found: Contest) -> list[list[str]]:
    head = ["", "right", "dollars a task", "dollars a right one", "seconds (median, p95)", ""]
    rows = [
        [
            side.name,
            share(side.right),
            dollars(side.usd),
            dollars(side.per_right),
            f"{side.seconds[0]:.1f}, {side.seconds[2]:.1f}",
            "Pareto front" if side.front else "",
        ]
        for side in found.sides
    ]
    return [head, *rows]


def shortcomings(side: Side) -> Iterator[str]:
    if side.not_run:
        yield f"{side.name}: {side.not_run} were not run to their end and count as wrong"
    if side.lost:
        yield f"{side.name}: {side.lost} were lost and count as wrong"
    if side.unpriced:
        yield f"{side.name}: {side.unpriced} calls are of unknown price, so it costs more than told"


def duel_table(duel: Duel) -> list[list[str]]:
    low, high = points(duel.difference.low), points(duel.difference.high)
    told = f"{points(duel.difference.value, signed=True)} [{low}, {high}]"
    return [
        ["", "points", told],
        ["", f"p ({duel.test})", f"{duel.p:.3g}, adjusted {duel.p_holm:.3g}"],
        ["", "cost of a task", times(duel.cost)],
        ["", "cost of a right one", times(duel.per_right)],
        ["", "seconds of a task", times(duel.seconds)],
        ["", "both right, both wrong", f"{duel.flips.both}, {duel.flips.neither}"],
    ]


def cells_table(duel: Duel) -> list[list[str]]:
    head = ["category", "difficulty", "n", duel.one, duel.other, "broken", "mended"]
    rows = [
        [
            cell.category,
            cell.difficulty,
            str(cell.n),
            f"{100 * cell.before:.0f} %",
            f"{100 * cell.after:.0f} %",
            str(cell.broken),
            str(cell.mended),
            f"{cell.p_holm:.2g}" + (" *" if cell.p_holm < ALPHA else ""),
        ]
        for cell in duel.cells
    ]
    return [[*head, "p (Holm)"], *rows]


def change_text(duel: Duel) -> list[list[str]]:
    return [[one_line(each.what), _told(each.before), _told(each.after)] for each in duel.made_of]


def _told(value: str | None) -> str:
    return "nothing" if value is None else one_line(value)


def _made_of(duel: Duel) -> Iterator[str]:
    yield f"made differently: {len(duel.made_of)}"
    yield from (f"  {what}: {before} -> {after}" for what, before, after in change_text(duel))


def _turned(duel: Duel) -> str:
    """The interval of how much better, or how much worse."""
    low, high = duel.difference.low, duel.difference.high
    if duel.difference.value < 0:
        low, high = -(high or 0.0), -(low or 0.0)
    return f"95 % interval {points(low)} to {points(high)}"


def _at_cost(duel: Duel) -> str:
    if duel.cost is None:
        return ""
    found = f", at {duel.cost.value:.1f}x the cost"
    each = duel.per_right
    if each is None:
        return found
    if each.low is not None and each.low > 1:
        return f"{found}; $/success is worse"
    if each.high is not None and each.high < 1:
        return f"{found}; $/success is better"
    return f"{found}; $/success is not decided"
