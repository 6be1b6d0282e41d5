"""An evaluation in words: rates with their intervals, what they cost, and how far the run's own
verdicts can be trusted."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from .rates import Rate
from .results import Evaluation, Row
from .selection import few, named

_CAUSES_SHOWN = 3
_DIFFICULTIES = ("easy", "medium", "medium_hard", "hard")

Table = list[list[str]]


def rate_of(rows: Iterable[Row]) -> Rate:
    """Nothing leaves the denominator."""
    found = list(rows)
    return Rate(sum(row.right for row in found), len(found))


def lines_of(found: Evaluation, columns: Callable[[Table], Iterable[str]]) -> Iterator[str]:
    """`columns` aligns the cells of a table."""
    rows = found.rows
    count = f"{len(rows)} task" + ("s" if len(rows) > 1 else "")
    yield f"suite {named(found.suite)}, {count} (digest {found.tasks}, tests {found.tests})"
    label = f" ({found.label})" if found.label else ""
    yield f"run {found.run}{label}, the pipeline's seed {found.seed}"
    yield ""
    yield f"right: {rate_of(rows)}"
    yield from columns([["", *row] for row in _by_part(rows)])
    yield ""
    yield from columns(_cells(rows))
    yield ""
    yield from _spend(rows)
    yield ""
    yield "the run's own verdict against the hidden tests"
    yield from columns(_trust(rows))
    yield f"false accepts: {_false_accepts(rows)} of those that passed in the run"
    yield f"false rejects: {_false_rejects(rows)} of those that are right"
    yield from _failures(rows)
    yield from _not_run(found)


def summary_of(found: Evaluation) -> dict[str, Any]:
    """The same as data, beside the rows."""
    rows = found.rows
    right = sum(row.right for row in rows)
    dollars = _usd(rows)
    return {
        "right": _rate_data(rate_of(rows)),
        "cells": [
            {"category": category, "difficulty": difficulty, **_rate_data(rate_of(cell))}
            for category in _known(rows, "category")
            for difficulty in _known(rows, "difficulty")
            if (cell := _cell(rows, category, difficulty))
        ],
        "parts": [
            {"part": part, **_rate_data(rate_of(row for row in rows if row.part == part))}
            for part in _known(rows, "part")
        ],
        "false_accepts": _rate_data(_false_accepts(rows)),
        "false_rejects": _rate_data(_false_rejects(rows)),
        "lost": sum(row.lost for row in rows),
        "failures": dict(Counter(row.failure for row in rows if row.failure)),
        "usd": dollars,
        "usd_per_right": dollars / right if right else None,
        "usd_paid_before": math.fsum(row.spend.cached_usd for row in rows),
        "unpriced_calls": sum(row.spend.unpriced_calls for row in rows),
        "calls": sum(row.spend.calls for row in rows),
        "cached_calls": sum(row.spend.cached_calls for row in rows),
        "tokens": sum(row.spend.tokens for row in rows),
        "seconds": {"median": _quantile(rows, 0.5), "p90": _quantile(rows, 0.9)},
    }


def _rate_data(rate: Rate) -> dict[str, Any]:
    low, high = rate.interval
    return {"right": rate.right, "n": rate.n, "rate": rate.value, "interval": [low, high]}


def _by_part(rows: Sequence[Row]) -> Table:
    parts = _known(rows, "part")
    if len(parts) < 2:
        return [["", ""]][:0]
    return [[str(part), str(rate_of(row for row in rows if row.part == part))] for part in parts]


def _cells(rows: Sequence[Row]) -> Table:
    """Category by difficulty, with n in every cell."""
    difficulties = _known(rows, "difficulty")
    table = [["", *(str(each or "-") for each in difficulties), "all"]]
    for category in _known(rows, "category"):
        cells = [_cell(rows, category, difficulty) for difficulty in difficulties]
        whole = rate_of(row for row in rows if row.category == category)
        table.append([str(category or "-"), *map(_short, cells), str(whole)])
    columns = [[row for row in rows if row.difficulty == each] for each in difficulties]
    table.append(["all", *(str(rate_of(column)) for column in columns), str(rate_of(rows))])
    return table


def _cell(rows: Sequence[Row], category: str | None, difficulty: str | None) -> list[Row]:
    return [r for r in rows if r.category == category and r.difficulty == difficulty]


def _short(rows: Sequence[Row]) -> str:
    rate = rate_of(rows)
    return f"{100 * rate.right / rate.n:.0f} % ({rate.right}/{rate.n})" if rate.n else "- (n=0)"


def _known(rows: Sequence[Row], field: str) -> list[str | None]:
    found: set[str | None] = {getattr(row, field) for row in rows}

    def place(value: str | None) -> tuple[bool, int, str]:
        known = _DIFFICULTIES.index(value) if value in _DIFFICULTIES else len(_DIFFICULTIES)
        return value is None, known, value or ""

    return sorted(found, key=place)


def _usd(rows: Sequence[Row]) -> float:
    """What the work costs: also what an earlier run paid for, else doing it again looks free."""
    return math.fsum(row.spend.usd + row.spend.cached_usd for row in rows)


def _spend(rows: Sequence[Row]) -> Iterator[str]:
    spends = [row.spend for row in rows]
    dollars = _usd(rows)
    unpriced = sum(spend.unpriced_calls for spend in spends)
    right = sum(row.right for row in rows)
    each = f"${dollars / len(rows):.4f} a task"
    gained = f", ${dollars / right:.4f} a right one" if right else ", nothing right to pay for"
    more = f", and {unpriced} calls of unknown price" if unpriced else ""
    yield f"cost: ${dollars:.4f} ({each}{gained}){more}"
    calls, tokens = sum(spend.calls for spend in spends), sum(spend.tokens for spend in spends)
    yield f"calls: {calls}, tokens: {tokens}"
    cached = sum(spend.cached_calls for spend in spends)
    if cached:
        saved = math.fsum(spend.cached_usd for spend in spends)
        yield (
            f"and {cached} calls answered from the store: ${saved:.4f} of the cost was paid "
            "before, and the times are shorter for it"
        )
    yield f"seconds a task: median {_quantile(rows, 0.5):.1f}, p90 {_quantile(rows, 0.9):.1f}"


def _quantile(rows: Sequence[Row], share: float) -> float:
    ordered = sorted(row.seconds for row in rows)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1 if ordered else 0)]


def _trust(rows: Sequence[Row]) -> Table:
    table = [["", "right", "wrong"]]
    for status in dict.fromkeys(("pass", "fail", *sorted({row.visible for row in rows}))):
        of_it = [row for row in rows if row.visible == status]
        right = sum(row.right for row in of_it)
        table.append([status, str(right), str(len(of_it) - right)])
    return table


def _false_accepts(rows: Sequence[Row]) -> Rate:
    passed = [row for row in rows if row.visible == "pass"]
    return Rate(sum(not row.right for row in passed), len(passed))


def _false_rejects(rows: Sequence[Row]) -> Rate:
    right = [row for row in rows if row.right]
    return Rate(sum(row.visible == "fail" for row in right), len(right))


def _failures(rows: Sequence[Row]) -> Iterator[str]:
    wrong = [row for row in rows if not row.right]
    if wrong:
        yield ""
        yield f"what was wrong, in {len(wrong)} of {len(rows)}"
    for failure, count in Counter(row.failure for row in wrong).most_common():
        of_it = [row for row in wrong if row.failure == failure]
        yield f"  {failure} {count}: {few([row.task for row in of_it])}"
        if failure == "infrastructure":
            told = dict.fromkeys(row.message for row in of_it)
            yield from (f"    {message}" for message in [*told][:_CAUSES_SHOWN])


def _not_run(found: Evaluation) -> Iterator[str]:
    count = sum(row.visible == "not run" for row in found.rows)
    if count:
        yield ""
        yield (
            f"{count} were not run to their end: `lift runs resume {found.run}` goes on, "
            f"then `lift grade {found.run}` grades again"
        )
