"""A comparison as one page: the verdict, then what it rests on."""

from collections.abc import Iterator

from .contest_charts import Point, steps, success_by_cost
from .contest_text import (
    cells_table,
    change_text,
    doubts,
    duel_table,
    points,
    shortcomings,
    sides_table,
    verdict,
)
from .contests import SHARES, Contest, Duel
from .flips_told import flips_html
from .page import Html, Td, heading, page, paragraph, table, tag, text
from .ratios import Estimate
from .selection import named


def contest_html(found: Contest) -> str:
    title = f"{named(found.suite)}: {' against '.join(side.name for side in found.sides)}"
    return page(title, _body(found))


def _body(found: Contest) -> Iterator[Html]:
    yield heading(1, verdict(found.duels[0]))
    for place, duel in enumerate(found.duels):
        if place:
            yield tag("p", tag("b", text(verdict(duel))))
        yield from (paragraph(said.strip()) for said in doubts(duel))
    yield paragraph(
        f"{named(found.suite)}, {found.n} tasks (digest {found.tasks}, tests {found.tests})", "soft"
    )
    yield from (paragraph(said, "bad") for side in found.sides for said in shortcomings(side))
    yield from (paragraph(note, "soft") for note in found.notes)
    yield heading(2, "Success and cost")
    head, *rows = sides_table(found)
    yield table(head, rows)
    spots = [Point(side.name, side.usd, side.right, side.front) for side in found.sides]
    yield _figure(
        success_by_cost(spots, "Share right against the cost of a task"),
        "Ringed and joined: the Pareto front, of which none is better for as little.",
        "chart",
    )
    yield heading(2, "By category")
    yield _heat(found)
    yield heading(2, "How costs and times are spread")
    costs = [(side.name, side.costs) for side in found.sides]
    times = [(side.name, side.times) for side in found.sides]
    yield tag(
        "div",
        _figure(steps(costs, "${:.4f}", "Tasks by cost"), "Tasks that cost no more.", "chart"),
        _figure(steps(times, "{:.1f} s", "Tasks by time"), "Tasks that took no longer.", "chart"),
        kind="side",
    )
    yield table(
        ["seconds", *(f"{100 * at:.0f} % under" for at in SHARES)],
        [[side.name, *(f"{value:.1f}" for value in side.seconds)] for side in found.sides],
    )
    for duel in found.duels:
        yield from _duel(duel)
    yield paragraph(
        "Intervals of differences and ratios: bootstrap over tasks, pairs kept together (epochs of "
        f"a task too), seed {found.seed}. p of cells is adjusted for all of them by Holm's method; "
        "a star: under 0.05. Decided is what both the test and the interval say.",
        "soft",
    )


def _heat(found: Contest) -> Html:
    names = [name for name, _ in found.sides[0].categories]
    rows: list[list[object]] = []
    for place, name in enumerate(names):
        shares = [side.categories[place][1] for side in found.sides]
        gains = [points(each.value - shares[0].value, signed=True) for each in shares[1:]]
        rows.append([name, str(shares[0].n), *map(_cell, shares), *gains])
    everything = [side.right for side in found.sides]
    gains = [points(each.value - everything[0].value, signed=True) for each in everything[1:]]
    rows.append(["all", str(found.n), *map(_cell, everything), *gains])
    others = [f"{side.name}, points" for side in found.sides[1:]]
    return table(["", "n", *(side.name for side in found.sides), *others], rows)


def _cell(share: Estimate) -> Td:
    span = text(f"{100 * (share.low or 0):.0f} to {100 * (share.high or 0):.0f} %")
    at = round(45 * share.value)
    told = text(f"{100 * share.value:.0f} %")
    return Td(f'<td class="heat" style="--at:{at}%">{told}<small>{span}</small></td>')


def _duel(duel: Duel) -> Iterator[Html]:
    yield heading(2, f"{duel.other} against {duel.one}")
    yield table(["", ""], [row[1:] for row in duel_table(duel)])
    yield from flips_html(duel.flips)
    head, *rows = cells_table(duel)
    yield table(head, rows)
    yield heading(3, "Made differently")
    if duel.made_of:
        yield table(["", duel.one, duel.other], change_text(duel))
    else:
        yield paragraph("In nothing that the results tell.")


def _figure(chart: str, caption: str, kind: str = "bars") -> Html:
    return tag("figure", Html(chart), tag("figcaption", text(caption)), kind=kind)
