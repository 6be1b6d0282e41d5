"""Counts what was drawn: plain numbers, of which the page is made."""

import asyncio
import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lift_sys_best_of_n.plugin import BestOfNOptions
from lift_sys_best_of_n.strategy import BestOfN
from lift_sys_self_consistency.plugin import SelfConsistencyOptions
from lift_sys_self_consistency.strategy import SelfConsistency

from lift_sys.evaluation import Estimate, Evaluation, mean_share
from lift_sys.evaluation.paired import Pairing
from lift_sys.evaluation.playing import Kept, Played, PoolEnded, play
from lift_sys.evaluation.pools import Favourite, Pool, Sizes, by, first, of_size
from lift_sys.interfaces import Strategy
from lift_sys.plugins import PluginManager
from lift_sys.testing.conformance.base import TestParts

from .drawing import read_pool
from .grading import Grades
from .runs import RUNS, TEMPERATURE, read_run
from .simulated import simulated

SCORERS = ("execution", "agreement", "rubric", "original rubric")
ONE = "one, by lot"
"""The first of each set: what drawing alone does."""


def figures(folder: Path) -> dict[str, Any]:
    """Of the tasks that have all their pools, and graded."""
    told = json.loads((folder / "drawn.json").read_bytes())
    right = Grades(folder, told["tasks"])
    pools: dict[float, list[Pool]] = {t: [] for t in told["temperatures"]}
    for task in told["tasks"]:
        found = [read_pool(folder, t, task) for t in pools]
        whole = [pool for pool in found if pool is not None and right.know(pool)]
        if len(whole) == len(pools):
            for some, pool in zip(pools.values(), whole, strict=True):
                some.append(pool)
    if not any(pools.values()):
        raise SystemExit(f"no task in {folder} has all its pools yet")
    return _figures(folder, told, pools, right)


def _figures(
    folder: Path,
    told: Mapping[str, Any],
    pools: Mapping[float, Sequence[Pool]],
    right: Grades,
) -> dict[str, Any]:
    temperatures = [*pools]
    hot = TEMPERATURE if TEMPERATURE in pools else temperatures[-1]
    tasks = [pool.task for pool in pools[hot]]
    usd = told["prices"]["base"] / 1e6
    sizes = [1 << p for p in range(told["draws"].bit_length()) if 1 << p <= told["draws"]]
    single = of_size(1, pools[hot], first, right)

    def shown(found: Sizes) -> dict[str, Any]:
        return {
            "n": found.n,
            "right": _ends(found.right),
            "oracle": _ends(found.oracle),
            "regret": found.regret,
            "distinct": found.distinct.value,
            "does_otherwise": found.does_otherwise.value,
            "usd": found.tokens * usd,
        }

    rules: dict[str, Favourite] = {name: by(name) for name in SCORERS}
    curves = {
        f"{t:g}": {
            name: [shown(of_size(n, pools[t], rule, right)) for n in sizes]
            for name, rule in rules.items()
        }
        for t in temperatures
    }
    cold = temperatures[0]
    three = of_size(min(3, told["draws"]), pools[cold], by("original rubric"), right)
    one = of_size(1, pools[cold], first, right)
    best = of_size(sizes[-1], pools[hot], by("execution"), right)
    rows = [_row("single", single, usd, single)]
    rows += _played(pools, right, usd, single, hot, cold)
    runs = {name: read_run(folder, name, tasks) for name in RUNS}
    rows += [
        _run_row(RUNS[name], run, tasks, single) for name, run in runs.items() if run is not None
    ]
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "versions": {
            "lift-sys": version("lift-sys"),
            "lift-sys-embedded": version("lift-sys-embedded"),
            "Python": platform.python_version(),
        },
        "models": told["models"],
        "prices": told["prices"],
        "tasks": len(tasks),
        "draws": told["draws"],
        "hot": hot,
        "cold": cold,
        "curves": curves,
        "earlier": {
            "one": shown(one),
            "three": shown(three),
            "gain": _gain(three.by_task, one.by_task),
        },
        "best": {**shown(best), "gain": _gain(best.by_task, single.by_task)},
        "visible": _visible(pools[hot], right),
        "strategies": rows,
        "missing": [RUNS[name] for name, run in runs.items() if run is None],
        "simulated": simulated(single.right.value),
    }


def _visible(pools: Sequence[Pool], right: Any) -> dict[str, int]:
    """What the visible checks pass, and what of that is wrong: no choosing mends that."""
    passed = [(p.task, d) for p in pools for d in p.draws if d.status == "pass"]
    return {
        "passed": len(passed),
        "wrong": sum(not right(*each) for each in passed),
        "draws": sum(len(p.draws) for p in pools),
    }


def _played(
    pools: Mapping[float, Sequence[Pool]],
    right: Any,
    usd: float,
    single: Sizes,
    hot: float,
    cold: float,
) -> list[dict[str, Any]]:
    parts = TestParts(PluginManager.of())
    most = len(pools[hot][0].draws)
    votes = SelfConsistency(SelfConsistencyOptions(n=most), parts)
    first_pass = BestOfN(BestOfNOptions(n=most, stop_at="pass", distinct=0), parts)
    as_it_comes = BestOfN(BestOfNOptions(n=16), parts)
    asked: list[tuple[str, Strategy, float]] = [
        (f"self-consistency, {most} votes at most", votes, hot),
        (f"best of {most} at most, ends at the first that passes", first_pass, hot),
        (f"best-of-n as it comes (16), begun at {cold:g}", as_it_comes, cold),
    ]
    rows: list[dict[str, Any]] = []
    for name, strategy, at in asked:
        try:
            games = asyncio.run(_games(strategy, pools, at))
        except PoolEnded:
            continue  # it varies to a temperature that was not drawn at
        marks = {
            task: float(game.taken is not None and right(task, game.taken))
            for task, game in games.items()
        }
        cost = sum(game.tokens for game in games.values()) / len(games) * usd
        drawn = sum(sum(game.drawn.values()) for game in games.values()) / len(games)
        rows.append(_told(name, marks, cost, drawn, single))
    return rows


async def _games(
    strategy: Strategy, pools: Mapping[float, Sequence[Pool]], temperature: float
) -> dict[str, Played]:
    scorer = Kept("execution")
    return {
        pool.task: await play(
            strategy, scorer, {t: some[place] for t, some in pools.items()}, temperature
        )
        for place, pool in enumerate(pools[temperature])
    }


def _row(name: str, found: Sizes, usd: float, single: Sizes) -> dict[str, Any]:
    return _told(name, found.by_task, found.tokens * usd, found.n, single)


def _run_row(name: str, run: Evaluation, tasks: Sequence[str], single: Sizes) -> dict[str, Any]:
    rows = {row.task: row for row in run.rows}
    marks = {task: float(rows[task].right) for task in tasks}
    cost = sum(rows[task].usd for task in tasks) / len(tasks)
    # What a report counts as draws are those of the first attempt alone.
    return _told(name, marks, cost, None, single)


def _told(
    name: str,
    marks: Mapping[str, float],
    usd: float,
    drawn: float | None,
    single: Sizes,
) -> dict[str, Any]:
    found = mean_share([*marks.values()])
    assert found is not None
    return {
        "name": name,
        "right": _ends(found),
        "usd": usd,
        "drawn": drawn,
        "gain": None if name == "single" else _gain(marks, single.by_task),
    }


def _gain(after: Mapping[str, float], before: Mapping[str, float]) -> list[float]:
    return _ends(Pairing().mean_difference([after[task] - before[task] for task in before]))


def _ends(found: Estimate) -> list[float]:
    low = found.value if found.low is None else found.low
    high = found.value if found.high is None else found.high
    return [found.value, low, high]
