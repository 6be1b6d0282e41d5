"""A report in words, for a terminal."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from .from_reference import lines_of_trial
from .rates import Rate
from .ratios import Estimate
from .reports import SHARES, Report
from .scorers import ScorerReport
from .selection import few, named

_CAUSES_SHOWN: Final = 3
FAULTS: Final = {
    "specify": "the specification (missing, or hidden tests deny it)",
    "implement": "the code (no hidden test denies its specification)",
    "infrastructure": "nobody (lost)",
}
STAGE_NAMES: Final = {
    "specification": "a specification",
    "code": "code",
    "loads": "code that loads",
    "runs": "code that runs to its end",
    "right": "right code",
}

Table = list[list[str]]
Columns = Callable[[Table], Iterable[str]]
"""Aligns the cells of a table."""


def lines_of(report: Report, columns: Columns) -> Iterator[str]:
    found = report.of
    count = f"{len(found.rows)} task" + ("s" if len(found.rows) > 1 else "")
    yield f"suite {named(found.suite)}, {count} (digest {found.tasks}, tests {found.tests})"
    label = f" ({found.label})" if found.label else ""
    yield f"run {found.run}{label}, the pipeline's seed {found.seed}"
    yield ""
    yield f"right: {report.right}"
    if len(report.parts) > 1:
        yield from columns([["", part.name, str(part.rate)] for part in report.parts])
    yield ""
    yield from columns(cells_table(report))
    yield ""
    yield "how far they came"
    yield from columns([["", STAGE_NAMES[name], str(rate)] for name, rate in report.stages])
    yield from _specifications(report)
    yield f"quirks handled: {quirks_text(report)}"
    if len(report.by_quirk) > 1:
        yield from columns([["", name, str(rate)] for name, rate in report.by_quirk])
    yield ""
    yield from _spend(report)
    yield ""
    yield from _trust(report, columns)
    if report.pass_at_k or report.scorers:
        yield ""
        yield from _choosing(report, columns)
    yield from _failures(report)
    if report.not_run:
        yield ""
        yield (
            f"{report.not_run} were not run to their end: `lift runs resume {found.run}` goes on, "
            f"then `lift grade {found.run}` grades again"
        )


def cells_table(report: Report) -> Table:
    """Category by difficulty, with n in every cell."""
    columns = list(dict.fromkeys(cell.difficulty for cell in report.cells))
    table = [["", *(str(each or "-") for each in columns), "all"]]
    rows: dict[str | None, list[str]] = {}
    for cell in report.cells:
        rows.setdefault(cell.category, []).append(short(cell.rate))
    for group, cells in zip(report.categories, rows.values(), strict=True):
        table.append([group.name, *cells, str(group.rate)])
    table.append(["all", *(str(each.rate) for each in report.difficulties), str(report.right)])
    return table


def short(rate: Rate) -> str:
    return f"{100 * rate.right / rate.n:.0f} % ({rate.right}/{rate.n})" if rate.n else "- (n=0)"


def dollars(estimate: Estimate | None) -> str:
    if estimate is not None and estimate.low is not None:
        estimate = estimate._replace(low=max(0.0, estimate.low))
    return _told(estimate, "{:.4f}".format, before="$")


def share(estimate: Estimate | None) -> str:
    return _told(estimate, lambda part: f"{100 * part:.1f}", after=" %")


def area(estimate: Estimate | None) -> str:
    return _told(estimate, "{:.2f}".format)


def _told(
    estimate: Estimate | None, text: Callable[[float], str], before: str = "", after: str = ""
) -> str:
    """With its interval; a side that is not known is open."""
    if estimate is None:
        return "-"
    low, high = ("..." if side is None else text(side) for side in (estimate.low, estimate.high))
    return f"{before}{text(estimate.value)}{after} [{low}, {high}]"


def _specifications(report: Report) -> Iterator[str]:
    valid = report.validity["specify"]
    if valid.n:
        yield f"valid specifications: {valid} of those drawn"
    if report.literals.n:
        yield f"literals of requests kept in specifications: {report.literals}"
    if report.claims.n:
        yield f"wrong mutants that specifications' claims refute: {report.claims}"


def quirks_text(report: Report) -> str:
    if not report.quirks.n:
        return "not known, no task of the suite says on which quirks it turns"
    return f"{report.quirks} of the tasks that turn on one are right"


def _spend(report: Report) -> Iterator[str]:
    money = report.money
    more = f", and {money.unpriced_calls} calls of unknown price" if money.unpriced_calls else ""
    yield f"cost: ${money.total:.4f}{more}"
    if money.batch_calls:
        yield f"  {money.batch_calls} of {report.calls} calls at the vendor's price for batches"
    yield f"  a task {dollars(money.per_task)}, a specification {dollars(money.per_ir)}"
    gained = dollars(money.per_right) if money.per_right else "nothing right to pay for"
    yield f"  a right one {gained}"
    if len(report.routes) > 1:
        for route in report.routes:
            each = f"${route.usd / route.rate.n:.4f} a task" if route.rate.n else ""
            yield f"  ended by the route {route.name}: {route.rate}, {each}"
    yield f"calls: {report.calls}, tokens: {report.tokens}"
    if report.cached_calls:
        yield (
            f"and {report.cached_calls} calls answered from the store: ${money.paid_before:.4f} of "
            "the cost was paid before, and the times are shorter for it"
        )
    names = ("median", *(f"p{100 * at:.0f}" for at in SHARES[1:]))
    times = (f"{name} {value:.1f}" for name, value in zip(names, report.seconds, strict=True))
    yield f"seconds a task: {', '.join(times)}"


def _trust(report: Report, columns: Columns) -> Iterator[str]:
    yield "the run's own verdict against the hidden tests"
    yield from columns([["", "right", "wrong"], *([n, str(r), str(w)] for n, r, w in report.trust)])
    yield f"false accepts: {report.false_accepts} of those that passed in the run"
    if len(report.categories) > 1:
        by_category = [["", each.name, str(each.false_accepts)] for each in report.categories]
        yield from columns(by_category)
    yield f"false rejects: {report.false_rejects} of those that are right"
    if report.audits:
        yield audits_text(report)
        yield from columns([["", each.name, str(each.denied)] for each in report.categories])


def audits_text(report: Report) -> str:
    """What the run itself learnt of its false accepts, without any hidden test."""
    return (
        f"audits: {report.denied} of the accepted answers that another route was asked for too "
        f"were denied by its answer ({report.audits} audits, ${report.audits_usd:.4f})"
    )


def _choosing(report: Report, columns: Columns) -> Iterator[str]:
    if report.pass_at_k:
        yield "of the codes that were drawn, before one was chosen"
        for each in report.pass_at_k:
            fewer = f" ({each.short} tasks with fewer draws)" if each.short else ""
            yield f"  pass@{each.k}: {share(each.estimate)}{fewer}"
        yield f"  a right one among all draws: {report.oracle}"
        yield f"  and another one taken: {report.missed}"
    for stage, rate in report.distinct.items():
        if rate.n:
            valid = report.validity[stage]
            yield f"draws of {stage}: valid {short(valid)}; of these no copies {short(rate)}"
    if report.scorers:
        yield "scorers against the hidden tests"
        yield from columns(scorers_table(report.scorers))
        if report.unjudged_sets:
            yield f"  {report.unjudged_sets} scored sets could not be judged by hidden tests"


def scorers_table(scorers: Iterable[ScorerReport]) -> Table:
    head = ["stage", "scorer", "scored", "AUC", "AUC within sets", "Brier (base)", "ECE"]
    table = [[*head, "regret", "by lot", "sets"]]
    for each in scorers:
        told = each.calibration
        chosen = each.selection
        table.append(
            [
                each.stage,
                each.scorer,
                f"{each.scored}/{each.candidates}",
                area(each.auc) if each.auc else each.why_no_auc,
                area(each.auc_within),
                f"{told.brier:.3f} ({told.base:.3f})" if told else "-",
                f"{told.ece:.3f}" if told else "-",
                share(chosen.regret),
                share(chosen.by_lot).partition(" [")[0],
                f"{chosen.mattered}/{chosen.sets}",
            ]
        )
    return table


def _failures(report: Report) -> Iterator[str]:
    wrong = report.right.n - report.right.right
    if wrong:
        yield ""
        yield f"what was wrong, in {wrong} of {report.right.n}"
    for failure, rows in report.failures:
        yield f"  {failure} {len(rows)}: {few([row.task for row in rows])}"
        if failure == "infrastructure":
            told = dict.fromkeys(row.message for row in rows)
            yield from (f"    {message}" for message in [*told][:_CAUSES_SHOWN])
    for fault, rate in report.faults:
        yield f"  at fault: {FAULTS[fault]} {short(rate)}"
    if report.trial is not None:
        yield ""
        yield from lines_of_trial(report.trial)
