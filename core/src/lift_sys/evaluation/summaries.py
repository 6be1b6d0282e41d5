"""A report as plain data, which stands beside the rows of a result."""

from collections.abc import Mapping
from typing import Any, cast

from .from_reference import Trial
from .rates import Rate
from .ratios import Estimate
from .reports import SHARES, Report
from .scorers import ScorerReport


def summary_of(report: Report) -> dict[str, Any]:
    money = report.money
    return {
        "right": rate_data(report.right),
        "stages": {name: rate_data(rate) for name, rate in report.stages},
        "cells": [
            {"category": cell.category, "difficulty": cell.difficulty, **rate_data(cell.rate)}
            for cell in report.cells
            if cell.rate.n
        ],
        "parts": [{"part": part.name, **rate_data(part.rate)} for part in report.parts],
        "routes": [
            {"route": route.name, "usd": route.usd, **rate_data(route.rate)}
            for route in report.routes
        ],
        "false_accepts": rate_data(report.false_accepts),
        "false_accepts_by_category": {
            group.name: rate_data(group.false_accepts) for group in report.categories
        },
        "false_rejects": rate_data(report.false_rejects),
        "audits": {
            "n": report.audits,
            "usd": report.audits_usd,
            "denied": rate_data(report.denied),
            "denied_by_category": {
                group.name: rate_data(group.denied) for group in report.categories
            },
        },
        "lost": len(report.lost),
        "failures": {name: len(rows) for name, rows in report.failures},
        "faults": {fault: rate.right for fault, rate in report.faults},
        "from_reference": None if report.trial is None else _trial(report.trial),
        "usd": money.total,
        "usd_per_task": estimate_data(money.per_task),
        "usd_per_ir": estimate_data(money.per_ir),
        "usd_per_right": estimate_data(money.per_right),
        "usd_paid_before": money.paid_before,
        "unpriced_calls": money.unpriced_calls,
        "batch_calls": money.batch_calls,
        "calls": report.calls,
        "cached_calls": report.cached_calls,
        "tokens": report.tokens,
        "seconds": _percentiles(report.seconds),
        "tokens_a_task": _percentiles(report.tokens_at),
        "valid": {stage: rate_data(rate) for stage, rate in report.validity.items()},
        "distinct": {stage: rate_data(rate) for stage, rate in report.distinct.items()},
        "quirks": rate_data(report.quirks),
        "right_by_quirk": {name: rate_data(rate) for name, rate in report.by_quirk},
        "literals": rate_data(report.literals),
        "claims": rate_data(report.claims),
        "pass_at_k": [
            {"k": each.k, "short": each.short, **(estimate_data(each.estimate) or {})}
            for each in report.pass_at_k
        ],
        "oracle": rate_data(report.oracle),
        "missed": rate_data(report.missed),
        "scorers": [_scorer(each) for each in report.scorers],
        "unjudged_sets": report.unjudged_sets,
        "stops": [
            dict(zip(("stage", "strategy", "why", "tasks"), each, strict=True))
            for each in report.stops
        ],
    }


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        **trial._asdict(),
        "right": rate_data(trial.right),
        "blames": {blame: rate_data(rate) for blame, rate in trial.blames},
    }


def plain(value: Any) -> Any:
    """Values that have fields as objects."""
    if hasattr(value, "_asdict"):
        return {name: plain(each) for name, each in value._asdict().items()}
    if isinstance(value, tuple):
        return [plain(each) for each in cast("tuple[Any, ...]", value)]
    if isinstance(value, Mapping):
        known = cast("Mapping[Any, Any]", value)
        return {name: plain(each) for name, each in known.items()}
    return value


def rate_data(rate: Rate) -> dict[str, Any]:
    low, high = rate.interval
    return {"right": rate.right, "n": rate.n, "rate": rate.value, "interval": [low, high]}


def estimate_data(found: Estimate | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"value": found.value, "interval": [found.low, found.high], "n": found.n}


def _percentiles(values: tuple[float, ...]) -> dict[str, float]:
    names = ("median", *(f"p{100 * at:.0f}" for at in SHARES[1:]))
    return dict(zip(names, values, strict=True))


def _scorer(each: ScorerReport) -> dict[str, Any]:
    chosen, told = each.selection, each.calibration
    bins = [] if told is None else [one._asdict() for one in told.bins]
    return {
        "stage": each.stage,
        "scorer": each.scorer,
        "candidates": each.candidates,
        "scored": each.scored,
        "right": each.right,
        "auc": estimate_data(each.auc),
        "auc_within": estimate_data(each.auc_within),
        "calibration": None if told is None else {**told._asdict(), "bins": bins},
        "sets": chosen.sets,
        "sets_that_mattered": chosen.mattered,
        "silent_sets": chosen.silent,
        "tied_sets": chosen.tied,
        "regret": estimate_data(chosen.regret),
        "regret_of_all": estimate_data(chosen.of_all),
        "regret_by_lot": estimate_data(chosen.by_lot),
    }
