"""What the record of one run says to change. Where it does not carry an advice, there is none.

Each rule asks of an interval, not of a point, so few tasks say nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, cast

from .advice_routes import routes_advice
from .advice_told import Advice, money, percent
from .choosing import pass_at
from .rates import Rate
from .ratios import mean_share
from .reports import STAGES
from .results import Draws, Evaluation, Row
from .scorers import PIPELINE, ScorerReport, scorer_reports

_ALIKE: Final = 0.5
"""From which share of sets on, for sure, draws that are all copies are worth a word."""
_BARELY: Final = 0.6
"""A scorer whose AUC within sets is surely below this is no help in choosing."""
_LITTLE: Final = 0.03
"""A gain that is surely below this is none."""
_MISSED: Final = 0.1
_RESCUED: Final = 0.1
_TASKS_OF_BUDGET: Final = 30


def advice_on(found: Evaluation) -> list[Advice]:
    """Those with most to gain have no order: rules are told in the order of a task's way."""
    rules: tuple[Callable[[Evaluation], Iterator[Advice]], ...] = (
        _draws,
        _scorers,
        _missed,
        routes_advice,
        _retries,
        _budgets,
    )
    return [each for rule in rules for each in rule(found)]


def _draws(found: Evaluation) -> Iterator[Advice]:
    for stage in STAGES:
        drawn = [each for row in found.rows if (each := row.of(stage)) and each.valid > 1]
        copies = [each for each in drawn if each.distinct == 1]
        alike = Rate(len(copies), len(drawn))
        total = sum(each.usd for each in drawn)
        if alike.interval[0] >= _ALIKE:
            wasted = sum(each.usd * (each.valid - each.distinct) / each.drawn for each in drawn)
            yield Advice(
                about="draws",
                what=f"{stage}: raise the temperature, or stop paying for more than one draw",
                evidence=f"all draws were the same to the letter in {alike} of the tasks with "
                "several",
                effect=f"one draw saves about {money(wasted)} of {money(total)}"
                if total
                else "one draw takes the place of several",
                numbers={"stage": stage, "alike": alike, "wasted_usd": wasted, "usd": total},
            )
        elif stage == "implement":
            yield from _useless_draws(drawn, total)


def _useless_draws(drawn: Sequence[Draws], total: float) -> Iterator[Advice]:
    """Draws that differ, and none of which is right where the first is not."""
    gains = [max(0.0, each.any_right - pass_at(1, each.drawn, each.right)) for each in drawn]
    gain = mean_share(gains)
    if gain is None or gain.high is None or gain.high > _LITTLE:
        return
    once = sum(each.usd / each.drawn for each in drawn)
    yield Advice(
        about="n",
        what="implement: stop paying for more than one draw",
        evidence=f"the best of all draws is right {percent(gain)} more often than one of them "
        f"({gain.n} tasks)",
        effect=f"one draw saves about {money(total - once)} of {money(total)}, and loses at most "
        f"{100 * gain.high:.1f} points",
        numbers={"gain": gain, "saved_usd": total - once, "usd": total},
    )


def _scorers(found: Evaluation) -> Iterator[Advice]:
    for each in scorer_reports(each for row in found.rows for each in row.sets):
        within = each.auc_within
        if each.scorer == PIPELINE or within is None or within.high is None:
            continue
        if within.high <= _BARELY:
            yield _useless_scorer(each)


def _useless_scorer(each: ScorerReport) -> Advice:
    within, chosen = each.auc_within, each.selection
    assert within is not None
    assert within.high is not None
    chance = "is worse than chance" if within.high < 0.5 else "does not tell right from wrong"
    regret, lots = chosen.regret, chosen.by_lot
    told = ""
    if regret is not None and lots is not None:
        told = (
            f"; where it mattered its favourite is wrong in {percent(regret)}, "
            f"one by lot in {100 * lots.value:.1f} %"
        )
    return Advice(
        about="scorer",
        what=f"{each.stage}: drop the scorer {each.scorer}, it {chance}",
        evidence=f"AUC within sets {within.text('{:.2f}')}{told}",
        effect="what it costs is saved, and choosing loses nothing",
        numbers={
            "stage": each.stage,
            "scorer": each.scorer,
            "auc_within": within,
            "regret": regret,
            "by_lot": lots,
        },
    )


def _missed(found: Evaluation) -> Iterator[Advice]:
    held = [row for row in found.rows if (each := row.of("implement")) and each.any_right]
    missed = Rate(sum(not row.right for row in held), len(held))
    if missed.interval[0] < _MISSED:
        return
    gain = missed.right / len(found.rows)
    yield Advice(
        about="choosing",
        what="implement: choose better, by a scorer that runs the code or compares its behaviour",
        evidence=f"of the tasks with a right code among the draws, another was taken in {missed}",
        effect=f"choosing as well as can be is worth {100 * gain:.1f} points on these tasks",
        numbers={"missed": missed, "points": 100 * gain},
    )


def _retries(found: Evaluation) -> Iterator[Advice]:
    again = [row for row in found.rows if row.attempts > 1 and not row.lost]
    rescued = Rate(sum(row.right for row in again), len(again))
    if rescued.interval[1] > _RESCUED:
        return
    wasted = sum(row.usd * (1 - 1 / row.attempts) for row in again)
    total = sum(row.usd for row in found.rows)
    yield Advice(
        about="retries",
        what="stop after the first attempt, or give the next one something new: another route, "
        "other examples",
        evidence=f"of the tasks with more than one attempt, right in the end: {rescued}",
        effect=f"one attempt saves about {money(wasted)} of {money(total)}, and loses "
        f"{100 * rescued.right / len(found.rows):.1f} points on these tasks",
        numbers={"rescued": rescued, "wasted_usd": wasted, "usd": total},
    )


_USED: Final[dict[str, Callable[[Row], float]]] = {
    "usd": lambda row: row.spend.usd,
    "tokens": lambda row: row.spend.tokens,
    "calls": lambda row: row.spend.calls,
    "seconds": lambda row: row.seconds,
}


def _budgets(found: Evaluation) -> Iterator[Advice]:
    rows = [row for row in found.rows if not row.lost]
    from_store = any(row.spend.cached_calls for row in rows)
    # What comes from the store is neither paid for nor waited for, and would have been.
    if len(rows) < _TASKS_OF_BUDGET or from_store:
        return
    stated: object = found.config.get("budget")
    limits = cast("dict[str, Any]", stated) if isinstance(stated, dict) else {}
    for name, of in _USED.items():
        limit, most = limits.get(name), max(of(row) for row in rows)
        unpriced = name == "usd" and any(row.spend.unpriced_calls for row in rows)
        if not isinstance(limit, int | float) or unpriced or not 0 < 2 * most < limit:
            continue
        cut = 1 - 0.05 ** (1 / len(rows))
        yield Advice(
            about="budget",
            what=f"lower budget.{name} from {limit:g} to {2 * most:.3g}: it never binds",
            evidence=f"the most that one of {len(rows)} tasks used is {most:.3g}",
            effect=f"a task that runs away uses {2 * most:.3g} at most; fewer than "
            f"{100 * cut:.1f} % of tasks use more than any of these did (95 %)",
            numbers={"limit": limit, "most": most, "n": len(rows)},
        )
