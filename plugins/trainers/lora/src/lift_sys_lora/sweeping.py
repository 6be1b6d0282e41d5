"""Several trainings that differ in rank or learning rate, and the best of them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from .folder import write_json
from .plugin import LoraOptions, Sweep

BEST = "best.json"


@dataclass(frozen=True, slots=True)
class Trial:
    name: str
    """Of its folder; empty: the only one."""
    options: LoraOptions


def trials(options: LoraOptions) -> list[Trial]:
    sweep = options.sweep
    if not (sweep.rank or sweep.learning_rate):
        return [Trial("", options)]
    ranks = sweep.rank or (options.rank,)
    rates = sweep.learning_rate or (options.learning_rate,)
    return [
        Trial(
            f"rank-{rank}-rate-{rate:g}",
            options.model_copy(update={"rank": rank, "learning_rate": rate, "sweep": Sweep()}),
        )
        for rank, rate in product(dict.fromkeys(ranks), dict.fromkeys(rates))
    ]


def best_of(results: Sequence[tuple[Trial, Mapping[str, Any]]]) -> int:
    """By validation loss; the smaller adapter where that is the same."""
    losses = [result["metrics"]["validation loss"] for _, result in results]
    return min(range(len(losses)), key=lambda at: (losses[at], results[at][0].options.rank))


def tell(workdir: Path, results: Sequence[tuple[Trial, Mapping[str, Any]]], best: int) -> None:
    """`sweep.csv`, best first, and which trial it is."""
    order = sorted(
        range(len(results)),
        key=lambda at: (at != best, results[at][1]["metrics"]["validation loss"]),
    )
    rows = [
        {
            "rank": trial.options.rank,
            "learning_rate": trial.options.learning_rate,
            **result["metrics"],
            "folder": trial.name,
        }
        for trial, result in (results[at] for at in order)
    ]
    with (workdir / "sweep.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    write_json(workdir / BEST, {"folder": results[best][0].name})
