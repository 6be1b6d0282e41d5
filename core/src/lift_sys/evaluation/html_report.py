"""A report as one page: what a person wants to know first, then what it rests on."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .flips import Flips
from .flips_told import against_html
from .from_reference import BLAMES, Trial, cost_of
from .page import Html, Td, heading, opened, page, paragraph, table, tag, text
from .rates import Rate
from .ratios import Estimate
from .reports import SHARES, Group, Report
from .results import Row
from .scorers import ScorerReport
from .selection import few, named
from .svg import Bar, bars, curve, reliability
from .tables import (
    FAULTS,
    STAGE_NAMES,
    audits_text,
    dollars,
    quirks_text,
    scorers_table,
    share,
    short,
)

_EXAMPLES: Final = 5


def html_report(report: Report, compared: Flips | None = None) -> str:
    found = report.of
    title = f"{named(found.suite)}: {_percent(report.right)} right"
    return page(title, [part for section in _sections(report, compared) for part in section])


def _sections(report: Report, compared: Flips | None) -> Iterator[Iterable[Html]]:
    yield _head(report)
    if compared is not None:
        yield against_html(compared)
    yield _where(report)
    yield _specifications(report)
    yield _cost(report)
    yield _trust(report)
    if report.pass_at_k or report.scorers:
        yield _choosing(report)
    if report.scorers:
        yield _scorers(report)
    yield _errors(report)
    if report.trial is not None:
        yield _trial(report.trial)
    yield _made_with(report)


def _head(report: Report) -> Iterator[Html]:
    found, money = report.of, report.money
    label = f" ({found.label})" if found.label else ""
    low, high = report.right.interval
    yield heading(1, f"{_percent(report.right)} right on {named(found.suite)}")
    yield paragraph(f"run {found.run}{label}, {found.started}, seed {found.seed}", "soft")
    told = f"{report.right.right} of {report.right.n}"
    tiles = [
        (_percent(report.right), f"right, {told}", f"95 % interval {_span(low, high)}"),
        (_usd(money.per_task), "a task", f"${money.total:.4f} in all"),
        (_usd(money.per_right), "a right result", dollars(money.per_right).partition(" ")[2]),
        (f"{report.seconds[0]:.1f} s", "a task, median", f"95 % under {report.seconds[2]:.1f} s"),
        (_percent(report.false_accepts), "false accepts", _of(report.false_accepts)),
    ]
    yield tag(
        "div",
        *(
            tag("div", tag("b", text(big)), tag("span", text(what)), tag("span", text(more)),
                kind="tile")
            for big, what, more in tiles
        ),
        kind="tiles",
    )  # fmt: skip
    if report.lost:
        told = f"{len(report.lost)} of {report.right.n} tasks were lost and count as wrong: "
        causes = dict.fromkeys(row.message for row in report.lost)
        yield paragraph(told + "; ".join([*causes][:3]), "bad")
    if report.not_run:
        yield paragraph(
            f"{report.not_run} tasks were not run to their end and count as wrong: "
            f"`lift runs resume {found.run}` goes on with them.",
            "bad",
        )


def _where(report: Report) -> Iterator[Html]:
    yield heading(2, "Where it is right")
    columns = list(dict.fromkeys(cell.difficulty for cell in report.cells))
    lines: dict[str | None, list[object]] = {}
    for cell in report.cells:
        lines.setdefault(cell.category, []).append(_heat(cell.rate))
    rows = [
        [group.name, *cells, _heat(group.rate)]
        for group, cells in zip(report.categories, lines.values(), strict=True)
    ]
    rows.append(["all", *(_heat(group.rate) for group in report.difficulties), _heat(report.right)])
    yield table(["", *(each or "-" for each in columns), "all"], rows)
    yield paragraph(
        "Small: the 95 % interval (Wilson's), and how many of how many. The greener, the more.",
        "soft",
    )
    if len(report.parts) > 1:
        yield heading(3, "By part of the suite")
        yield _bars(report.parts)
    yield heading(3, "How far they came")
    yield _figure([_bar(STAGE_NAMES[name], rate) for name, rate in report.stages], "How far")


def _specifications(report: Report) -> Iterator[Html]:
    kept = [
        ("drawn specifications that are valid", report.validity["specify"]),
        ("literals that requests want to come out, spelt out as they are", report.literals),
        ("wrong mutants of references that their claims refute", report.claims),
    ]
    known = [[name, str(rate)] for name, rate in kept if rate.n]
    if known:
        yield heading(2, "The specifications")
        yield table(["", "share, with the 95 % interval"], known)
    yield heading(3, "Quirks of the language")
    yield paragraph(f"Handled: {quirks_text(report)}.")
    if report.by_quirk:
        yield table(["quirk", "right"], [[name, str(rate)] for name, rate in report.by_quirk])


def _cost(report: Report) -> Iterator[Html]:
    money = report.money
    yield heading(2, "What it costs")
    rows: list[list[object]] = [
        ["a task", dollars(money.per_task)],
        ["a specification (its own calls)", dollars(money.per_ir)],
        ["a right result", dollars(money.per_right)],
        ["in all", f"${money.total:.4f}"],
        ["calls", f"{report.calls} (and {report.cached_calls} from the store)"],
        ["tokens", f"{report.tokens}"],
    ]
    if money.paid_before:
        rows.append(["of this paid before", f"${money.paid_before:.4f}"])
    if money.unpriced_calls:
        rows.append(["calls of unknown price", f"{money.unpriced_calls}"])
    if money.batch_calls:
        rows.append(["calls at the price of batches", f"{money.batch_calls} of {report.calls}"])
    yield table(["US dollars", "with the 95 % interval (Fieller's)"], rows)
    heads = ["", *(f"{100 * at:.0f} % under" for at in SHARES)]
    yield table(
        heads,
        [
            ["seconds a task", *(f"{value:.1f}" for value in report.seconds)],
            ["tokens a task", *(f"{value:.0f}" for value in report.tokens_at)],
        ],
    )
    if len(report.routes) > 1:
        yield table(
            ["ended by the route", "tasks", "right", "dollars a task"],
            [
                [r.name, r.rate.n, str(r.rate), f"${r.usd / (r.rate.n or 1):.4f}"]
                for r in report.routes
            ],
        )


def _trust(report: Report) -> Iterator[Html]:
    yield heading(2, "Can its own verdicts be trusted?")
    yield table(["the run said", "right", "wrong"], report.trust)
    yield paragraph(f"False accepts: {report.false_accepts} of those that passed in the run.")
    yield paragraph(f"False rejects: {report.false_rejects} of those that are right.")
    heads, audited = ["", "false accepts", "false rejects"], bool(report.audits)
    if audited:
        yield paragraph(f"{audits_text(report).capitalize()}.")
        heads.append("denied by audits")
    yield table(
        heads,
        [
            [each.name, str(each.false_accepts), str(each.false_rejects)]
            + ([str(each.denied)] if audited else [])
            for each in report.categories
        ],
    )


def _choosing(report: Report) -> Iterator[Html]:
    yield heading(2, "Drawing and choosing")
    if report.pass_at_k:
        points = [(f"{each.k}", each.estimate) for each in report.pass_at_k]
        title = "pass@k: a right one among k codes"
        chart = tag(
            "figure",
            Html(curve(points, title)),
            tag("figcaption", text(f"{title}.")),
            kind="curve",
        )
        rows = [
            [f"pass@{each.k}", share(each.estimate), f"{each.short} tasks with fewer draws"]
            for each in report.pass_at_k
        ]
        yield tag("div", chart, table(["of the codes drawn first", "", ""], rows), kind="side")
    yield paragraph(f"A right one among all draws (oracle): {report.oracle}.")
    yield paragraph(f"Of these, another one was taken: {report.missed}.")
    yield table(
        ["stage", "valid draws", "of these no copies"],
        [
            [stage, str(rate), str(report.distinct[stage])]
            for stage, rate in report.validity.items()
        ],
    )
    if report.stops:
        yield opened(
            text("Why strategies stopped"),
            table(["stage", "strategy", "why", "times"], report.stops[:40]),
        )


def _scorers(report: Report) -> Iterator[Html]:
    yield heading(2, "Do the scorers predict what is right?")
    head, *rows = scorers_table(report.scorers)
    yield table(head, rows)
    yield paragraph(
        "AUC: how often a right candidate scores above a wrong one, 0.5 is chance; within sets: of "
        "candidates of one task, which is what choosing needs. Regret: how often it would take a "
        "wrong one where a right one stood beside it, equal scores by lot; by lot: the same "
        "without any scorer. Sets: those that held both, of all. A specification counts as right "
        "where no hidden test denies it.",
        "soft",
    )
    if report.unjudged_sets:
        yield paragraph(f"{report.unjudged_sets} scored sets could not be judged by hidden tests.")
    yield tag("div", *map(_reliability, report.scorers), kind="side")


def _reliability(each: ScorerReport) -> Html:
    if each.calibration is None:
        return Html("")
    name = f"{each.stage}: {each.scorer}"
    chart = Html(reliability(each.calibration.bins, f"How often right, by score: {name}"))
    return tag("figure", chart, tag("figcaption", text(name)))


def _errors(report: Report) -> Iterator[Html]:
    wrong = report.right.n - report.right.right
    yield heading(2, f"What is wrong, in {wrong} of {report.right.n}")
    if not wrong:
        yield paragraph("Nothing.")
        return
    yield table(
        ["at fault", "", ""],
        [[FAULTS[fault], short(rate), _span(*rate.interval)] for fault, rate in report.faults],
    )
    for failure, rows in report.failures:
        examples = [row for row in rows if row.shown is not None][:_EXAMPLES]
        count = f"{failure}: {len(rows)} ({few([row.task for row in rows])})"
        yield opened(text(count), *map(_example, examples))


def _trial(trial: Trial) -> Iterator[Html]:
    told = [[BLAMES[name], short(rate), _span(*rate.interval)] for name, rate in trial.blames]
    yield table(["by trial: failed by", "", ""], told)
    yield paragraph(
        f"From the reference's specification {trial.right} of the tasks are right; "
        f"{trial.without} failed that have none. Counted apart: {cost_of(trial)} "
        f"(run {trial.run}).",
        "soft",
    )


def _example(row: Row) -> Html:
    shown = row.shown
    assert shown is not None
    inside = [
        paragraph(f"{row.passed} of {row.total} hidden tests hold; the run said: {row.visible}"),
        paragraph(row.message, "soft"),
        tag("pre", text(shown.request)),
    ]
    if shown.code:
        inside.append(tag("pre", text(shown.code)))
    where = f" ({row.category or '-'}, {row.difficulty or '-'})"
    return opened(text(row.task + where), *inside)


def _made_with(report: Report) -> Iterator[Html]:
    found = report.of
    yield heading(2, "What made it")
    versions = ", ".join(f"{name} {of}" for name, of in sorted(found.distributions.items()))
    yield paragraph(versions, "soft")
    yield paragraph(f"digest of the tasks {found.tasks}, of the tests {found.tests}", "soft")


def _bars(groups: Iterable[Group]) -> Html:
    return _figure([_bar(group.name, group.rate) for group in groups], "Share of right tasks")


def _figure(rows: Sequence[Bar], title: str) -> Html:
    return tag("figure", Html(bars(rows, title)), kind="bars")


def _bar(label: str, rate: Rate) -> Bar:
    low, high = rate.interval
    return Bar(label, rate.value or 0.0, low, high, f"{_percent(rate)} ({rate.right}/{rate.n})")


def _heat(rate: Rate) -> Td:
    if rate.value is None:
        return Td('<td class="none">n=0</td>')
    span = text(f"{_span(*rate.interval)}, {rate.right}/{rate.n}")
    at = round(45 * rate.value)
    return Td(
        f'<td class="heat" style="--at:{at}%">{text(_percent(rate))}<small>{span}</small></td>'
    )


def _percent(rate: Rate) -> str:
    return "-" if rate.value is None else f"{100 * rate.value:.1f} %"


def _of(rate: Rate) -> str:
    return f"{rate.right} of {rate.n} that passed" if rate.n else "none passed"


def _span(low: float, high: float) -> str:
    return f"{100 * low:.0f} to {100 * high:.0f} %"


def _usd(estimate: Estimate | None) -> str:
    return "-" if estimate is None else f"${estimate.value:.4f}"
