"""Advice on which model a category should go to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Final

from .advice_told import Advice, money
from .paired import ALPHA, holm, library
from .rates import Rate
from .reports import known
from .results import Evaluation, Row

_FEWEST: Final = 10


def routes_advice(found: Evaluation) -> Iterator[Advice]:
    rows = [row for row in found.rows if not row.lost]
    if len({row.route for row in rows}) > 1:
        yield from _at_once(rows)
    else:
        yield from _weak(rows)


def _at_once(rows: Sequence[Row]) -> Iterator[Advice]:
    """Categories in which the cheap route fails so often that trying it does not pay."""
    first = Counter(row.route for row in rows if row.attempts == 1).most_common(1)
    if not first:
        return
    cheap = first[0][0]
    price = fmean(row.usd for row in rows if row.attempts == 1 and row.route == cheap)
    for category in known(rows, "category"):
        members = [row for row in rows if row.category == category]
        went_on = [row for row in members if row.attempts > 1 and row.route != cheap]
        began = [row for row in members if row.route == cheap or row.attempts > 1]
        if category is None or len(began) < _FEWEST or not went_on:
            continue
        strong = Counter(row.route for row in went_on).most_common(1)[0][0]
        dearer = fmean(row.usd for row in went_on) - price
        share = Rate(len(went_on), len(began))
        right = Rate(sum(row.right for row in went_on), len(went_on))
        low, high = (price - (1 - end) * dearer for end in share.interval)
        if low > 0 and dearer > 0 and right.interval[0] > ALPHA:
            saved = price - (1 - len(went_on) / len(began)) * dearer
            yield Advice(
                about="category",
                what=f"send {category} to the route {strong} at once",
                evidence=f"{share} of its tasks went on from {cheap} to {strong}, which got "
                f"{right} of these right",
                effect=f"about {money(saved)} [{money(low)}, {money(high)}] less a task of "
                "this category",
                numbers={
                    "category": category,
                    "escalated": share,
                    "right": right,
                    "saved_usd": saved,
                },
            )


def _weak(rows: Sequence[Row]) -> Iterator[Advice]:
    """Categories in which no draw is right much more often than elsewhere: choosing cannot help."""
    names = [name for name in known(rows, "category") if name is not None]
    if len(names) < 2:
        return
    exact = library("scipy.stats").fisher_exact
    rates: list[tuple[Rate, Rate]] = []
    for name in names:
        own = _drawn_right([row for row in rows if row.category == name])
        others = _drawn_right([row for row in rows if row.category != name])
        rates.append((own, others))
    tables = [[[of.right, of.n - of.right] for of in pair] for pair in rates]
    adjusted = holm([float(exact(table, alternative="less").pvalue) for table in tables])
    for name, (own, others), p in zip(names, rates, adjusted, strict=True):
        if p >= ALPHA:
            continue
        gain = own.n * (others.right / others.n - own.right / own.n) / len(rows)
        yield Advice(
            about="category",
            what=f"send {name} to a stronger model",
            evidence=f"any draw is right in {own} of its tasks, and in {others} of all others "
            f"(Fisher's exact test, p {p:.2g} by Holm)",
            effect=f"were it as good there as elsewhere: {100 * gain:.1f} points over all tasks",
            numbers={"category": name, "own": own, "others": others, "p": p, "points": 100 * gain},
        )


def _drawn_right(rows: Sequence[Row]) -> Rate:
    drawn = [row.of("implement") for row in rows]
    right = [
        row.right or (each is not None and each.any_right)
        for row, each in zip(rows, drawn, strict=True)
    ]
    return Rate(sum(right), len(right))
